"""The advisors' site."""
