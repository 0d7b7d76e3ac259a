-- Runs whose server stopped in the middle of an advance: only flows that are stored after every activity have any, and few at a time.
create index runs_running on runs (updated_at, number) where status = 0;

-- Access tokens of connectors, which the nodes of a cluster share. leased_until: one node asks the token endpoint, the others wait. Times are the database's.
create table access_tokens (
    key text not null primary key,
    sealed_grant blob null,
    expires_at bigint not null,
    failures integer not null,
    leased_by text not null,
    leased_until bigint not null
);
create index access_tokens_to_expire on access_tokens (expires_at);
