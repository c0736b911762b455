-- Files on tickets and comments. A blob is what is in a file, kept once in the storage under its key, however often it is
-- attached; an attachment is what somebody attached, under its name. A blob is there as long as an attachment needs it.
-- used_at is written by whoever begins or ends to use a blob, and so decides which of two comes first.

CREATE TABLE blobs (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    hash VARCHAR(64) NOT NULL,
    storage_key VARCHAR(200) NOT NULL,
    size BIGINT NOT NULL,
    thumbnail VARCHAR(100),
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX blobs_hash ON blobs (hash);
CREATE UNIQUE INDEX blobs_storage_key ON blobs (storage_key);

CREATE TABLE attachments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_id BIGINT NOT NULL,
    comment_id BIGINT,
    uploader_id BIGINT NOT NULL,
    blob_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    FOREIGN KEY (comment_id) REFERENCES comments (id),
    FOREIGN KEY (uploader_id) REFERENCES users (id),
    FOREIGN KEY (blob_id) REFERENCES blobs (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX attachments_ticket ON attachments (ticket_id, id);
CREATE INDEX attachments_blob ON attachments (blob_id, id);
