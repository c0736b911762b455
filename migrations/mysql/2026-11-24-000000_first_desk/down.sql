-- The first schema has nothing to go back to.
DROP TABLE event_counter;
DROP TABLE events;
DROP TABLE comments;
DROP TABLE ticket_watchers;
DROP TABLE tickets;
DROP TABLE categories;
DROP TABLE sessions;
DROP TABLE users;
