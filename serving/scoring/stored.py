"""Assessing what the store holds, one contract or a chunk of the night, through the same functions.

What crosses contracts (past ruptures of an employer, a sector, a centre, a person) is read as sums
kept by the store; everything else is the case's own records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from features.point_in_time.days import days_of
from features.point_in_time.exposure import entity_keys
from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import Versions, in_force
from serving.predictor.scorer import Assessment, Scorer
from serving.store import history
from serving.store.engine import Connection

ENDED = "non évalué : le contrat est terminé"
WITHDRAWN = "non évalué : le contrat a été retiré, il avait été enregistré par erreur"
NOT_TRANSMITTED = "non évalué : plus transmis par le centre de formation depuis le {day:%d/%m/%Y}"


def assess_stored(
    connection: Connection,
    versions: Versions,
    *,
    scorer: Scorer,
    contract_ids: Sequence[str],
    as_of: date,
    known: History | None = None,
    not_transmitted: Mapping[str, date] | None = None,
) -> list[Assessment]:
    """Return the assessment of each contract from every version of its records, in their order.

    `known` is what crosses contracts on that morning; without it, it is read for these contracts.
    `not_transmitted` says since when the centre of a contract no longer sends it. A contract that
    was withdrawn has nothing to be described by; an end that lies ahead is no input.
    """
    standing = {row.contract_id for row in in_force(versions.contracts, "contract_id")}
    described = [one for one in contract_ids if one in standing]
    found = _described(connection, versions, scorer, described, as_of, known) if described else []
    why = _why_without_score(versions, as_of, not_transmitted or {})
    made = {
        one.contract_id: without_score(one, why[one.contract_id]) if one.contract_id in why else one
        for one in found
    }
    return [
        made.get(one) or scorer.unassessed(one, as_of=as_of, why=WITHDRAWN) for one in contract_ids
    ]


def _why_without_score(
    versions: Versions, as_of: date, not_transmitted: Mapping[str, date]
) -> dict[str, str]:
    """Return why some contracts get no score, whatever the model would say of them."""
    why = {
        contract_id: NOT_TRANSMITTED.format(day=day)
        for contract_id, day in not_transmitted.items()
        if day < as_of
    }
    ends = in_force(versions.outcomes, "contract_id")
    return why | {row.contract_id: ENDED for row in ends if row.ended_on < as_of}


def _described(
    connection: Connection,
    versions: Versions,
    scorer: Scorer,
    contract_ids: Sequence[str],
    as_of: date,
    known: History | None,
) -> list[Assessment]:
    contracts = RecordArrays.of_rows(versions.contracts, CONTRACT)
    index = Index.of_columns(
        contracts=contracts,
        interviews=RecordArrays.of_rows(versions.interviews, INTERVIEW),
        events=RecordArrays.of_rows(versions.events, EVENT),
        history=known or _history(connection, contracts, as_of),
    )
    return scorer.assess(index, contract_ids=list(contract_ids), as_of=[as_of] * len(contract_ids))


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
