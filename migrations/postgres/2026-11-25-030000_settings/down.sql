DROP TABLE settings_pictures;
DROP TABLE settings;
