DROP INDEX events_address;
DROP INDEX events_subject;
DROP INDEX events_actor;
DROP INDEX events_kind;
DROP INDEX events_at;
ALTER TABLE event_counter DROP COLUMN last_hash;
ALTER TABLE events DROP COLUMN hash;
