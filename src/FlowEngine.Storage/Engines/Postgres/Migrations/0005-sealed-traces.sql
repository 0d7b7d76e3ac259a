-- Whom a run is about is sealed: person holds a keyed hash to find it by, sealed_person what is shown. Rows of before have the person itself in person and
-- no sealed_person, until the cleaning has sealed them.
alter table runs add column sealed_person bytea null;
create index runs_to_seal on runs (number) where sealed_person is null and person is not null;

-- A trace is sealed: steps is '[]', which a node of the release before can read, and sealed_steps has it. Rows of before have it in steps, until the cleaning has sealed them.
alter table run_traces add column sealed_steps bytea null;
create index run_traces_to_seal on run_traces (run_number, part) where sealed_steps is null;
-- Encrypted bytes do not compress: do not try, and keep up to a page of them with their row, as for runs.
alter table run_traces alter column sealed_steps set storage external;
alter table run_traces set (toast_tuple_target = 8160);
