"""What runs beside the requests: background work, metrics, logs, memory."""
