"""The model, ready to assess: no store, no web."""
