"""What is learned and how it is judged. No clock, no database, no web, no MLflow."""
