"""What a route asks for: the service, who asks with which right, and a body that was validated."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers

from serving.actors import Actor, Language, Role, Scope
from serving.api.faults import problem_of
from serving.api.preferences import language_of
from serving.api.problem_texts import MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE
from serving.api.problems import Fault, ProblemError
from serving.auth import rights
from serving.auth.credentials import Credentials
from serving.auth.dependencies import CurrentActor, TheCredentials
from serving.context import AppContext, ReadSession

Model = TypeVar("Model", bound=BaseModel)
JSON = "application/json"


def context_of(request: Request) -> AppContext:
    """Return the context of the application."""
    context: AppContext = request.app.state.context
    return context


async def _context(request: Request) -> AppContext:
    return context_of(request)


TheContext = Annotated[AppContext, Depends(_context)]


async def _language(request: Request) -> Language:
    return language_of(request.scope)


TheLanguage = Annotated[Language, Depends(_language)]


def needs(*, scope: Scope | None = None, roles: tuple[Role, ...] = ()) -> Any:
    """Return a dependency: who asks, with a scope (machines) or one of the roles (people)."""

    async def allowed(request: Request, actor: CurrentActor) -> Actor:
        request.state.actor = actor.name
        rights.require(actor, scope=scope, roles=roles)
        return actor

    return Depends(allowed)


@dataclass(frozen=True)
class ReadRequest:
    """A request that reads, before it is known who makes it, and the right it takes."""

    given: Credentials
    scope: Scope
    roles: tuple[Role, ...]

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Find out who asks, and read in the same transaction.

        Raises as `Credentials.actor`, and ForbiddenError to who has neither scope nor role.
        """
        context = self.given.context
        with context.store.reading() as connection:
            actor = self.given.actor(connection)
            self.given.request.state.actor = actor.name
            rights.require(actor, scope=self.scope, roles=self.roles)
            yield ReadSession(context, connection, actor)


def needs_to_read(*, scope: Scope, roles: tuple[Role, ...]) -> Any:
    """Return a dependency: a request that reads with a scope or one of the roles."""

    async def asked(given: TheCredentials) -> ReadRequest:
        given.check_given()
        return ReadRequest(given, scope, roles)

    return Depends(asked)


async def known(request: Request, actor: CurrentActor) -> Actor:
    """Whoever is known, machine or person, whatever they may do."""
    request.state.actor = actor.name
    return actor


def body_of(model: type[Model]) -> Any:
    """Return a dependency: the JSON body as a validated `model`."""

    async def read(request: Request) -> Model:
        check_media_type(request.headers, JSON)
        context = context_of(request)
        return validated(model, await request.body(), context={"today": context.today})

    reader: Callable[[Request], Awaitable[Model]] = read
    return Depends(reader)


def validated(model: type[Model], raw: bytes, *, context: dict[str, Any]) -> Model:
    """Raw JSON as a model, in one strict pass. Raises ProblemError: 400 or 422."""
    try:
        return model.model_validate_json(raw, context=context)
    except ValidationError as error:
        raise problem_of(error) from None
    except RecursionError:
        raise ProblemError(MALFORMED_JSON, faults=(Fault("", "json_invalid"),)) from None


def check_media_type(headers: Headers, *accepted: str) -> str:
    """Return the media type of the body. Raises ProblemError: 415 for one that is not accepted."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in accepted:
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, headers={"Accept": ", ".join(accepted)})
    return media_type
