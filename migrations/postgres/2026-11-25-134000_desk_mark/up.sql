-- What this desk is called where its files are: the same mark is in the storage. A database that finds another desk's mark
-- there removes nothing, since whatever it does not know of is the other's.
CREATE TABLE desk_marks (
    id SMALLINT NOT NULL PRIMARY KEY,
    mark TEXT NOT NULL
);
INSERT INTO desk_marks (id, mark) VALUES (1, md5(random()::text || clock_timestamp()::text || random()::text));
