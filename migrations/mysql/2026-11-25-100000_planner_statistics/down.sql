-- This database gathers its statistics by itself.
SELECT 1;
