ALTER TABLE event_counter DROP COLUMN unchained;
