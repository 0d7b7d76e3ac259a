-- The people whom the sample login looks up.
create table users (id text primary key, email text not null unique, tier text not null);
insert into users (id, email, tier) values
    ('ada', 'ada@example.com', 'gold'),
    ('ghost', 'ghost@example.com', 'none'),
    ('busy', 'busy@example.com', 'gold'),
    ('broken', 'broken@example.com', 'gold');
