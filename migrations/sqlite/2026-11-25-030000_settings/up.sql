-- What an administrator decides for the desk as a whole: one row. technician_scope 0 assigned, 1 queue, 2 all; while it is
-- NULL, the setting TECHNICIAN_SCOPE that the program was started with holds. The tags are the first of the pictures'
-- SHA-256, so that the row tells whether there is a picture and which, without reading it.
CREATE TABLE settings (
    id SMALLINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    primary_colour TEXT NOT NULL,
    technician_scope SMALLINT,
    logo_tag TEXT
);
INSERT INTO settings (id, version, updated_at, name, primary_colour) VALUES (1, 1, 0, 'Turno', '#0b6e66');

-- The desk's own pictures, as PNG: `logo` and, made of it, `favicon`. In the database, so that they are in every backup and
-- on every machine.
CREATE TABLE settings_pictures (
    name TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
);
