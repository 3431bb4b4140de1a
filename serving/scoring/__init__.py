"""Scoring cases: stored ones, submitted ones, all of them at night."""
