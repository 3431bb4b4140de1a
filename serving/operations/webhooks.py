"""Who is told of changes: adding, removing and reviving the receivers of webhooks."""

import asyncio
import base64
import secrets
from dataclasses import dataclass, field

from features.common.errors import NotFoundError
from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import House
from serving.operations.webhook_addresses import resolve
from serving.store import audit, endpoints, outbox
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


def add_endpoint(house: House, *, actor: Actor, url: str) -> Added:
    """Tell an address of every change of level from now on.

    Raises InputError: not https, a name without an address, or a private address; ForbiddenError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    asyncio.run(resolve(url, allow_private=house.settings.webhook_allow_private))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    with house.store.writing() as connection:
        number = endpoints.add(connection, url=url, secret=secret, now=house.now())
        _audit(connection, house, actor=actor, action="add_webhook", endpoint_id=number)
    return Added(number, secret)


def remove_endpoint(house: House, *, actor: Actor, endpoint_id: int) -> None:
    """Tell an address nothing more and drop what waits for it. Raises NotFoundError."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with house.store.writing() as connection:
        _find(connection, endpoint_id)
        endpoints.remove(connection, endpoint_id=endpoint_id)
        _audit(connection, house, actor=actor, action="remove_webhook", endpoint_id=endpoint_id)


def retry_endpoint(house: House, *, actor: Actor, endpoint_id: int) -> int:
    """Send again what was given up, and begin again if the receiver had left; answers how many.

    Raises NotFoundError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with house.store.writing() as connection:
        _find(connection, endpoint_id)
        endpoints.set_disabled(connection, endpoint_id=endpoint_id, at=None)
        revived = outbox.revive(connection, endpoint_id=endpoint_id, now=house.now())
        _audit(
            connection,
            house,
            actor=actor,
            action="retry_webhook",
            endpoint_id=endpoint_id,
            messages=revived,
        )
    return revived


def retire_endpoint(house: House, *, endpoint_id: int) -> None:
    """A receiver answered 410 Gone: send it nothing more, and give up what waits for it."""
    now = house.now()
    with house.store.writing() as connection:
        endpoint = endpoints.find(connection, endpoint_id=endpoint_id)
        if endpoint is None or endpoint.disabled_at is not None:
            return
        endpoints.set_disabled(connection, endpoint_id=endpoint_id, at=now)
        buried = outbox.bury(connection, endpoint_id=endpoint_id, error="status 410", now=now)
        _audit(
            connection,
            house,
            actor=SERVICE,
            action="retire_webhook",
            endpoint_id=endpoint_id,
            messages=buried,
        )


def list_endpoints(house: House, *, actor: Actor) -> list[Endpoint]:
    """Every endpoint, disabled ones too."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with house.store.reading() as connection:
        return endpoints.every(connection)


def list_dead(house: House, *, actor: Actor) -> list[Message]:
    """Messages that were given up, the oldest first."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with house.store.reading() as connection:
        return outbox.dead(connection)


def _find(connection: Connection, endpoint_id: int) -> Endpoint:
    found = endpoints.find(connection, endpoint_id=endpoint_id)
    if found is None:
        raise NotFoundError("webhook: expected the number of an endpoint, got another")
    return found


def _audit(
    connection: Connection,
    house: House,
    *,
    actor: Actor,
    action: str,
    endpoint_id: int,
    **details: int,
) -> None:
    """Never the address: its path may hold a token."""
    audit.write(
        connection,
        at=house.now(),
        actor=actor.name,
        action=action,
        subject=f"webhook:{endpoint_id}",
        details=details,
    )
