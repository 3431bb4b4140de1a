"""What surrounds a contract: the person's other contracts, and a change of its employer.

Codes travel, with a day where there is one; pages have the words. Nothing of the other contract is
told but that it is there: whose case it is and where stays with those who may see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from features.point_in_time.rupture import DEFINITION
from serving.context import ReadSession
from serving.store import caseload
from serving.store.contract_summaries import ContractSummary

SIREN_LENGTH = 9  # of a SIRET: the company; the rest is the establishment
REENTRY = timedelta(days=DEFINITION.reentry_days)


class Circumstance(StrEnum):
    """What surrounds a contract."""

    TWO_CENTRES = "two_centres"  # another contract runs in another training centre
    TWO_CONTRACTS = "two_contracts"  # another contract runs
    AFTER_ANOTHER = "after_another"  # it follows a contract of the person that ended that day
    RETURNED = "returned"  # it is over and the person has a next contract since that day
    ESTABLISHMENT_CHANGED = "establishment_changed"  # of the same company, known that day
    EMPLOYER_CHANGED = "employer_changed"  # another company, known that day


class Surrounding(NamedTuple):
    """A circumstance, and its day where it has one."""

    code: Circumstance
    day: date | None = None


def surroundings_of(
    reads: ReadSession,
    summaries: Sequence[ContractSummary],
    *,
    employers: Mapping[str, Sequence[tuple[date, str]]] | None = None,
) -> dict[str, tuple[Surrounding, ...]]:
    """Return what surrounds each contract, by contract; contracts without any are left out.

    `employers` is the day known and the SIRET of each version, oldest first, read when not given.
    """
    others = caseload.of_persons(reads.connection, {one.person_id for one in summaries})
    if employers is None:
        ids = [one.contract_id for one in summaries]
        employers = caseload.employers_over_time(reads.connection, ids)
    found = {
        one.contract_id: (
            *_beside(one, others[one.person_id], today=reads.today),
            *_moved(employers.get(one.contract_id, [])),
        )
        for one in summaries
    }
    return {contract_id: stated for contract_id, stated in found.items() if stated}


def _beside(
    one: ContractSummary, others: Iterable[ContractSummary], *, today: date
) -> Iterable[Surrounding]:
    """What the person's other contracts are to this one."""
    rest = [o for o in others if o.contract_id != one.contract_id]
    beside = [o for o in rest if one.is_open(today) and o.is_open(today)]
    if any(_elsewhere(one, other) for other in beside):
        yield Surrounding(Circumstance.TWO_CENTRES)
    elif beside:
        yield Surrounding(Circumstance.TWO_CONTRACTS)
    if left := [o.ended_on for o in rest if o.ended_on and _follows(one, o)]:
        yield Surrounding(Circumstance.AFTER_ANOTHER, max(left))
    if back := [o.started_on for o in rest if _follows(o, one)]:
        yield Surrounding(Circumstance.RETURNED, min(back))


def _elsewhere(one: ContractSummary, other: ContractSummary) -> bool:
    centres = {one.training_centre_uai, other.training_centre_uai}
    return None not in centres and len(centres) > 1


def _follows(later: ContractSummary, earlier: ContractSummary) -> bool:
    """Return whether a contract began within 180 days of the declared end of another."""
    if earlier.ended_on is None or later.started_on <= earlier.started_on:
        return False
    return earlier.ended_on <= later.started_on <= earlier.ended_on + REENTRY


def _moved(employers: Sequence[tuple[date, str]]) -> Iterable[Surrounding]:
    """Return the last change of the employer's SIRET among the versions of a contract."""
    changes = [
        (day, before, now) for (_, before), (day, now) in pairwise(employers) if before != now
    ]
    for day, before, now in changes[-1:]:
        same = before[:SIREN_LENGTH] == now[:SIREN_LENGTH]
        code = Circumstance.ESTABLISHMENT_CHANGED if same else Circumstance.EMPLOYER_CHANGED
        yield Surrounding(code, day)
