-- demo_state.run: how often loading or removing the demo was begun. Whoever works on it gives up when it is no longer theirs.
ALTER TABLE demo_state ADD COLUMN run BIGINT NOT NULL DEFAULT 0;
