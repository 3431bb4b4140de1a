"""Recording an interview, an event, an end."""
