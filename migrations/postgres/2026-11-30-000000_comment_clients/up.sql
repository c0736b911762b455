-- client_id is what the program of whoever wrote a comment calls it: sent again, it is written once.
ALTER TABLE comments ADD COLUMN client_id VARCHAR(64) COLLATE "C";
CREATE UNIQUE INDEX comments_client ON comments (author_id, ticket_id, client_id);
