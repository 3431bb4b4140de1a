"""Runs on data that others collected; scripts, run from the repository root."""
