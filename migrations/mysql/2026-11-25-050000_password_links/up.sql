-- Links that set a password, each good once.
--
-- password_links.kind: 0 the first password of a new account, 1 asked for by the person, 2 made by an administrator. The
-- link's token is not kept: the program derives it from the secret key, the number and the nonce. used_at is also set when
-- a link is made void.
CREATE TABLE password_links (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    nonce VARCHAR(50) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX password_links_user ON password_links (user_id, kind, created_at);
CREATE INDEX password_links_expiry ON password_links (expires_at);
