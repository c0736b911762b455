-- Who is taken out of the desk is looked for in all that may name them, and so are their tickets and comments: without a way
-- there, each of them would be a reading of the whole table, and so would the check of each reference.
CREATE INDEX comments_author ON comments (author_id);
CREATE INDEX attachments_comment ON attachments (comment_id);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_ticket ON notifications (ticket_id);
CREATE INDEX mails_user ON mails (user_id);
CREATE INDEX messages_high ON messages (high_id);
CREATE INDEX conversations_peer ON conversations (peer_id);
