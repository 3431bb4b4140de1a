"""The header `Prefer` (RFC 7240): how long a client is ready to wait for the end of some work."""

import re
from collections.abc import Iterable

LONGEST = 300  # seconds
_WAIT = re.compile(r"wait(?:\s*=\s*\"?([0-9]{1,6})\"?)?", re.IGNORECASE)


def seconds_to_wait(headers: Iterable[str]) -> int | None:
    """Return the seconds asked for by `Prefer: wait=10`, at most LONGEST; None when none are.

    `wait` alone means as long as it takes.
    """
    for preference in ",".join(headers).split(","):
        asked = _WAIT.fullmatch(preference.partition(";")[0].strip())
        if asked is not None:
            return min(int(asked[1] or LONGEST), LONGEST)
    return None
