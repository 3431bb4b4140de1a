"""Accounts, keys, suspension, journal."""
