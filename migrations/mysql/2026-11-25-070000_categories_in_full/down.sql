ALTER TABLE categories DROP FOREIGN KEY categories_default_assignee;
ALTER TABLE categories DROP COLUMN default_assignee_id, DROP COLUMN colour;
