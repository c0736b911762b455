-- Files on tickets and comments. A blob is what is in a file, kept once in the storage under its key, however often it is
-- attached; an attachment is what somebody attached, under its name. A blob is there as long as an attachment needs it.
-- used_at is written by whoever begins or ends to use a blob, and so decides which of two comes first.

CREATE TABLE blobs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL,
    storage_key TEXT NOT NULL,
    size BIGINT NOT NULL,
    thumbnail TEXT,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX blobs_hash ON blobs (hash);
CREATE UNIQUE INDEX blobs_storage_key ON blobs (storage_key);

CREATE TABLE attachments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    comment_id BIGINT REFERENCES comments (id),
    uploader_id BIGINT NOT NULL REFERENCES users (id),
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    created_at BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX attachments_ticket ON attachments (ticket_id, id);
CREATE INDEX attachments_blob ON attachments (blob_id, id);
