DROP INDEX users_active;
DROP INDEX users_role;
DROP TABLE avatars;
ALTER TABLE users DROP COLUMN avatar_at;
