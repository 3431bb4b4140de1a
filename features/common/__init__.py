"""What all rooms lean on: errors, files written whole, progress."""
