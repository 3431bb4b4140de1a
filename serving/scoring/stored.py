"""Assessing what the store holds, one contract or a chunk of the night, through the same functions.

What crosses contracts (past ruptures of an employer, a sector, a centre, a person) is read as sums
kept by the store; everything else is the case's own records.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from features.point_in_time.days import days_of
from features.point_in_time.exposure import entity_keys
from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import Versions
from serving.predictor.scorer import Assessment, Scorer
from serving.store import history
from serving.store.engine import Connection

ENDED = "non évalué : le contrat est terminé"


def assess_stored(
    connection: Connection,
    versions: Versions,
    *,
    scorer: Scorer,
    contract_ids: Sequence[str],
    as_of: date,
    known: History | None = None,
) -> list[Assessment]:
    """Return the assessment of each contract from every version of its records, in their order.

    `known` is what crosses contracts on that morning; without it, it is read for these contracts.
    """
    contracts = RecordArrays.of_rows(versions.contracts, CONTRACT)
    index = Index.of_columns(
        contracts=contracts,
        interviews=RecordArrays.of_rows(versions.interviews, INTERVIEW),
        events=RecordArrays.of_rows(versions.events, EVENT),
        history=known or _history(connection, contracts, as_of),
    )
    found = scorer.assess(index, contract_ids=list(contract_ids), as_of=[as_of] * len(contract_ids))
    ended = {row.contract_id for row in versions.outcomes}
    return [without_score(one, ENDED) if one.contract_id in ended else one for one in found]


def without_score(assessment: Assessment, why: str) -> Assessment:
    """Return the same case without any score, because of what its records say."""
    return replace(
        assessment,
        why_not=why,
        risk=None,
        level=None,
        base_rate=None,
        base_value=None,
        similar=None,
        reasons=[],
        contributions=None,
    )


def known_keys(contracts: RecordArrays) -> dict[str, list[str]]:
    """Return the distinct known keys of each entity of these contracts."""
    return {
        entity: [key for key in dict.fromkeys(keys.tolist()) if key is not None]
        for entity, keys in entity_keys(contracts).items()
    }


def whole_history(connection: Connection, as_of: date) -> History:
    """Return what crosses contracts, of every entity, as it was known that morning."""
    return known_history(history.all_sums_before(connection, day=day_of(as_of)), as_of)


def known_history(sums: list[Any], as_of: date) -> History:
    """Return the history of one morning, from sums taken before it."""
    return History.of_sums(sums, as_of=day_of(as_of))


def day_of(as_of: date) -> int:
    """Return the number of a day, as the increments count."""
    return int(days_of([as_of])[0])


def _history(connection: Connection, contracts: RecordArrays, as_of: date) -> History:
    """Return what the store knows of the past of these contracts' entities on a morning."""
    sums = history.sums_before(connection, known_keys(contracts), day=day_of(as_of))
    return known_history(sums, as_of)
