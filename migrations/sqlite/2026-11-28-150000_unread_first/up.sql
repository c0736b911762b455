-- This database's index holds nothing but what is unread already.
SELECT 1;
