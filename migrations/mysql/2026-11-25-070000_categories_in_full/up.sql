-- What a category looks like and who gets its new tickets.
--
-- categories.colour: 0 grey, 1 red, 2 orange, 3 yellow, 4 green, 5 teal, 6 blue, 7 purple, 8 pink.
ALTER TABLE categories
    ADD COLUMN colour SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN default_assignee_id BIGINT,
    ADD CONSTRAINT categories_default_assignee FOREIGN KEY (default_assignee_id) REFERENCES users (id);

-- Those that are there get one each, so that they can be told apart from the first day.
UPDATE categories SET colour = 1 + (id * 5) % 8;
