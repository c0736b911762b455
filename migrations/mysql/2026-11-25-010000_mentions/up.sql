-- Whom a comment mentions: resolved when it was written, to people who could read it then. `word` is how it names them,
-- folded, so that the name is found in the text even after the person's user name has changed.
CREATE TABLE comment_mentions (
    comment_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    word VARCHAR(100) NOT NULL,
    PRIMARY KEY (comment_id, user_id),
    FOREIGN KEY (comment_id) REFERENCES comments (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX comment_mentions_user ON comment_mentions (user_id, comment_id);
