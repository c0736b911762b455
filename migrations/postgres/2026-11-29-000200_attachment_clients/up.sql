-- client_id is what the program of whoever attached a file calls its upload: sent again, it is attached once. client_nth is the
-- place of the file in that upload.
ALTER TABLE attachments ADD COLUMN client_id VARCHAR(64) COLLATE "C";
ALTER TABLE attachments ADD COLUMN client_nth SMALLINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX attachments_client ON attachments (uploader_id, ticket_id, client_id, client_nth);
