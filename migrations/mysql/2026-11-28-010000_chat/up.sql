-- What two people write to each other in private. low_id and high_id are the two in the order of their numbers, so that what
-- both wrote is one range. client_id is what the writer's program calls a message: sent again, it is stored once. body_folded
-- is what is searched. A deleted message keeps its row, without text and files.
--
-- conversations holds what is kept of a pair for each of the two: the last message, and how many of the other's are unread.
-- Whoever changes what a pair wrote holds the row of the lower number first. message_files are files as attachments are;
-- blobs are there as long as one of the two needs them. chat_digests says when a person was last told by mail, and of which
-- messages.

CREATE TABLE messages (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    low_id BIGINT NOT NULL,
    high_id BIGINT NOT NULL,
    from_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    client_id VARCHAR(64),
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    read_at BIGINT,
    edited_at BIGINT,
    deleted_at BIGINT,
    body TEXT NOT NULL,
    body_folded MEDIUMTEXT NOT NULL,
    FOREIGN KEY (low_id) REFERENCES users (id),
    FOREIGN KEY (high_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX messages_pair ON messages (low_id, high_id, id);
CREATE UNIQUE INDEX messages_client ON messages (from_id, to_id, client_id);
CREATE INDEX messages_undelivered ON messages (to_id, delivered_at, from_id, id);
CREATE INDEX messages_unread ON messages (to_id, from_id, read_at, id);

CREATE TABLE conversations (
    user_id BIGINT NOT NULL,
    peer_id BIGINT NOT NULL,
    last_message_id BIGINT NOT NULL,
    unread INT NOT NULL,
    PRIMARY KEY (user_id, peer_id),
    FOREIGN KEY (user_id) REFERENCES users (id),
    FOREIGN KEY (peer_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX conversations_last ON conversations (user_id, last_message_id);
CREATE INDEX conversations_unread ON conversations (unread, user_id);

CREATE TABLE message_files (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    message_id BIGINT NOT NULL,
    blob_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    FOREIGN KEY (message_id) REFERENCES messages (id),
    FOREIGN KEY (blob_id) REFERENCES blobs (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX message_files_message ON message_files (message_id, id);
CREATE INDEX message_files_blob ON message_files (blob_id, id);

CREATE TABLE chat_digests (
    user_id BIGINT NOT NULL PRIMARY KEY,
    told_at BIGINT NOT NULL,
    last_message_id BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
