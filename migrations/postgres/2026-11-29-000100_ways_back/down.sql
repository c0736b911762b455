DROP INDEX conversations_peer;
DROP INDEX messages_high;
DROP INDEX mails_user;
DROP INDEX notifications_ticket;
DROP INDEX notifications_actor;
DROP INDEX attachments_comment;
DROP INDEX comments_author;
