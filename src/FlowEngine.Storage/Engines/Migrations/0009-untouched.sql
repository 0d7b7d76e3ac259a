-- How many saves a run had when nobody had submitted anything yet: more than one where each activity is stored. As long as there are no
-- more than these, nobody went on with it.
alter table runs add column start_saves integer not null default 1;
drop index runs_unstarted;
-- Runs that wait at their first screen, or expired there. They go after minutes.
create index runs_unstarted on runs (created_at, number) where saves = start_saves and (status = 1 or error_code = 'run.expired');
