"""Runs of the nightly rescoring: begun, how far they went, ended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from serving.store.tables import rescores


@dataclass(frozen=True)
class RescoreRun:
    """One run; `finished_at` is missing while it goes on or after it was cut short."""

    id: int
    as_of: date
    model_version: str
    started_at: datetime
    finished_at: datetime | None
    last_contract_id: str | None
    contracts: int
    scored: int
    unchanged: int


def unfinished(connection: Connection, *, as_of: date, model_version: str) -> RescoreRun | None:
    """Return the last run of this morning and model that was cut short, to go on with."""
    t = rescores.c
    same = (t.as_of == as_of) & (t.model_version == model_version) & t.finished_at.is_(None)
    row = connection.execute(select(rescores).where(same).order_by(t.id.desc()).limit(1)).first()
    return None if row is None else RescoreRun(*row)


def begin(connection: Connection, *, as_of: date, model_version: str, now: datetime) -> RescoreRun:
    """Begin a run."""
    values = {
        "as_of": as_of,
        "model_version": model_version,
        "started_at": now,
        "contracts": 0,
        "scored": 0,
        "unchanged": 0,
    }
    number = connection.execute(insert(rescores).returning(rescores.c.id), values).scalar_one()
    return RescoreRun(int(number), as_of, model_version, now, None, None, 0, 0, 0)


def advance(
    connection: Connection, run_id: int, *, last_contract_id: str, scored: int, unchanged: int
) -> None:
    """Note that the contracts up to `last_contract_id` are done."""
    t = rescores.c
    connection.execute(
        update(rescores)
        .where(t.id == run_id)
        .values(
            last_contract_id=last_contract_id,
            contracts=t.contracts + scored + unchanged,
            scored=t.scored + scored,
            unchanged=t.unchanged + unchanged,
        )
    )


def finish(connection: Connection, run_id: int, *, now: datetime) -> RescoreRun:
    """End a run and return it."""
    connection.execute(update(rescores).where(rescores.c.id == run_id).values(finished_at=now))
    row = connection.execute(select(rescores).where(rescores.c.id == run_id)).one()
    return RescoreRun(*row)


def last_finished(connection: Connection) -> RescoreRun | None:
    """Return the last run that ended well."""
    t = rescores.c
    query = select(rescores).where(t.finished_at.is_not(None)).order_by(t.id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else RescoreRun(*row)
