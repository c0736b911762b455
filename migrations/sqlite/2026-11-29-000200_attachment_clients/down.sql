DROP INDEX attachments_client;
ALTER TABLE attachments DROP COLUMN client_nth;
ALTER TABLE attachments DROP COLUMN client_id;
