CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_actor ON events (actor_id, at, id);
CREATE INDEX events_subject ON events (subject_id, at, id);
DROP INDEX events_audience ON events;
DROP INDEX events_actor_audience ON events;
DROP INDEX events_subject_audience ON events;
