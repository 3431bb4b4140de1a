"""When to try again: soon at first, then ever later, for about three days."""

from datetime import timedelta

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 12 * 3600.0
MOST_ATTEMPTS = 19  # 5 s, 10 s, ... 12 h, 12 h: 2.9 days in all
JITTER = 0.2


def delay_after(attempts: int, *, draw: float) -> timedelta | None:
    """How long to wait after that many failed attempts; None when it is time to give up.

    `draw` in [0, 1) spreads the wait by 20 % either way, so that receivers who come back are not
    met by everything at once.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    seconds = min(FIRST_SECONDS * 2.0 ** (attempts - 1), LONGEST_SECONDS)
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * draw))
