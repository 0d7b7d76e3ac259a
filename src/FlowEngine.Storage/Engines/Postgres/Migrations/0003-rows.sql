-- A run's row of up to a page stays whole. PostgreSQL would move a state that makes it longer than 2 kB aside: a second table and index to write for every login.
alter table runs set (toast_tuple_target = 8160);
