-- The log as a chain: each event carries the SHA-256 of the one before it and of itself (backend/src/events/chain.rs).
-- The program, which can hash where SQL cannot, fills in what was there before, as soon as this has run. An empty hash is
-- that of an event nobody has chained.
ALTER TABLE events ADD COLUMN hash BYTEA NOT NULL DEFAULT '';
-- The hash of the last event, so that a log whose end was cut off shows it.
ALTER TABLE event_counter ADD COLUMN last_hash BYTEA NOT NULL DEFAULT '';

-- The audit's filters, each followed by its order: newest first.
CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_kind ON events (kind, at, id);
CREATE INDEX events_actor ON events (actor_id, at, id);
-- What tickets are about has no subject, and what the program does no address: those stay out.
CREATE INDEX events_subject ON events (subject_id, at, id) WHERE subject_id IS NOT NULL;
CREATE INDEX events_address ON events (address, at, id) WHERE address IS NOT NULL;
