-- client_id is what the program of whoever opened a ticket calls it: sent again, it is opened once. The name is taken before there
-- is a ticket, so that of two who come with it at the same moment the second waits for the first.
CREATE TABLE ticket_clients (
    author_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    ticket_id BIGINT REFERENCES tickets (id) ON DELETE CASCADE,
    PRIMARY KEY (author_id, client_id)
);
CREATE INDEX ticket_clients_ticket ON ticket_clients (ticket_id);
