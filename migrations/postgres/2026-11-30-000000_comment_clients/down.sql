DROP INDEX comments_client;
ALTER TABLE comments DROP COLUMN client_id;
