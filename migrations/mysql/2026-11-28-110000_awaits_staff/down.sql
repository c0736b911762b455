DROP INDEX tickets_assignee_awaits ON tickets;
ALTER TABLE tickets DROP COLUMN awaits_staff;
