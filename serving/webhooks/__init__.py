"""Telling other systems what changed, by the Standard Webhooks scheme."""
