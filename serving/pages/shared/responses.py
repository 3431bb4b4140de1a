"""Pages as responses: with the headers of every page, and errors as pages."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from features.common.errors import NotFoundError, StoreError, VigieError
from serving.auth.errors import (
    CsrfError,
    ForbiddenError,
    PasswordChangeRequiredError,
    UnauthenticatedError,
)
from serving.pages.shared.addresses import HOME, PASSWORD, SIGN_IN
from serving.pages.shared.rendering import Frame, render
from serving.pages.shared.requests import bare_frame

# What a browser may load for a page: our own files only, nothing inline, nothing evaluated.
# `data:` is for the framework's small icons in its style sheet.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Vary": "Cookie",
}
EXPLAINED = (400, 403, 404, 405, 413, 419, 429, 500, 503)  # statuses with words of their own
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose anticipated errors are pages, or the way to the sign-in form."""

    def get_route_handler(self) -> Handler:
        """Return the handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except (VigieError, RequestValidationError) as error:
                return error_response(request, error)

        return guarded


def page(template: str, frame: Frame, *, status_code: int = 200, **views: Any) -> HTMLResponse:
    """Return a page, with the headers of every page."""
    return HTMLResponse(
        render(template, frame, **views), status_code=status_code, headers=dict(PAGE_HEADERS)
    )


def error_response(request: Request, error: Exception) -> Response:
    """Return the page of an error.

    Who is not signed in is sent to the form, and comes back here after.
    """
    match error:
        case UnauthenticatedError():
            here = quote(request.url.path if request.method == "GET" else HOME, safe="/")
            return RedirectResponse(f"{SIGN_IN}?suite={here}", status_code=303)
        case PasswordChangeRequiredError():
            return RedirectResponse(PASSWORD, status_code=303)
        case CsrfError():
            return error_page(request, 419, sent=403)
        case ForbiddenError():
            return error_page(request, 403)
        case NotFoundError() | RequestValidationError():
            return error_page(request, 404)
        case StoreError():
            return error_page(request, 503)
        case _:
            return error_page(request, 500)


def error_page(request: Request, status: int, *, sent: int | None = None) -> HTMLResponse:
    """Return the page of an error, which needs no store; `sent` is the status where it differs."""
    words_of = status if status in EXPLAINED else 500 if status >= 500 else 400
    reference = request.scope.get("state", {}).get("request_id") if words_of == 500 else None
    response = page(
        "error.html",
        bare_frame(request),
        status_code=sent or status,
        status=words_of,
        reference=reference,
    )
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def render_error(request: Request, status: int) -> Response:
    """The page of an error met outside the pages' own routes, where no exception is left to read.

    Refused there (403) is only a form to sign in or out whose token is too old.
    """
    match status:
        case 401:
            return RedirectResponse(SIGN_IN, status_code=303)
        case 403:
            return error_page(request, 419, sent=403)
        case 504:
            return error_page(request, 503, sent=504)
        case _:
            return error_page(request, status)
