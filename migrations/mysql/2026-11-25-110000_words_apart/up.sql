-- InnoDB's parser takes `mi_informe` and `l'hospitalet` for one word each, so nobody found them by `informe` or
-- `hospitalet`. It is given the text with those two characters out of the way.
SET SESSION innodb_ft_enable_stopword = OFF;
DROP INDEX tickets_search ON tickets;
DROP INDEX comments_search ON comments;
ALTER TABLE tickets
    ADD title_words VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci
        GENERATED ALWAYS AS (REPLACE(REPLACE(title, '_', ' '), '''', ' ')) STORED,
    ADD description_words MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci
        GENERATED ALWAYS AS (REPLACE(REPLACE(description, '_', ' '), '''', ' ')) STORED;
ALTER TABLE comments
    ADD body_words MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci
        GENERATED ALWAYS AS (REPLACE(REPLACE(body, '_', ' '), '''', ' ')) STORED;
CREATE FULLTEXT INDEX tickets_search ON tickets (title_words, description_words);
CREATE FULLTEXT INDEX comments_search ON comments (body_words);
