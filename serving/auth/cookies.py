"""The three cookies: a session, the way in to the sign-in form, a journey to the OpenID provider.

`__Host-` ties a cookie to this host and path over HTTPS, so that no neighbour can plant one;
without HTTPS (a demo) the prefix cannot be used. None outlives the browser: people share computers.
"""

from fastapi import Request, Response

from serving.settings import Settings

SESSION, ENTRY, JOURNEY = "vigie", "vigie-entree", "vigie-oidc"


def name_of(settings: Settings, kind: str) -> str:
    """Return the name of a cookie under these settings."""
    return f"__Host-{kind}" if settings.secure_cookies else kind


def read(request: Request, settings: Settings, kind: str) -> str | None:
    """Return what the browser sent, if anything."""
    return request.cookies.get(name_of(settings, kind)) or None


def put(response: Response, settings: Settings, kind: str, value: str) -> None:
    """Set a cookie that no script can read and that other sites cannot send along a form."""
    response.set_cookie(
        name_of(settings, kind),
        value,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, settings: Settings, kind: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        name_of(settings, kind),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
