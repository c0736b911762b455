-- Where the locale's characters are those of C, PostgreSQL's parser takes each beyond ASCII for a letter: nobody found `qué` by
-- itself in `¿qué`, nor `tóner` in `«tóner»`. The signs that texts have between their words are taken away before it, as those of
-- ASCII are.
CREATE OR REPLACE FUNCTION turno_words (text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(
        translate(
            translate(
                lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
                '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)
            ),
            '¿¡«»‹›“”„‘’‚–—‐−·•', repeat(' ', 18)
        ),
        250000
    )
$$;
-- What is kept of a text is made when it is written. In any other locale it is the same. Two more signs become one of those.
UPDATE tickets SET title = title
WHERE (title ~ '[¿¡«»‹›“”„‘’‚–—‐−·•‑·]' OR description ~ '[¿¡«»‹›“”„‘’‚–—‐−·•‑·]')
    AND EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND datctype IN ('C', 'POSIX'));
UPDATE comments SET body = body
WHERE body ~ '[¿¡«»‹›“”„‘’‚–—‐−·•‑·]'
    AND EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND datctype IN ('C', 'POSIX'));
