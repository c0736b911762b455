CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_actor ON events (actor_id, at, id);
CREATE INDEX events_subject ON events (subject_id, at, id) WHERE subject_id IS NOT NULL;
DROP INDEX events_audience;
DROP INDEX events_actor_audience;
DROP INDEX events_subject_audience;
