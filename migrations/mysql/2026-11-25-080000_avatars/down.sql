DROP INDEX users_active ON users;
DROP INDEX users_role ON users;
DROP TABLE avatars;
ALTER TABLE users DROP COLUMN avatar_at;
