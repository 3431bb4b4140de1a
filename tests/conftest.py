"""What every test shares: Hypothesis draws the same small examples on every run."""

from hypothesis import settings

settings.register_profile("vigie", derandomize=True, deadline=None, max_examples=20)
settings.load_profile("vigie")
