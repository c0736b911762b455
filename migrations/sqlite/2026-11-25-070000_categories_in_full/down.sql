ALTER TABLE categories DROP COLUMN default_assignee_id;
ALTER TABLE categories DROP COLUMN colour;
