SET SESSION innodb_ft_enable_stopword = OFF;
DROP INDEX comments_client ON comments;
ALTER TABLE comments DROP COLUMN client_id;
