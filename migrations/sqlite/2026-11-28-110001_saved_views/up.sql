-- Lists that people keep under a name: their own, or shared with the staff.
--
-- saved_views.filters is JSON: what the list is asked for.
CREATE TABLE saved_views (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    filters TEXT NOT NULL
);
CREATE INDEX saved_views_user ON saved_views (user_id, id);
CREATE INDEX saved_views_shared ON saved_views (shared, id);
