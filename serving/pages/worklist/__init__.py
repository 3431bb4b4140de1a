"""The list of one's cases."""
