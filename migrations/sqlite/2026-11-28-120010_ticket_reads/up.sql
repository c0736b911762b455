-- Up to which comment each person has read each ticket that they have opened: the last one that was there for them, or 0 when
-- there was none.
CREATE TABLE ticket_reads (
    user_id BIGINT NOT NULL REFERENCES users (id),
    ticket_id BIGINT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    comment_id BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, ticket_id)
);
CREATE INDEX ticket_reads_ticket ON ticket_reads (ticket_id);
