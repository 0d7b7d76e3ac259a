-- Tries that activities with a limit count, by keyed hash of flow, activity and account, whether that account exists or not. Times are the caller's, wait is in milliseconds.
create table attempts (
    key text not null primary key,
    tries integer not null,
    since bigint not null,
    locked_until bigint not null,
    wait bigint not null,
    expires_at bigint not null
) without rowid;
create index attempts_to_expire on attempts (expires_at);
