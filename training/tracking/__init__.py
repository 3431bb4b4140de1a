"""MLflow: the only place that knows of it."""
