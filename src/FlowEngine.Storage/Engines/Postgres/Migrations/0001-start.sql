-- Times are milliseconds since 1970. Ids and hashes of secrets are text. Columns named sealed_* hold data encrypted with the key ring.
-- What both dialects share is written alike, so that the two files can be compared line by line.

-- Flows. A flow that was deleted keeps its row and versions: runs in progress stay on theirs, and its numbers are never given twice.
create table flows (
    id text not null primary key,
    latest_version integer not null,
    published_version integer null,
    updated_at bigint not null,
    deleted_at bigint null
);

create table flow_versions (
    flow_id text not null,
    version integer not null,
    definition text not null,
    note text not null,
    author text not null,
    published_at bigint not null,
    primary key (flow_id, version)
);

create table flow_drafts (
    flow_id text not null primary key,
    definition text not null,
    revision bigint not null,
    author text not null,
    updated_at bigint not null
);

-- The secrets inside the definition are encrypted.
create table connectors (
    id text not null primary key,
    type text not null,
    definition text not null,
    revision bigint not null,
    author text not null,
    updated_at bigint not null
);

-- One row per run, for as long as its trace is kept. sealed_state goes when the run expires, or as soon as its owner clears it.
-- number grows with time: what hangs on a run is found by it, so that related rows lie together.
-- stamp changes with every save: compare-and-swap, and the proof that a save whose answer was lost did happen.
create table runs (
    number bigint generated always as identity primary key,
    id text not null,
    flow_id text not null,
    flow_version integer not null,
    status integer not null,
    step_token text not null,
    sealed_state bytea null,
    stamp bigint not null,
    saves integer not null,
    browser_key_hash text null,
    person text null,
    error_code text null,
    created_at bigint not null,
    updated_at bigint not null,
    expires_at bigint not null
);
create unique index runs_by_id on runs (id);
create index runs_by_time on runs (created_at, number);
create index runs_by_flow on runs (flow_id, created_at, number);
create index runs_by_person on runs (person, created_at, number) where person is not null;
create index runs_by_error on runs (error_code, created_at, number) where error_code is not null;
-- 0 running, 1 waiting: few among many that ended.
create index runs_active on runs (created_at, number) where status < 2;
create index runs_to_expire on runs (expires_at) where sealed_state is not null;
-- Encrypted bytes do not compress: do not try.
alter table runs alter column sealed_state set storage external;

-- The redacted trace, one row per save of its run.
create table run_traces (
    run_number bigint not null,
    part integer not null,
    steps text not null,
    primary key (run_number, part)
);

create table signing_keys (
    id text not null primary key,
    sealed_key bytea not null,
    created_at bigint not null,
    active_from bigint not null,
    retired_at bigint null,
    expires_at bigint null
);

-- One row per login: the hash of the refresh token that counts now, and of the one before it.
create table refresh_families (
    id text not null primary key,
    subject text not null,
    sealed_content bytea not null,
    current_hash text not null,
    previous_hash text null,
    created_at bigint not null,
    rotated_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint null,
    revoked_because text null
);
create index refresh_families_by_subject on refresh_families (subject) where revoked_at is null;
create index refresh_families_to_expire on refresh_families (expires_at);

create table one_time_codes (
    hash text not null primary key,
    sealed_content bytea not null,
    expires_at bigint not null
);
create index one_time_codes_to_expire on one_time_codes (expires_at);

-- The people of the console.
create table users (
    name text not null primary key,
    password_hash text not null,
    role text not null,
    security_stamp text not null,
    created_at bigint not null,
    updated_at bigint not null
);

create table audit_log (
    number bigint generated always as identity primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text null
);
create index audit_log_by_subject on audit_log (subject, number);

-- The key ring of ASP.NET Data Protection, encrypted with the root key, which is never in the database.
create table key_ring (
    name text not null primary key,
    xml text not null,
    created_at bigint not null
);

create table settings (
    name text not null primary key,
    value text not null,
    updated_at bigint not null
);

-- Grows with every change of flows or connectors, so that nodes see by one cheap read whether to load anew.
insert into settings (name, value, updated_at) values ('catalogue.revision', '1', 0);
