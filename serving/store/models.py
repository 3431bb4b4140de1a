"""Which models were served, since when, with their card and main figures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from features.common.json_types import JsonObject
from serving.store.tables import models_served


@dataclass(frozen=True)
class ServedModel:
    """A version that answered from `first_served_at` on. `facts` are those of `keep`."""

    version: str
    first_served_at: datetime
    facts: JsonObject


def keep(
    connection: Connection, *, version: str, now: datetime, card: str, facts: JsonObject
) -> bool:
    """Keep that a version is served, unless it is known already and return whether it was new."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"version": version, "first_served_at": now, "card": card, "facts": facts}
    new = dialect.insert(models_served).values(row).on_conflict_do_nothing()
    return connection.execute(new.returning(models_served.c.version)).first() is not None


def is_known(connection: Connection, version: str) -> bool:
    """Return whether a version was served before."""
    t = models_served.c
    return connection.execute(select(t.version).where(t.version == version)).first() is not None


def every(connection: Connection) -> list[ServedModel]:
    """Return every version, the latest first."""
    t = models_served.c
    query = select(t.version, t.first_served_at, t.facts).order_by(t.first_served_at.desc())
    return [ServedModel(*row) for row in connection.execute(query)]
