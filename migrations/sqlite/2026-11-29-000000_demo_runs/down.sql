ALTER TABLE demo_state DROP COLUMN run;
