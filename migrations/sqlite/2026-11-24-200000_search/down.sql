DROP TRIGGER comments_search_update;
DROP TRIGGER comments_search_delete;
DROP TRIGGER comments_search_insert;
DROP TRIGGER tickets_search_update;
DROP TRIGGER tickets_search_delete;
DROP TRIGGER tickets_search_insert;
DROP TABLE comments_search;
DROP TABLE tickets_search;
