-- Full text of tickets and comments, without regard to case and accents; the text itself stays where it is. The triggers
-- write both in one transaction.
CREATE VIRTUAL TABLE tickets_search USING fts5 (
    title, description, content = 'tickets', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE comments_search USING fts5 (
    body, content = 'comments', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER tickets_search_insert AFTER INSERT ON tickets BEGIN
    INSERT INTO tickets_search (rowid, title, description) VALUES (new.id, new.title, new.description);
END;
CREATE TRIGGER tickets_search_delete AFTER DELETE ON tickets BEGIN
    INSERT INTO tickets_search (tickets_search, rowid, title, description)
    VALUES ('delete', old.id, old.title, old.description);
END;
CREATE TRIGGER tickets_search_update AFTER UPDATE OF title, description ON tickets BEGIN
    INSERT INTO tickets_search (tickets_search, rowid, title, description)
    VALUES ('delete', old.id, old.title, old.description);
    INSERT INTO tickets_search (rowid, title, description) VALUES (new.id, new.title, new.description);
END;

CREATE TRIGGER comments_search_insert AFTER INSERT ON comments BEGIN
    INSERT INTO comments_search (rowid, body) VALUES (new.id, new.body);
END;
CREATE TRIGGER comments_search_delete AFTER DELETE ON comments BEGIN
    INSERT INTO comments_search (comments_search, rowid, body) VALUES ('delete', old.id, old.body);
END;
CREATE TRIGGER comments_search_update AFTER UPDATE OF body ON comments BEGIN
    INSERT INTO comments_search (comments_search, rowid, body) VALUES ('delete', old.id, old.body);
    INSERT INTO comments_search (rowid, body) VALUES (new.id, new.body);
END;

-- What was there before.
INSERT INTO tickets_search (tickets_search) VALUES ('rebuild');
INSERT INTO comments_search (comments_search) VALUES ('rebuild');
