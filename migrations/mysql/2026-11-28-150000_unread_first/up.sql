-- Whoever looks for what a person has not read, whoever wrote it, would otherwise read all that they ever got.
DROP INDEX messages_unread ON messages;
CREATE INDEX messages_unread ON messages (to_id, read_at, from_id, id);
