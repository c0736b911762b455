DROP INDEX mails_awaited ON mails;
ALTER TABLE mails DROP COLUMN claimed_until;
