"""Full deliveries of training centres, and which versions came in a delivery."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select

from features.records.rows import Versions
from serving.store.contract_summaries import ContractSummary, where
from serving.store.records import slices
from serving.store.tables import contract_summaries, contracts, deliveries, outcomes


@dataclass(frozen=True)
class Delivery:
    """The state of a centre's learners of a school year, as received on a day."""

    training_centre_uai: str
    school_year: int
    received_on: date
    learners: int


def add(
    connection: Connection, delivery: Delivery, *, recorded_at: datetime, recorded_by: str
) -> bool:
    """Add a full delivery, unless it is known already, and return whether it was new."""
    t = deliveries.c
    same = (t.training_centre_uai == delivery.training_centre_uai) & (
        t.received_on == delivery.received_on
    )
    if connection.execute(select(t.id).where(same).limit(1)).first() is not None:
        return False
    recorded = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    connection.execute(insert(deliveries), [{**vars(delivery), **recorded}])
    return True


def days_by_centre(connection: Connection, centres: Iterable[str]) -> dict[str, list[date]]:
    """Return the days of the full deliveries of some centres, in order."""
    found: dict[str, list[date]] = {}
    for centre, day in connection.execute(_DAYS, {"centres": sorted(centres)}):
        found.setdefault(centre, []).append(day)
    return found


def contracts_of_centre(connection: Connection, centre: str) -> list[str]:
    """Return the contracts of a centre, withdrawn ones apart, by id."""
    t = contract_summaries.c
    query = select(t.contract_id).where(t.training_centre_uai == centre, t.withdrawn.is_(False))
    return list(connection.execute(query.order_by(t.contract_id)).scalars())


def contracts_of_persons(
    connection: Connection, person_ids: Collection[str]
) -> list[ContractSummary]:
    """Return the contracts of some persons that came in deliveries, by contract."""
    t, found = contracts.c, []
    for part in slices(sorted(person_ids)):
        delivered = select(t.contract_id).where(t.person_id.in_(part), t.delivered.is_(True))
        found += where(connection, contract_summaries.c.contract_id.in_(delivered))
    return found


def delivered_days(
    connection: Connection, contract_ids: Sequence[str]
) -> tuple[dict[str, set[date]], dict[str, set[date]]]:
    """Days on which each contract, and each end, came in a delivery, by contract."""
    found: list[dict[str, set[date]]] = []
    for table in (contracts, outcomes):
        t = table.c
        query = select(t.contract_id, t.known_on).where(
            t.contract_id.in_(contract_ids), t.delivered.is_(True), t.withdrawn.is_(False)
        )
        days: dict[str, set[date]] = {}
        for contract_id, day in connection.execute(query):
            days.setdefault(contract_id, set()).add(day)
        found.append(days)
    return found[0], found[1]


def centres_of(versions: Versions) -> set[str]:
    """Return the centres of the contracts of some versions."""
    return {row.training_centre_uai for row in versions.contracts if row.training_centre_uai}


_DAYS = (
    select(deliveries.c.training_centre_uai, deliveries.c.received_on)
    .where(deliveries.c.training_centre_uai.in_(bindparam("centres", expanding=True)))
    .order_by(deliveries.c.received_on)
)
