-- The people whom the sample login looks up: a database of their own, apart from the server's, and a role that may read this one table
-- and nothing else.
\set password `cat /run/secrets/people_password`
create role people login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
alter role people set default_transaction_read_only = on;

-- The superuser owns it and what is in it, so the role owns nothing whose rights it could change.
create database people;
revoke all on database people from public;
grant connect on database people to people;

\connect people
revoke all on schema public from public;
-- What everybody may do unasked: keep large objects, and run blocks of code.
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
revoke usage on language plpgsql from public;

create table users (id text primary key, email text not null unique, tier text not null);
insert into users (id, email, tier) values
    ('ada', 'ada@example.com', 'gold'),
    ('ghost', 'ghost@example.com', 'none'),
    ('busy', 'busy@example.com', 'gold'),
    ('broken', 'broken@example.com', 'gold');
grant usage on schema public to people;
grant select on users to people;
