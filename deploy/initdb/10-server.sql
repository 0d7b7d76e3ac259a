-- Runs once, as the superuser, when the volume is new; 20-people.sql after it.
-- The server's own database. Its role owns that database and nothing else: no superuser, so whoever gets hold of it can neither read
-- files nor run programs.
\set password `cat /run/secrets/server_password`
create role flowengine login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
create database flowengine owner flowengine;

-- Unasked, every role may connect to every database and make temporary tables there. A database that is made later needs the same line.
revoke all on database flowengine, postgres, template1 from public;
