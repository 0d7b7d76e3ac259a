-- Calls that activities left to be delivered: each came with the save of its run. A claim moves due_at on, so that a node that is lost
-- gives its calls back by itself. A call that
-- was given up has dead_at, and is removed at expires_at; one that was delivered is gone.
create table queued_calls (
    id text not null primary key,
    connector text not null,
    flow_id text not null,
    run_id text not null,
    activity text not null,
    sealed_content blob not null,
    size integer not null,
    timeout_ms integer not null,
    attempts integer not null,
    error_code text null,
    error_message text null,
    created_at bigint not null,
    due_at bigint not null,
    dead_at bigint null,
    expires_at bigint null
);
create index queued_calls_due on queued_calls (connector, due_at) where dead_at is null;
create index queued_calls_by_time on queued_calls (created_at, id);
create index queued_calls_to_expire on queued_calls (expires_at) where expires_at is not null;
