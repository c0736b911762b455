-- Whose word is awaited: whether the last public word on a ticket, its opening included, was not one of staff for somebody
-- else. What waits for a technician is a range of the index.
ALTER TABLE tickets ADD COLUMN awaits_staff BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE tickets SET awaits_staff = FALSE WHERE id IN (
    SELECT tickets.id FROM tickets
    INNER JOIN (SELECT ticket_id, MAX(id) AS id FROM comments WHERE visibility = 0 GROUP BY ticket_id) AS last ON last.ticket_id = tickets.id
    INNER JOIN comments ON comments.id = last.id
    INNER JOIN users ON users.id = comments.author_id
    WHERE users.role > 0 AND comments.author_id <> tickets.requester_id
);
CREATE INDEX tickets_assignee_awaits ON tickets (assignee_id, status, awaits_staff, updated_at, id);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('tickets', 'tickets_assignee_awaits', '1000000 20000 5000 2500 1 1');
