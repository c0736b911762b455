-- What staff answers again and again. title_folded is what the list is ordered by. One that is not shared is there for its
-- author alone.
CREATE TABLE replies (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    author_id BIGINT NOT NULL,
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    title VARCHAR(100) NOT NULL,
    title_folded VARCHAR(200) NOT NULL,
    body TEXT NOT NULL,
    FOREIGN KEY (author_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX replies_shared ON replies (shared, title_folded, id);
CREATE INDEX replies_author ON replies (author_id, shared, title_folded, id);
