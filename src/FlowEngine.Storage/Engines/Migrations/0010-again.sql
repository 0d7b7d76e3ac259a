-- Starts that came with an Idempotency-Key: which run each of them is, and of which request. Both are keyed hashes. A day later the key
-- is free again.
create table start_keys (
    hash text not null primary key,
    fingerprint text not null,
    run_id text not null,
    expires_at bigint not null
) without rowid;
create index start_keys_to_expire on start_keys (expires_at);

-- A refresh token that comes again long after its use, because the answer was lost, is answered as then. late_row counts for how many
-- tokens in a row that happened,
-- and late_now says whether it happened for the current one already.
alter table refresh_families add column late_row integer not null default 0;
alter table refresh_families add column late_now integer not null default 0;
