-- Mails, written in the transaction of what they tell of and sent in the background.
--
-- mails.state: 0 queued, 1 sent, 2 failed, 3 cancelled. `letter` is what the mail says, as JSON, and is put into words when
-- it is sent; it is not kept for ever. Whoever tries a mail first moves its next_attempt_at past the longest try, so that
-- no two processes try it at once and one that dies leaves it to the others.
CREATE TABLE mails (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    ticket_id BIGINT,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    state SMALLINT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    last_error TEXT,
    letter TEXT
);
CREATE INDEX mails_due ON mails (state, next_attempt_at, id);
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_ticket ON mails (ticket_id, user_id, id);
CREATE INDEX mails_created ON mails (created_at, id);
