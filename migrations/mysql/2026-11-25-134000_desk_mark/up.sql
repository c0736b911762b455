-- What this desk is called where its files are: the same mark is in the storage. A database that finds another desk's mark
-- there removes nothing, since whatever it does not know of is the other's.
CREATE TABLE desk_marks (
    id SMALLINT NOT NULL PRIMARY KEY,
    mark VARCHAR(64) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO desk_marks (id, mark) VALUES (1, MD5(CONCAT(UUID(), RAND())));
