"""What a feature declares, and what is made of the declaration."""
