ALTER TABLE settings DROP COLUMN first_steps_away;
DROP TABLE demo_state;
DROP TABLE demo_rows;
