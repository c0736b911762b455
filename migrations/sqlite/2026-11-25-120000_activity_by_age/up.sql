-- A list in the order of activity, of tickets opened before some day, looks past all newer ones: with the day in the
-- index it does so without reading them.
DROP INDEX tickets_updated;
CREATE INDEX tickets_updated ON tickets (updated_at, id, created_at);
DROP INDEX tickets_status;
CREATE INDEX tickets_status ON tickets (status, updated_at, id, created_at);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tickets', 'tickets_updated', '1000000 1 1 1'),
    ('tickets', 'tickets_status', '1000000 250000 1 1 1');
