-- People's pictures: small, written anew by the program, and in every backup. In a table of their own, so that whoever
-- reads people reads no pictures; when one was set stands beside the person, and is part of its address.
ALTER TABLE users ADD COLUMN avatar_at BIGINT;

CREATE TABLE avatars (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    set_at BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTEA NOT NULL
);

-- The list of people by role, or of those with access, in its order.
CREATE INDEX users_role ON users (role, name_folded, id);
CREATE INDEX users_active ON users (active, name_folded, id);
