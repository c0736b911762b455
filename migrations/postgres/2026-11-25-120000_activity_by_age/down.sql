DROP INDEX tickets_updated;
CREATE INDEX tickets_updated ON tickets (updated_at, id);
DROP INDEX tickets_status;
CREATE INDEX tickets_status ON tickets (status, updated_at, id);
