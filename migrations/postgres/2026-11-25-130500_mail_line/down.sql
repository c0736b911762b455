DROP INDEX mails_awaited;
ALTER TABLE mails DROP COLUMN claimed_until;
