-- Runs that wait at their first screen, or expired there: each was saved once, and nobody came back. They go after minutes.
create index runs_unstarted on runs (created_at, number) where saves = 1 and (status = 1 or error_code = 'run.expired');

-- How many bytes the traces of a stretch of a thousand runs have, so that a budget for all of them costs no look at each. They are measured when the stretch is full, and
-- once more at due_at, when its runs have ended; then due_at is null.
create table trace_sizes (
    stretch bigint not null primary key,
    bytes bigint not null,
    due_at bigint null
);
create index trace_sizes_due on trace_sizes (due_at) where due_at is not null;
