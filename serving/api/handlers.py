"""Every error becomes a problem: ours, FastAPI's, and those nobody foresaw."""

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from features.common.errors import (
    BundleError,
    ConflictError,
    InputError,
    NotFoundError,
    StorageError,
    StoreError,
    VigieError,
)
from serving.api import problem_texts as wording
from serving.api.problems import Fault, ProblemError, respond
from serving.auth import errors as auth

RETRY = {"Retry-After": "5"}
BY_STATUS = {
    400: wording.BAD_REQUEST,
    401: wording.UNAUTHENTICATED,
    403: wording.FORBIDDEN,
    404: wording.NOT_FOUND,
    405: wording.METHOD_NOT_ALLOWED,
    409: wording.CONFLICT,
    413: wording.TOO_LARGE,
    415: wording.UNSUPPORTED_MEDIA_TYPE,
    429: wording.TOO_MANY_REQUESTS,
    503: wording.STORE_UNAVAILABLE,
}


def add_handlers(app: FastAPI) -> None:
    """Respond to every anticipated error of `app` with a problem."""
    log = structlog.get_logger("vigie.requests")

    async def ours(request: Request, error: Exception) -> Response:
        if isinstance(error, StoreError | StorageError | BundleError):
            log.warning("unavailable", reason=str(error))
        return respond(request.scope, problem_for(error))

    for kind in (ProblemError, VigieError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, ours)


def problem_for(error: Exception) -> ProblemError:  # noqa: C901  # one case per kind of error
    """Return the problem that tells an error.

    What nobody foresaw is reported as internal, without detail.
    """
    match error:
        case ProblemError():
            return error
        case NotFoundError():
            return ProblemError(wording.NOT_FOUND)
        case ConflictError():
            return ProblemError(wording.CONFLICT, reason=str(error))
        case InputError():
            return ProblemError(wording.UNUSABLE_INPUT, reason=str(error))
        case StoreError():
            return ProblemError(wording.STORE_UNAVAILABLE, headers=RETRY, reason=str(error))
        case BundleError():
            return ProblemError(wording.NO_MODEL, headers=RETRY, reason=str(error))
        case StorageError():
            return ProblemError(wording.STORAGE_FULL)
        case auth.AuthError():
            return _turned_away(error)
        case RequestValidationError():
            return ProblemError(wording.INVALID_REQUEST, faults=_parameters(error))
        case HTTPException():
            kind = BY_STATUS.get(error.status_code, wording.BAD_REQUEST)
            return ProblemError(kind, headers=error.headers)
        case _:
            return ProblemError(wording.INTERNAL)


def _turned_away(error: auth.AuthError) -> ProblemError:
    match error:
        case auth.UnauthenticatedError():
            headers = {"WWW-Authenticate": "Bearer"}
            return ProblemError(wording.UNAUTHENTICATED, headers=headers, reason=str(error))
        case auth.ForbiddenError():
            return ProblemError(wording.FORBIDDEN, reason=str(error))
        case auth.ThrottledError():
            wait = {"Retry-After": str(error.retry_after)}
            return ProblemError(wording.TOO_MANY_REQUESTS, headers=wait)
        case auth.WeakPasswordError():
            return ProblemError(wording.UNUSABLE_INPUT, reason=str(error))
        case auth.ProviderUnavailableError():
            return ProblemError(wording.PROVIDER_UNAVAILABLE, headers=RETRY)
        case _:
            return ProblemError(wording.BAD_REQUEST, reason=str(error))


def _parameters(error: RequestValidationError) -> tuple[Fault, ...]:
    """Faults of the path and the query, named by their parameter."""
    return tuple(
        Fault(
            str(fault["loc"][-1]) if fault["type"] != "extra_forbidden" else "",
            fault["type"],
            {name: str(value) for name, value in (fault.get("ctx") or {}).items()},
            fault.get("input"),
            parameter=True,
        )
        for fault in error.errors()
    )
