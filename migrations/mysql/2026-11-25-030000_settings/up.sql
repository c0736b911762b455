-- What an administrator decides for the desk as a whole: one row. technician_scope 0 assigned, 1 queue, 2 all; while it is
-- NULL, the setting TECHNICIAN_SCOPE that the program was started with holds. The tags are the first of the pictures'
-- SHA-256, so that the row tells whether there is a picture and which, without reading it.
CREATE TABLE settings (
    id SMALLINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    primary_colour VARCHAR(7) NOT NULL,
    technician_scope SMALLINT,
    logo_tag VARCHAR(40)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO settings (id, version, updated_at, name, primary_colour) VALUES (1, 1, 0, 'Turno', '#0b6e66');

-- The desk's own pictures, as PNG: `logo` and, made of it, `favicon`. In the database, so that they are in every backup and
-- on every machine.
CREATE TABLE settings_pictures (
    name VARCHAR(40) NOT NULL PRIMARY KEY,
    content MEDIUMBLOB NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
