-- Lists that people keep under a name: their own, or shared with the staff.
--
-- saved_views.filters is JSON: what the list is asked for.
CREATE TABLE saved_views (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    filters TEXT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX saved_views_user ON saved_views (user_id, id);
CREATE INDEX saved_views_shared ON saved_views (shared, id);
