-- What the planner is told about the tables, for good: rows, and how many share the first columns of an index (SQLite,
-- "Manual Control Of Query Plans Using SQLITE_STAT Tables"). A desk with a million tickets stands here whatever the size
-- of this one, so that every desk is asked in the same way and none becomes slow while it grows. Without them SQLite
-- takes a state, of which there are four, for as good as a key: whoever follows three tickets had all open ones read.
--
-- An index of one of these tables that is not listed looks better than it is: a new one brings its line.
ANALYZE categories;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tickets', 'tickets_updated', '1000000 1 1'),
    ('tickets', 'tickets_created', '1000000 1 1'),
    ('tickets', 'tickets_status', '1000000 250000 1 1'),
    ('tickets', 'tickets_status_created', '1000000 250000 1 1'),
    ('tickets', 'tickets_status_priority', '1000000 250000 60000 1 1'),
    ('tickets', 'tickets_assignee', '1000000 20000 5000 1 1'),
    ('tickets', 'tickets_assignee_created', '1000000 20000 5000 1 1'),
    ('tickets', 'tickets_assignee_priority', '1000000 20000 5000 1250 1 1'),
    ('tickets', 'tickets_category', '1000000 100000 25000 1 1'),
    ('tickets', 'tickets_category_created', '1000000 100000 25000 1 1'),
    ('tickets', 'tickets_category_priority', '1000000 100000 25000 6250 1 1'),
    ('tickets', 'tickets_requester', '1000000 200 1 1'),
    ('ticket_watchers', 'ticket_watchers_user', '1000000 20 1'),
    ('ticket_watchers', 'sqlite_autoindex_ticket_watchers_1', '1000000 2 1');
