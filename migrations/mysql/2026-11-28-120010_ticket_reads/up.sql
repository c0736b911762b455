-- Up to which comment each person has read each ticket that they have opened: the last one that was there for them, or 0 when
-- there was none.
CREATE TABLE ticket_reads (
    user_id BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    comment_id BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, ticket_id),
    FOREIGN KEY (user_id) REFERENCES users (id),
    FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX ticket_reads_ticket ON ticket_reads (ticket_id);
