-- Full text of tickets and comments, without regard to case and accents, kept by the database beside the text.
--
-- Words are what stands between white space and ASCII punctuation: PostgreSQL's parser would keep `support@example.org`
-- or `HP/M479` as one.
CREATE FUNCTION turno_words (text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(
        lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)
    )
$$;

ALTER TABLE tickets ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple'::regconfig, turno_words(title)), 'A')
    || setweight(to_tsvector('simple'::regconfig, turno_words(description)), 'D')
) STORED;
ALTER TABLE comments ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple'::regconfig, turno_words(body)), 'D')
) STORED;
CREATE INDEX tickets_search ON tickets USING gin (search);
CREATE INDEX comments_search ON comments USING gin (search);
