-- client_id is what the program of whoever opened a ticket calls it: sent again, it is opened once. The name is taken before there
-- is a ticket, so that of two who come with it at the same moment the second waits for the first.
CREATE TABLE ticket_clients (
    author_id BIGINT NOT NULL,
    client_id VARCHAR(64) NOT NULL,
    ticket_id BIGINT,
    PRIMARY KEY (author_id, client_id),
    FOREIGN KEY (author_id) REFERENCES users (id),
    FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX ticket_clients_ticket ON ticket_clients (ticket_id);
