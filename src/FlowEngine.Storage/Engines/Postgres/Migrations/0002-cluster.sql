-- Runs whose server stopped in the middle of an advance: only flows that are stored after every activity have any, and few at a time.
create index runs_running on runs (updated_at, number) where status = 0;

-- Access tokens of connectors, which the nodes of a cluster share. leased_until: one node asks the token endpoint, the others wait. Times are the database's.
create table access_tokens (
    key text not null primary key,
    sealed_grant bytea null,
    expires_at bigint not null,
    failures integer not null,
    leased_by text not null,
    leased_until bigint not null
);
create index access_tokens_to_expire on access_tokens (expires_at);

-- The nodes of the cluster, as Orleans sees them. etag is the version of the table at which the row was last changed; alive_at changes without it.
create table cluster_nodes (
    address text not null primary key,
    etag integer not null,
    status integer not null,
    name text not null,
    host text not null,
    proxy_port integer not null,
    suspicions text not null,
    started_at bigint not null,
    alive_at bigint not null
);

-- One row: each change of a node names the version that it saw and makes the next one.
create table cluster_version (version integer not null);
insert into cluster_version (version) values (0);
