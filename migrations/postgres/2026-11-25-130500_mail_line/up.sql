-- Who tries a mail says until when: nobody else, and no administrator's wish, tries it meanwhile. What people wait for, as
-- the link that sets a password, goes before everything else.
ALTER TABLE mails ADD COLUMN claimed_until BIGINT;
CREATE INDEX mails_awaited ON mails (state, kind, next_attempt_at, id);
