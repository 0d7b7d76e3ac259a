-- The console's sessions, by the hash of their id, until they end or are ended: a cookie without its row here is worth nothing.
create table console_sessions (
    hash text not null primary key,
    name text not null,
    expires_at bigint not null
);
create index console_sessions_to_expire on console_sessions (expires_at);
