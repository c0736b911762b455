DROP TABLE chat_digests;
DROP TABLE message_files;
DROP TABLE conversations;
DROP TABLE messages;
