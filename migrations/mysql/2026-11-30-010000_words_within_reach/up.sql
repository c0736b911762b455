-- This database's full text takes a text of any length.
SELECT 1;
