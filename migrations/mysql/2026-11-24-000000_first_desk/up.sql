-- The first desk: people and their sessions, categories, tickets, comments, watchers, the event log.
--
-- Moments are microseconds since 1970-01-01T00:00:00Z in a BIGINT: one meaning on three databases, no time zones.
-- *_folded columns hold text in lower case without accents, folded by the program: what is unique or searched.
-- Codes: users.role 0 user, 1 technician, 2 admin. tickets.status 0 open, 1 in progress, 2 waiting, 3 closed.
-- Text is compared byte by byte (utf8mb4_bin): what is alike to people is folded by the program.
-- tickets.priority 0 low .. 3 urgent. comments.visibility 0 public, 1 internal. events.audience 0 whoever may read the
-- ticket, 1 the staff among them, 2 administrators.

CREATE TABLE users (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(50) NOT NULL,
    username_folded VARCHAR(100) NOT NULL,
    name VARCHAR(100) NOT NULL,
    name_folded VARCHAR(200) NOT NULL,
    email VARCHAR(254) NOT NULL,
    email_folded VARCHAR(254) NOT NULL,
    role SMALLINT NOT NULL,
    active BOOLEAN NOT NULL,
    locale VARCHAR(10) NOT NULL,
    theme VARCHAR(10) NOT NULL,
    password_hash VARCHAR(254),
    last_seen_at BIGINT,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX users_username ON users (username_folded);
CREATE UNIQUE INDEX users_email ON users (email_folded);
CREATE INDEX users_name ON users (name_folded, id);

CREATE TABLE sessions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address VARCHAR(50) NOT NULL,
    user_agent VARCHAR(300) NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE categories (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    name_folded VARCHAR(200) NOT NULL,
    position INTEGER NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX categories_name ON categories (name_folded);

-- The description stands last: SQLite then reads the other columns without its overflow pages.
CREATE TABLE tickets (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    status SMALLINT NOT NULL,
    priority SMALLINT NOT NULL,
    category_id BIGINT,
    requester_id BIGINT NOT NULL,
    assignee_id BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    first_response_at BIGINT,
    closed_at BIGINT,
    title VARCHAR(200) NOT NULL,
    title_folded VARCHAR(400) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    FOREIGN KEY (category_id) REFERENCES categories (id),
    FOREIGN KEY (requester_id) REFERENCES users (id),
    FOREIGN KEY (assignee_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
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
    ticket_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, user_id),
    FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX ticket_watchers_user ON ticket_watchers (user_id, ticket_id);

CREATE TABLE comments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    visibility SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    body MEDIUMTEXT NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    FOREIGN KEY (author_id) REFERENCES users (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX comments_ticket ON comments (ticket_id, id);

-- The log outlives what it tells of, so it has no foreign keys.
CREATE TABLE events (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id BIGINT,
    address VARCHAR(50),
    kind VARCHAR(50) NOT NULL,
    ticket_id BIGINT,
    subject_id BIGINT,
    audience SMALLINT NOT NULL,
    payload MEDIUMTEXT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX events_ticket ON events (ticket_id, id);

-- The last number given. Whoever appends an event locks this row until they commit, so numbers are committed in order
-- and a reader that has seen N has seen all before it.
CREATE TABLE event_counter (
    id SMALLINT NOT NULL PRIMARY KEY,
    last_id BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO event_counter (id, last_id) VALUES (1, 0);

INSERT INTO categories (name, name_folded, position) VALUES
    ('Hardware', 'hardware', 1),
    ('Software', 'software', 2),
    ('Red y VPN', 'red y vpn', 3),
    ('Cuentas y acceso', 'cuentas y acceso', 4),
    ('Correo', 'correo', 5),
    ('Impresoras', 'impresoras', 6),
    ('Otros', 'otros', 7);
