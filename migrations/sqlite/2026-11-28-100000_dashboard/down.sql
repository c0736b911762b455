DROP INDEX tickets_closed;
DROP INDEX tickets_first_response;
DROP INDEX tickets_unfinished;
