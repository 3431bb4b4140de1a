"""The one place where the live service makes an Index: of stored and of submitted cases alike.

What crosses contracts (past ruptures of an employer, a sector, a centre, a person) is read as sums
held by the store; everything else is the cases' own records.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from features.point_in_time.days import days_of
from features.point_in_time.history import History
from features.point_in_time.past_ruptures import entity_keys
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import Versions
from serving.store import history
from serving.store.engine import Connection

OWN = "contract"  # the entity that a contract is by itself


def index_of(
    connection: Connection,
    versions: Versions,
    *,
    as_of: date,
    known: History | None = None,
    stored_ids: Sequence[str] | None = None,
) -> Index:
    """Return the Index of every version of the records of some contracts.

    `known` is what crosses contracts on that morning; without it, it is read for these contracts.
    `stored_ids` are the contracts as the store names them, aligned with `versions.contracts`, where
    they go by other ids there.
    """
    contracts = RecordArrays.of_rows(versions.contracts, CONTRACT)
    return Index.of_columns(
        contracts=contracts,
        interviews=RecordArrays.of_rows(versions.interviews, INTERVIEW),
        events=RecordArrays.of_rows(versions.events, EVENT),
        history=known or _history(connection, contracts, as_of=as_of, stored_ids=stored_ids),
    )


def whole_history(connection: Connection, as_of: date) -> History:
    """Return what crosses contracts, of every entity, as it was known that morning."""
    day = _day_of(as_of)
    return History.of_sums(history.all_sums_before(connection, day=day), as_of=day)


def _history(
    connection: Connection,
    contracts: RecordArrays,
    *,
    as_of: date,
    stored_ids: Sequence[str] | None,
) -> History:
    """Return what the store knows of the past of these contracts' entities on a morning."""
    keys, day = _known_keys(contracts), _day_of(as_of)
    if stored_ids is not None:
        keys[OWN] = list(dict.fromkeys(stored_ids))
    sums: list[Any] = history.sums_before(connection, keys, day=day)
    if stored_ids is not None:
        sums = _renamed(sums, contracts["contract_id"].tolist(), stored_ids)
    return History.of_sums(sums, as_of=day)


def _renamed(sums: list[Any], ids: Sequence[str], stored_ids: Sequence[str]) -> list[Any]:
    """Return the sums with those of each contract under the id that it goes by here."""
    own = {key: amounts for entity, key, *amounts in sums if entity == OWN}
    renamed = [
        (OWN, here, *own[stored])
        for here, stored in zip(ids, stored_ids, strict=True)
        if stored in own
    ]
    return [*(row for row in sums if row[0] != OWN), *renamed]


def _known_keys(contracts: RecordArrays) -> dict[str, list[str]]:
    """Return the distinct known keys of each entity of these contracts."""
    return {
        entity: [key for key in dict.fromkeys(keys.tolist()) if key is not None]
        for entity, keys in entity_keys(contracts).items()
    }


def _day_of(as_of: date) -> int:
    """Return the number of a day, as the increments count."""
    return int(days_of([as_of])[0])
