-- Full text of tickets and comments. Case and accents make no difference to it through the collation of the columns, which
-- nothing else compares. No list of English words is left out.
SET SESSION innodb_ft_enable_stopword = OFF;
ALTER TABLE tickets
    MODIFY title VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    MODIFY description MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL;
ALTER TABLE comments
    MODIFY body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL;
CREATE FULLTEXT INDEX tickets_search ON tickets (title, description);
CREATE FULLTEXT INDEX comments_search ON comments (body);
