-- The first minutes of a desk: which rows are of the demo, how far it is loaded or removed, and whether the list of first
-- steps was put away.
--
-- demo_rows.kind: 1 person, 2 category, 3 ticket, 4 comment, 5 message. The rows of a kind whose numbers are from first_id to
-- last_id are the demo's; runs never overlap, and no row that somebody made has a number in one of them.
CREATE TABLE demo_rows (
    kind SMALLINT NOT NULL,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    PRIMARY KEY (kind, first_id)
);

-- demo_state.state: 0 there is none, 1 it is being loaded, 2 it is loaded, 3 it is being removed, 4 one of the two was broken
-- off. done and total count what is loaded or removed. Whoever works on it says so in beat_at with every batch.
CREATE TABLE demo_state (
    id SMALLINT NOT NULL PRIMARY KEY,
    state SMALLINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    beat_at BIGINT NOT NULL
);
INSERT INTO demo_state (id, state, done, total, beat_at) VALUES (1, 0, 0, 0, 0);

-- Whoever runs a desk in use knows how to start.
ALTER TABLE settings ADD COLUMN first_steps_away BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE settings SET first_steps_away = TRUE WHERE EXISTS (SELECT 1 FROM tickets);
