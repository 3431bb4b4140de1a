"""Against forged sign-ins: before there is a session, a form repeats the keyed hash of a cookie.

Without it another site could sign a visitor in to an account of its own, and read what they record
there. The signed double-submit cookie of the OWASP CSRF Prevention Cheat Sheet, 2024.
"""

import secrets
from dataclasses import dataclass, field

from fastapi import Request

from serving.auth import cookies
from serving.auth.errors import CsrfError
from serving.auth.hashing import keyed_hash, same
from serving.settings import Settings


@dataclass(frozen=True)
class Entry:
    """The value of the cookie, and what the form must repeat."""

    cookie: str = field(repr=False)
    csrf_token: str = field(repr=False)


def entry_of(request: Request, settings: Settings) -> Entry:
    """Return the entry of this browser, or a new one."""
    cookie = cookies.read(request, settings, cookies.ENTRY) or secrets.token_urlsafe(32)
    return Entry(cookie, keyed_hash(settings, purpose="entry", value=cookie))


def check_entry(request: Request, settings: Settings, csrf_token: str) -> None:
    """Raise CsrfError unless the form repeats what this browser's cookie says."""
    if cookies.read(request, settings, cookies.ENTRY) is None:
        raise CsrfError("sign-in form: expected its cookie, got none; open the page again")
    if not same(entry_of(request, settings).csrf_token, csrf_token):
        raise CsrfError("sign-in form: expected its own token, got another; open the page again")
