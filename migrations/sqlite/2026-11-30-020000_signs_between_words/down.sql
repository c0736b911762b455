-- The words of this database's full text are right already.
SELECT 1;
