DELETE FROM settings_pictures WHERE name = 'own_favicon';
ALTER TABLE settings DROP COLUMN favicon_tag;
