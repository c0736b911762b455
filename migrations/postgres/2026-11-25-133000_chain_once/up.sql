-- A log that is older than the chain is chained by the program, and only once: this marks one that still waits for it, and
-- the mark goes with the transaction that chains it. So hashes that are gone later are not made anew at the next start.
ALTER TABLE event_counter ADD COLUMN unchained BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE event_counter SET unchained = TRUE
WHERE last_id > 0 AND last_hash = '' AND NOT EXISTS (SELECT 1 FROM events WHERE hash <> '');
