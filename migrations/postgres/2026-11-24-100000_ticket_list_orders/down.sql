DROP INDEX tickets_category_priority;
DROP INDEX tickets_category_created;
DROP INDEX tickets_assignee_priority;
DROP INDEX tickets_assignee_created;
