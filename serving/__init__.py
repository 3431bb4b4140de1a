"""The service: what answers people and machines."""
