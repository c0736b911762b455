DROP INDEX tickets_category_priority ON tickets;
DROP INDEX tickets_category_created ON tickets;
DROP INDEX tickets_assignee_priority ON tickets;
DROP INDEX tickets_assignee_created ON tickets;
