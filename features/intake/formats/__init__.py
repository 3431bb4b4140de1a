"""One file per way in: the formats records arrive in, read as tables."""
