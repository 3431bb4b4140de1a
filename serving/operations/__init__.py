"""Every write: one keyword-only function, one transaction, one audit event."""
