"""What may be read, by whom: absent and not allowed are told alike."""

from dataclasses import dataclass, replace
from typing import Any

from features.common.errors import NotFoundError
from serving.actors import Actor
from serving.context import House
from serving.store import assessments, directory, feedback, records, standings, suspensions
from serving.store.assessments import StoredAssessment
from serving.store.engine import Connection
from serving.store.records import Versions
from serving.store.standings import Standing
from serving.store.suspensions import Suspension

SUSPENDED = "suspended"


@dataclass(frozen=True)
class CaseRecords:
    """Everything kept of a contract, every version, oldest first."""

    versions: Versions
    feedback: list[dict[str, Any]]


@dataclass(frozen=True)
class Names:
    """Names to show: persons by id, organisations by SIRET or UAI."""

    persons: dict[str, tuple[str, str]]
    organisations: dict[str, str]


def case_of(house: House, *, actor: Actor, contract_id: str) -> Standing:
    """Where a contract stands. Raises NotFoundError."""
    with house.store.reading() as connection:
        return _unscored(connection, _seen(connection, actor, contract_id))


def latest_assessment(house: House, *, actor: Actor, contract_id: str) -> StoredAssessment:
    """The last assessment of a contract. Raises NotFoundError."""
    with house.store.reading() as connection:
        _seen(connection, actor, contract_id)
        found = assessments.latest(connection, contract_id)
        if found is None:
            raise NotFoundError("assessment: expected one of this contract, got none yet")
        return _hidden([found], suspensions.current(connection))[0]


def assessment_history(house: House, *, actor: Actor, contract_id: str) -> list[StoredAssessment]:
    """Every assessment of a contract, the latest first. Raises NotFoundError."""
    with house.store.reading() as connection:
        _seen(connection, actor, contract_id)
        found = assessments.history(connection, contract_id)
        return _hidden(found, suspensions.current(connection))


def changed_assessments(
    house: House,
    *,
    actor: Actor,
    after_id: int,
    limit: int,
    level: str | None = None,
    advisor_id: str | None = None,
    site: str | None = None,
) -> list[StoredAssessment]:
    """Assessments made after the one numbered `after_id`, in order, of what the actor may see."""
    with house.store.reading() as connection:
        suspension = suspensions.current(connection)
        # Filtering by a level that is not shown would show it.
        if suspension is not None and level is not None:
            return []
        found = assessments.after(
            connection,
            seen=standings.visible_to(actor),
            after_id=after_id,
            limit=limit,
            level=level,
            advisor_id=advisor_id,
            site=site,
        )
        return _hidden(found, suspension)


def case_records(house: House, *, actor: Actor, contract_id: str) -> CaseRecords:
    """Every version of every record of a contract, and what was answered. Raises NotFoundError."""
    with house.store.reading() as connection:
        _seen(connection, actor, contract_id)
        answers = [dict(row) for row in feedback.of_contract(connection, contract_id)]
        return CaseRecords(records.versions_of(connection, contract_id), answers)


def names_of(house: House, *, cases: list[Standing]) -> Names:
    """Names of the persons and organisations of cases that the caller was allowed to see."""
    with house.store.reading() as connection:
        organisations = {case.employer_siret for case in cases} | {
            case.training_centre_uai for case in cases
        }
        return Names(
            directory.names_of_persons(connection, {case.person_id for case in cases}),
            directory.names_of_organisations(connection, {o for o in organisations if o}),
        )


def suspension(house: House) -> Suspension | None:
    """The suspension that stands; None when scores are shown."""
    with house.store.reading() as connection:
        return suspensions.current(connection)


def _seen(connection: Connection, actor: Actor, contract_id: str) -> Standing:
    found = standings.find(connection, contract_id, seen=standings.visible_to(actor))
    if found is None:
        raise NotFoundError("contract: expected one that is kept and yours to see, got another id")
    return found


def _unscored(connection: Connection, standing: Standing) -> Standing:
    if suspensions.current(connection) is None:
        return standing
    return replace(standing, status=SUSPENDED, level=None, risk=None)


def _hidden(found: list[StoredAssessment], suspension: Suspension | None) -> list[StoredAssessment]:
    """While scoring is suspended no score is shown, however it was made."""
    if suspension is None:
        return found
    return [
        replace(
            assessment,
            status=SUSPENDED,
            why_not=suspension.told,
            risk=None,
            level=None,
            base_rate=None,
            base_value=None,
            similar_cases=None,
            similar_ruptures=None,
            similar_low=None,
            similar_high=None,
            reasons=[],
            contributions=None,
            changes=[],
        )
        for assessment in found
    ]
