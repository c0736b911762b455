DROP INDEX tickets_updated ON tickets;
CREATE INDEX tickets_updated ON tickets (updated_at, id);
DROP INDEX tickets_status ON tickets;
CREATE INDEX tickets_status ON tickets (status, updated_at, id);
