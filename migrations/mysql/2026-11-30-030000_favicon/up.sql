-- A favicon of the desk's own: `own_favicon` among its pictures, which browsers show in place of the one made of the logo. Its tag
-- tells whether there is one and which, as the logo's does.
ALTER TABLE settings ADD COLUMN favicon_tag VARCHAR(40);
