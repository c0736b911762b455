-- Where a reference needs a way back, this database made one by itself, under the column's name, which the new one took the
-- place of.
ALTER TABLE conversations ADD INDEX peer_id (peer_id), DROP INDEX conversations_peer;
ALTER TABLE messages ADD INDEX high_id (high_id), DROP INDEX messages_high;
ALTER TABLE mails ADD INDEX user_id (user_id), DROP INDEX mails_user;
DROP INDEX notifications_ticket ON notifications;
DROP INDEX notifications_actor ON notifications;
ALTER TABLE attachments ADD INDEX comment_id (comment_id), DROP INDEX attachments_comment;
ALTER TABLE comments ADD INDEX author_id (author_id), DROP INDEX comments_author;
