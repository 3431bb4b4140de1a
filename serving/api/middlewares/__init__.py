"""What every request goes through, as plain ASGI: no task and no copy per request."""
