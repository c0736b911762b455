-- Whom a comment mentions: resolved when it was written, to people who could read it then. `word` is how it names them,
-- folded, so that the name is found in the text even after the person's user name has changed.
CREATE TABLE comment_mentions (
    comment_id BIGINT NOT NULL REFERENCES comments (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    word VARCHAR(100) NOT NULL,
    PRIMARY KEY (comment_id, user_id)
);
CREATE INDEX comment_mentions_user ON comment_mentions (user_id, comment_id);
