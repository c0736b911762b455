DROP INDEX tickets_closed ON tickets;
DROP INDEX tickets_first_response ON tickets;
DROP INDEX tickets_unfinished ON tickets;
