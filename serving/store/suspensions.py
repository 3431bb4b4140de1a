"""The kill switch: while a suspension stands, no score is made or shown anywhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from serving.store.tables import suspensions


@dataclass(frozen=True)
class Suspension:
    """Scoring was suspended, since when and why."""

    id: int
    why: str
    suspended_at: datetime


def current(connection: Connection) -> Suspension | None:
    """Return the suspension that stands; None when scores are shown."""
    row = connection.execute(_CURRENT).first()
    return None if row is None else Suspension(*row)


def suspend(connection: Connection, *, why: str, now: datetime) -> None:
    """Begin a suspension."""
    connection.execute(insert(suspensions), {"why": why, "suspended_at": now})


def lift(connection: Connection, *, now: datetime) -> int:
    """End every suspension that stands and return how many there were."""
    contract_summary = update(suspensions).where(suspensions.c.lifted_at.is_(None))
    return connection.execute(contract_summary.values(lifted_at=now)).rowcount


# Built once: it is asked at every score.
_CURRENT = (
    select(suspensions.c.id, suspensions.c.why, suspensions.c.suspended_at)
    .where(suspensions.c.lifted_at.is_(None))
    .order_by(suspensions.c.id)
    .limit(1)
)
