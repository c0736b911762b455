-- The first desk: people and their sessions, categories, tickets, comments, watchers, the event log.
--
-- Moments are microseconds since 1970-01-01T00:00:00Z in a BIGINT: one meaning on three databases, no time zones.
-- *_folded columns hold text in lower case without accents, folded by the program: what is unique or searched.
-- Codes: users.role 0 user, 1 technician, 2 admin. tickets.status 0 open, 1 in progress, 2 waiting, 3 closed.
-- tickets.priority 0 low .. 3 urgent. comments.visibility 0 public, 1 internal. events.audience 0 whoever may read the
-- ticket, 1 the staff among them, 2 administrators.

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    username_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role SMALLINT NOT NULL,
    active BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    theme TEXT NOT NULL,
    password_hash TEXT,
    last_seen_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_username ON users (username_folded);
CREATE UNIQUE INDEX users_email ON users (email_folded);
CREATE INDEX users_name ON users (name_folded, id);

CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE categories (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE UNIQUE INDEX categories_name ON categories (name_folded);

-- The description stands last: SQLite then reads the other columns without its overflow pages.
CREATE TABLE tickets (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    status SMALLINT NOT NULL,
    priority SMALLINT NOT NULL,
    category_id BIGINT REFERENCES categories (id),
    requester_id BIGINT NOT NULL REFERENCES users (id),
    assignee_id BIGINT REFERENCES users (id),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    first_response_at BIGINT,
    closed_at BIGINT,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    description TEXT NOT NULL
);
-- The list's filters, each followed by its order. A filter other than the requester fixes the state too: the program
-- asks once for each state and merges, so that (x, status, updated_at) serves every combination.
CREATE INDEX tickets_updated ON tickets (updated_at, id);
CREATE INDEX tickets_status ON tickets (status, updated_at, id);
CREATE INDEX tickets_status_created ON tickets (status, created_at, id);
CREATE INDEX tickets_status_priority ON tickets (status, priority, updated_at, id);
CREATE INDEX tickets_assignee ON tickets (assignee_id, status, updated_at, id);
CREATE INDEX tickets_requester ON tickets (requester_id, updated_at, id);
CREATE INDEX tickets_category ON tickets (category_id, status, updated_at, id);
CREATE INDEX tickets_created ON tickets (created_at, id);

CREATE TABLE ticket_watchers (
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
);
CREATE INDEX ticket_watchers_user ON ticket_watchers (user_id, ticket_id);

CREATE TABLE comments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    author_id BIGINT NOT NULL REFERENCES users (id),
    visibility SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    body TEXT NOT NULL
);
CREATE INDEX comments_ticket ON comments (ticket_id, id);

-- The log outlives what it tells of, so it has no foreign keys.
CREATE TABLE events (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id BIGINT,
    address TEXT,
    kind TEXT NOT NULL,
    ticket_id BIGINT,
    subject_id BIGINT,
    audience SMALLINT NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX events_ticket ON events (ticket_id, id);

-- The last number given. Whoever appends an event locks this row until they commit, so numbers are committed in order
-- and a reader that has seen N has seen all before it.
CREATE TABLE event_counter (
    id SMALLINT NOT NULL PRIMARY KEY,
    last_id BIGINT NOT NULL
);
INSERT INTO event_counter (id, last_id) VALUES (1, 0);

INSERT INTO categories (name, name_folded, position) VALUES
    ('Hardware', 'hardware', 1),
    ('Software', 'software', 2),
    ('Red y VPN', 'red y vpn', 3),
    ('Cuentas y acceso', 'cuentas y acceso', 4),
    ('Correo', 'correo', 5),
    ('Impresoras', 'impresoras', 6),
    ('Otros', 'otros', 7);
