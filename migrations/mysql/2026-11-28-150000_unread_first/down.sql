DROP INDEX messages_unread ON messages;
CREATE INDEX messages_unread ON messages (to_id, from_id, read_at, id);
