DELETE FROM sqlite_stat1 WHERE idx = 'tickets_assignee_awaits';
DROP INDEX tickets_assignee_awaits;
ALTER TABLE tickets DROP COLUMN awaits_staff;
