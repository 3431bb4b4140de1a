"""The report of an effect: a sealed folder of JSON, one HTML page in both languages, a manifest."""
