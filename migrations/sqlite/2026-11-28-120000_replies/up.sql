-- What staff answers again and again. title_folded is what the list is ordered by. One that is not shared is there for its
-- author alone.
CREATE TABLE replies (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    author_id BIGINT NOT NULL REFERENCES users (id),
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX replies_shared ON replies (shared, title_folded, id);
CREATE INDEX replies_author ON replies (author_id, shared, title_folded, id);
