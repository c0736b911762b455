-- client_id is what the program of whoever wrote a comment calls it: sent again, it is written once. Where the table is built
-- anew for it, so is its full text, in which no word is to be left out.
SET SESSION innodb_ft_enable_stopword = OFF;
ALTER TABLE comments ADD COLUMN client_id VARCHAR(64);
CREATE UNIQUE INDEX comments_client ON comments (author_id, ticket_id, client_id);
