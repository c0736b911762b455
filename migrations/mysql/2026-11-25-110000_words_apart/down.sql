SET SESSION innodb_ft_enable_stopword = OFF;
DROP INDEX tickets_search ON tickets;
DROP INDEX comments_search ON comments;
ALTER TABLE tickets DROP COLUMN title_words, DROP COLUMN description_words;
ALTER TABLE comments DROP COLUMN body_words;
CREATE FULLTEXT INDEX tickets_search ON tickets (title, description);
CREATE FULLTEXT INDEX comments_search ON comments (body);
