"""Who hears of changes: adding, removing and reviving the receivers of webhooks."""

import asyncio
import base64
import secrets
from dataclasses import dataclass, field

from features.common.errors import NotFoundError
from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import AppContext
from serving.operations.webhook_addresses import resolve
from serving.store import endpoints, outbox
from serving.store.audit import Action
from serving.store.endpoints import Endpoint
from serving.store.engine import Connection
from serving.store.outbox import Message

SERVICE = Actor("service")
SECRET_BYTES = 32


@dataclass(frozen=True)
class Added:
    """A new endpoint; its secret is shown this once."""

    endpoint_id: int
    secret: str = field(repr=False)


def add_endpoint(context: AppContext, *, actor: Actor, url: str) -> Added:
    """Notify an address of every change of level from now on.

    Raises InputError: not https, a name without an address, or a private address; ForbiddenError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    asyncio.run(resolve(url, allow_private=context.settings.webhook_allow_private))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    with context.audited(actor, Action.ADD_WEBHOOK) as write:
        number = endpoints.add(write.connection, url=url, secret=secret, now=context.now())
        write.subject = _subject(number)
    return Added(number, secret)


def remove_endpoint(context: AppContext, *, actor: Actor, endpoint_id: int) -> None:
    """Notify an address no longer and drop what waits for it. Raises NotFoundError."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.audited(actor, Action.REMOVE_WEBHOOK, subject=_subject(endpoint_id)) as write:
        _find(write.connection, endpoint_id)
        endpoints.remove(write.connection, endpoint_id=endpoint_id)


def retry_endpoint(context: AppContext, *, actor: Actor, endpoint_id: int) -> int:
    """Send again what was given up, and begin again if the receiver had left and return how many.

    Raises NotFoundError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.audited(actor, Action.RETRY_WEBHOOK, subject=_subject(endpoint_id)) as write:
        _find(write.connection, endpoint_id)
        endpoints.set_disabled(write.connection, endpoint_id=endpoint_id, at=None)
        revived = outbox.requeue(write.connection, endpoint_id=endpoint_id, now=context.now())
        write.details = {"messages": revived}
    return revived


def retire_endpoint(context: AppContext, *, endpoint_id: int) -> None:
    """A receiver answered 410 Gone: send it nothing more, and give up what waits for it."""
    now = context.now()
    with context.audited(SERVICE, Action.RETIRE_WEBHOOK, subject=_subject(endpoint_id)) as write:
        endpoint = endpoints.find(write.connection, endpoint_id=endpoint_id)
        if endpoint is None or endpoint.disabled_at is not None:
            write.did_nothing()
            return
        endpoints.set_disabled(write.connection, endpoint_id=endpoint_id, at=now)
        dropped = outbox.mark_all_dead(
            write.connection, endpoint_id=endpoint_id, error="status 410", now=now
        )
        write.details = {"messages": dropped}


def list_endpoints(context: AppContext, *, actor: Actor) -> list[Endpoint]:
    """Return every endpoint, disabled ones too."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.store.reading() as connection:
        return endpoints.every(connection)


def list_dead(context: AppContext, *, actor: Actor) -> list[Message]:
    """Messages that were given up, the oldest first."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.store.reading() as connection:
        return outbox.dead(connection)


def _find(connection: Connection, endpoint_id: int) -> Endpoint:
    found = endpoints.find(connection, endpoint_id=endpoint_id)
    if found is None:
        raise NotFoundError("webhook: expected the number of an endpoint, got another")
    return found


def _subject(endpoint_id: int) -> str:
    """Return how the audit names an endpoint: never by its address, whose path may hold a token."""
    return f"webhook:{endpoint_id}"
