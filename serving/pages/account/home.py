"""The way in: home, sign-in and password pages, language and appearance, static files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from serving.actors import LANGUAGES
from serving.auth.errors import AuthError
from serving.auth.passwords import SHORTEST
from serving.auth.wording import words_of
from serving.pages.shared.addresses import local_path
from serving.pages.shared.rendering import THEMES
from serving.pages.shared.requests import LANGUAGE_COOKIE, THEME_COOKIE, ThePage, bare_frame
from serving.pages.shared.responses import PageRoute, page

YEAR = 365 * 24 * 3600
Text = Annotated[str, Query(max_length=500)]
router = APIRouter(route_class=PageRoute, include_in_schema=False)


class Assets(StaticFiles):
    """Static files, kept by browsers for as long as their address names their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, with how long it may be cached."""
        response = await super().get_response(path, scope)
        named = scope["query_string"].startswith(b"v=")
        cache_control = f"public, max-age={YEAR}, immutable" if named else "public, max-age=3600"
        response.headers["Cache-Control"] = cache_control
        return response


@router.get("/")
def home(asked: ThePage) -> Response:
    """The first place of the role."""
    with asked.reading() as reader:
        return RedirectResponse(reader.frame().home, status_code=303)


@router.get("/preferences")
def choose(asked: ThePage, langue: Text = "", theme: Text = "", suite: Text = "/") -> Response:
    """Remember a language or an appearance, and go back."""
    response = RedirectResponse(local_path(suite), status_code=303)
    secure = asked.context.settings.secure_cookies
    choices = ((LANGUAGE_COOKIE, langue, LANGUAGES), (THEME_COOKIE, theme, THEMES))
    for name, value, allowed in choices:
        if value in allowed:
            response.set_cookie(
                name, value, max_age=YEAR, secure=secure, httponly=True, samesite="lax"
            )
    return response


def render_sign_in(request: Request, error: AuthError | None) -> HTMLResponse:
    """Return the sign-in form, with the words of what went wrong."""
    settings = request.app.state.context.settings
    frame = bare_frame(request, csrf_token=request.state.csrf_token)
    return page(
        "sign_in.html",
        frame,
        error=None if error is None else words_of(error, language=frame.language),
        provider=settings.oidc_label if settings.oidc_issuer else None,
        next_path=request.state.suite,
    )


def render_password_change(request: Request, error: AuthError | None) -> HTMLResponse:
    """Return the form to choose another password.

    There is nowhere else to go with a one-time one.
    """
    frame = bare_frame(request, csrf_token=request.state.csrf_token)
    return page(
        "password.html",
        frame,
        error=None if error is None else words_of(error, language=frame.language),
        shortest=SHORTEST,
    )
