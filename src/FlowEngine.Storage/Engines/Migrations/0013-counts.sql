-- What is counted, so that the console has its numbers without reading runs: what a series counts, and how often that happened in a minute (span 1) and in an hour (span 60)
-- that began at a time. The id of a series follows from what it counts, so nobody has to be asked for it.
create table series (
    id bigint not null primary key,
    kind integer not null,
    subject text not null,
    version integer not null,
    item text not null,
    detail text not null,
    used_at bigint not null
) without rowid;
create index series_by_subject on series (kind, subject);
create index series_to_expire on series (used_at);

create table counts (
    series bigint not null,
    span integer not null,
    at bigint not null,
    amount bigint not null,
    primary key (series, span, at)
) without rowid;
create index counts_to_expire on counts (at);

-- Who counts, and which of their reports was added last, so that one that is sent again counts once: each process by a name of its own ('node:…', about says how it is),
-- and all of them together those that count runs ('runs', up to the time at).
create table counters (
    name text not null primary key,
    number bigint not null,
    at bigint not null,
    about text null
) without rowid;

-- Runs are counted by when they ended.
create index runs_by_end on runs (updated_at) where status >= 2;
