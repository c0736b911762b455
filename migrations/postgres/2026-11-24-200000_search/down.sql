ALTER TABLE comments DROP COLUMN search;
ALTER TABLE tickets DROP COLUMN search;
DROP FUNCTION turno_words (text);
