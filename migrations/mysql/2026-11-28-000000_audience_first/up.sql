-- The audit reads all but what is between two people, and most of the log may be that.
CREATE INDEX events_audience ON events (audience, at, id);
CREATE INDEX events_actor_audience ON events (actor_id, audience, at, id);
CREATE INDEX events_subject_audience ON events (subject_id, audience, at, id);
DROP INDEX events_at ON events;
DROP INDEX events_actor ON events;
DROP INDEX events_subject ON events;
