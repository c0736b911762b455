-- A tsvector takes a megabyte, and one that would be larger fails what was to be written. A text may have 100,000 characters, of
-- which some become up to eighteen here. What 250,000 of them need, at most four bytes each, fits beside a title; the text itself
-- stays whole.
CREATE OR REPLACE FUNCTION turno_words (text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(
        translate(
            lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
            '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)
        ),
        250000
    )
$$;
