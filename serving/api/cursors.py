"""Where a reader of the feed is: an opaque text, so that its meaning may change."""

import base64
import binascii

from serving.api.problem_texts import INVALID_REQUEST
from serving.api.problems import Fault, ProblemError

VERSION = b"1:"
LARGEST = 2**63 - 1


def write(number: int) -> str:
    """Return the cursor after the assessment of a number."""
    return base64.urlsafe_b64encode(VERSION + str(number).encode()).decode().rstrip("=")


def read(cursor: str) -> int:
    """Return the number of a cursor. Raises ProblemError for a text that is not one of ours."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        text = b""
    digits = text.removeprefix(VERSION)
    if not text.startswith(VERSION) or not digits.isdigit() or int(digits[:20]) > LARGEST:
        fault = Fault("changed_since", "bad_cursor", value=cursor, parameter=True)
        raise ProblemError(INVALID_REQUEST, faults=(fault,))
    return int(digits)


BEGINNING = write(0)
