"""What was known on a morning: nothing downstream can see past it."""
