DROP TABLE live_signals;
