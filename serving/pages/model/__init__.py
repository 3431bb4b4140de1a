"""What the model in service is."""
