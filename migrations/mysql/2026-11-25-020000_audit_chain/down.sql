DROP INDEX events_address ON events;
DROP INDEX events_subject ON events;
DROP INDEX events_actor ON events;
DROP INDEX events_kind ON events;
DROP INDEX events_at ON events;
ALTER TABLE event_counter DROP COLUMN last_hash;
ALTER TABLE events DROP COLUMN hash;
