-- Which APIs asked for time, so that the nodes of a cluster leave them alone together.
create table cooldowns (
    key text not null primary key,
    expires_at bigint not null
);
create index cooldowns_to_expire on cooldowns (expires_at);
