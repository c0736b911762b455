-- What people are told of, and how each wants to be told.
--
-- kind: 0 assigned, 1 answered, 2 mentioned, 3 state changed, 4 chat. status is the state a ticket changed to. internal is
-- what only staff may know. Who made no choice is told by the bell and by mail.
CREATE TABLE notifications (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    ticket_id BIGINT,
    comment_id BIGINT,
    actor_id BIGINT,
    status SMALLINT,
    internal BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, read_at, id);
CREATE INDEX notifications_created ON notifications (created_at);

CREATE TABLE notification_choices (
    user_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    in_app BOOLEAN NOT NULL,
    mail BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
