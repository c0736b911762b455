-- Mails, written in the transaction of what they tell of and sent in the background.
--
-- mails.state: 0 queued, 1 sent, 2 failed, 3 cancelled. `letter` is what the mail says, as JSON, and is put into words when
-- it is sent; it is not kept for ever. Whoever tries a mail first moves its next_attempt_at past the longest try, so that
-- no two processes try it at once and one that dies leaves it to the others.
CREATE TABLE mails (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    ticket_id BIGINT,
    kind VARCHAR(30) NOT NULL,
    locale VARCHAR(10) NOT NULL,
    address VARCHAR(254) NOT NULL,
    subject VARCHAR(300) NOT NULL,
    state SMALLINT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    last_error VARCHAR(500),
    letter MEDIUMTEXT,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX mails_due ON mails (state, next_attempt_at, id);
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_ticket ON mails (ticket_id, user_id, id);
CREATE INDEX mails_created ON mails (created_at, id);
