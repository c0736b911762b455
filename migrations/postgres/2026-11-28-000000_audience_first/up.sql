-- The audit reads all but what is between two people, and most of the log may be that.
CREATE INDEX events_audience ON events (audience, at, id);
CREATE INDEX events_actor_audience ON events (actor_id, audience, at, id);
CREATE INDEX events_subject_audience ON events (subject_id, audience, at, id) WHERE subject_id IS NOT NULL;
DROP INDEX events_at;
DROP INDEX events_actor;
DROP INDEX events_subject;
