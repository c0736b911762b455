-- What two people write to each other in private. low_id and high_id are the two in the order of their numbers, so that what
-- both wrote is one range. client_id is what the writer's program calls a message: sent again, it is stored once. body_folded
-- is what is searched. A deleted message keeps its row, without text and files.
--
-- conversations holds what is kept of a pair for each of the two: the last message, and how many of the other's are unread.
-- Whoever changes what a pair wrote holds the row of the lower number first. message_files are files as attachments are;
-- blobs are there as long as one of the two needs them. chat_digests says when a person was last told by mail, and of which
-- messages.

CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    low_id BIGINT NOT NULL REFERENCES users (id),
    high_id BIGINT NOT NULL REFERENCES users (id),
    from_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    client_id TEXT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    read_at BIGINT,
    edited_at BIGINT,
    deleted_at BIGINT,
    body TEXT NOT NULL,
    body_folded TEXT NOT NULL
);
CREATE INDEX messages_pair ON messages (low_id, high_id, id);
CREATE UNIQUE INDEX messages_client ON messages (from_id, to_id, client_id);
CREATE INDEX messages_undelivered ON messages (to_id, from_id, id) WHERE delivered_at IS NULL;
CREATE INDEX messages_unread ON messages (to_id, from_id, id) WHERE read_at IS NULL;

CREATE TABLE conversations (
    user_id BIGINT NOT NULL REFERENCES users (id),
    peer_id BIGINT NOT NULL REFERENCES users (id),
    last_message_id BIGINT NOT NULL,
    unread INTEGER NOT NULL,
    PRIMARY KEY (user_id, peer_id)
);
CREATE INDEX conversations_last ON conversations (user_id, last_message_id);
CREATE INDEX conversations_unread ON conversations (unread, user_id);

CREATE TABLE message_files (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    created_at BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX message_files_message ON message_files (message_id, id);
CREATE INDEX message_files_blob ON message_files (blob_id, id);

CREATE TABLE chat_digests (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    told_at BIGINT NOT NULL,
    last_message_id BIGINT NOT NULL
);
