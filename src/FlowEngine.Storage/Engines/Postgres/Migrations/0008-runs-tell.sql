-- What people may quote of a run: 40 bits of the hash of its id. Runs that ended before have none: nobody was ever told theirs.
alter table runs add column short_ref bigint null;
create index runs_by_reference on runs (short_ref) where short_ref is not null;
-- Those that still go on may yet tell theirs.
update runs set short_ref = ('x' || encode(substring(sha256(convert_to(id, 'UTF8')) from 1 for 5), 'hex'))::bit(40)::bigint where status < 2;

-- What a run is found by besides the user id: keyed hashes of what its flow's reference gives, of the person's email and of the loginId; each only where no other says the same.
alter table runs add column reference_key bytea null;
alter table runs add column sealed_reference bytea null;
alter table runs add column email_key bytea null;
alter table runs add column login_key bytea null;
create index runs_by_reference_key on runs (reference_key, created_at, number) where reference_key is not null;
create index runs_by_email_key on runs (email_key, created_at, number) where email_key is not null;
create index runs_by_login_key on runs (login_key, created_at, number) where login_key is not null;

-- The screen that a run waits for, as JSON: null when it does not wait. How long it was worked on, in milliseconds.
alter table runs add column screen text null;
alter table runs add column worked bigint null;

-- An id is found by its beginning too, whatever the database's collation: the index is in the order of the characters. It still serves for equality.
drop index runs_by_id;
create unique index runs_by_id on runs (id text_pattern_ops);

-- The errors of a run's steps, handled or not, as JSON; null for none, as nearly all runs have. What such a run is found by stands in run_marks: 'code:…', 'activity:…',
-- 'connector:…'. Triggers write it, so that each way to store a run does, in the same commit, and runs without errors cost nothing.
alter table runs add column errors text null;
create index runs_with_errors on runs (created_at, number) where errors is not null;

create table run_marks (
    mark text not null,
    created_at bigint not null,
    run_number bigint not null,
    primary key (mark, created_at, run_number)
);
create index run_marks_by_run on run_marks (run_number, mark);

create function mark_run() returns trigger language plpgsql as $mark$
begin
    insert into run_marks (mark, created_at, run_number)
    select 'code:' || (kind ->> 'code'), new.created_at, new.number from jsonb_array_elements(new.errors::jsonb -> 'kinds') as kind
    union select 'activity:' || (kind ->> 'activity'), new.created_at, new.number from jsonb_array_elements(new.errors::jsonb -> 'kinds') as kind
    union select 'connector:' || (kind ->> 'connector'), new.created_at, new.number from jsonb_array_elements(new.errors::jsonb -> 'kinds') as kind where kind ->> 'connector' is not null
    on conflict do nothing;
    return null;
end
$mark$;

create trigger runs_mark_new after insert on runs for each row when (new.errors is not null) execute function mark_run();
create trigger runs_mark_more after update of errors on runs for each row when (new.errors is not null and new.errors is distinct from old.errors) execute function mark_run();

-- 4 is refused: few among many that were not.
create index runs_refused on runs (created_at, number) where status = 4;

-- Cancelled runs were failed ones with a code of their own. Those that failed had an error, of whose activity nothing is known.
update runs set status = 5 where status = 3 and error_code = 'run.cancelled';
update runs set errors = json_build_object('count', 1, 'kinds', json_build_array(json_build_object('code', error_code, 'activity', '', 'connector', null, 'handled', 'failed', 'count', 1)))::text
where status = 3 and error_code is not null and error_code <> 'run.expired';
