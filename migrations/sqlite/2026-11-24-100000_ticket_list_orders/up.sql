-- Whose tickets, or which category's, by the two other orders a list has.
CREATE INDEX tickets_assignee_created ON tickets (assignee_id, status, created_at, id);
CREATE INDEX tickets_assignee_priority ON tickets (assignee_id, status, priority, updated_at, id);
CREATE INDEX tickets_category_created ON tickets (category_id, status, created_at, id);
CREATE INDEX tickets_category_priority ON tickets (category_id, status, priority, updated_at, id);
