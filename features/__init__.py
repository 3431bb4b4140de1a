"""What was known on a morning: records, snapshots, features. No clock, no database, no web."""
