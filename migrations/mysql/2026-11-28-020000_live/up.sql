-- What the processes on one MySQL tell each other of who is there, for a minute. PostgreSQL passes it on by NOTIFY, and a
-- SQLite file has one process: there it stays empty.
CREATE TABLE live_signals (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at BIGINT NOT NULL,
    letter TEXT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
