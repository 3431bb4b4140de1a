"""Estimators of the difference two arms make; arrays in, figures out, no table and no words."""
