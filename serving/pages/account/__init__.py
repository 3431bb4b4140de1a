"""Signing in and out, passwords, preferences."""
