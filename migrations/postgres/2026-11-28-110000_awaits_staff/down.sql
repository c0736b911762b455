DROP INDEX tickets_assignee_awaits;
ALTER TABLE tickets DROP COLUMN awaits_staff;
