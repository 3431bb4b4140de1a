"""How records come in: read, cleaned, accepted or refused with a reason."""
