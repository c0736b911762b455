-- What the processes on one MySQL tell each other of who is there, for a minute. PostgreSQL passes it on by NOTIFY, and a
-- SQLite file has one process: there it stays empty.
CREATE TABLE live_signals (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    letter TEXT NOT NULL
);
