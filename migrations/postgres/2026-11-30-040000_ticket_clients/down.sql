DROP TABLE ticket_clients;
