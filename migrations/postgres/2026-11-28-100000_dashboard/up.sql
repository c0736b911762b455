-- The dashboard counts what is not closed, and how long answers and closings took since some day, without reading a ticket.
CREATE INDEX tickets_unfinished ON tickets (status, assignee_id, priority, category_id, created_at) WHERE status < 3;
CREATE INDEX tickets_first_response ON tickets (first_response_at, created_at) WHERE first_response_at IS NOT NULL;
CREATE INDEX tickets_closed ON tickets (closed_at, created_at) WHERE closed_at IS NOT NULL;
