"""What may be read, by whom: absent and not allowed are told alike."""

from dataclasses import dataclass, replace
from typing import Any

from features.common.errors import NotFoundError
from serving.actors import Actor
from serving.context import AppContext
from serving.store import assessments, contract_summaries, directory, feedback, records, suspensions
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary
from serving.store.engine import Connection
from serving.store.records import Versions
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


def case_of(context: AppContext, *, actor: Actor, contract_id: str) -> ContractSummary:
    """Return where a contract stands. Raises NotFoundError."""
    with context.store.reading() as connection:
        return _unscored(connection, _seen(connection, actor, contract_id))


def latest_assessment(context: AppContext, *, actor: Actor, contract_id: str) -> StoredAssessment:
    """Return the last assessment of a contract. Raises NotFoundError."""
    with context.store.reading() as connection:
        _seen(connection, actor, contract_id)
        found = assessments.latest(connection, contract_id)
        if found is None:
            raise NotFoundError("assessment: expected one of this contract, got none yet")
        return _hidden([found], suspensions.current(connection))[0]


def assessment_history(
    context: AppContext, *, actor: Actor, contract_id: str
) -> list[StoredAssessment]:
    """Return every assessment of a contract, the latest first. Raises NotFoundError."""
    with context.store.reading() as connection:
        _seen(connection, actor, contract_id)
        found = assessments.history(connection, contract_id)
        return _hidden(found, suspensions.current(connection))


def changed_assessments(
    context: AppContext,
    *,
    actor: Actor,
    after_id: int,
    limit: int,
    level: str | None = None,
    advisor_id: str | None = None,
    site: str | None = None,
) -> list[StoredAssessment]:
    """Assessments made after the one numbered `after_id`, in order, of what the actor may see."""
    with context.store.reading() as connection:
        suspension = suspensions.current(connection)
        # Filtering by a level that is not shown would show it.
        if suspension is not None and level is not None:
            return []
        found = assessments.after(
            connection,
            seen=contract_summaries.visible_to(actor),
            after_id=after_id,
            limit=limit,
            level=level,
            advisor_id=advisor_id,
            site=site,
        )
        return _hidden(found, suspension)


def case_records(context: AppContext, *, actor: Actor, contract_id: str) -> CaseRecords:
    """Return every version of every record of a contract, and what was answered.

    Raises NotFoundError.
    """
    with context.store.reading() as connection:
        _seen(connection, actor, contract_id)
        answers = [dict(row) for row in feedback.of_contract(connection, contract_id)]
        return CaseRecords(records.versions_of(connection, contract_id), answers)


def names_of(context: AppContext, *, cases: list[ContractSummary]) -> Names:
    """Names of the persons and organisations of cases that the caller was allowed to see."""
    with context.store.reading() as connection:
        organisations = {case.employer_siret for case in cases} | {
            case.training_centre_uai for case in cases
        }
        return Names(
            directory.names_of_persons(connection, {case.person_id for case in cases}),
            directory.names_of_organisations(connection, {o for o in organisations if o}),
        )


def suspension(context: AppContext) -> Suspension | None:
    """Return the suspension that stands; None when scores are shown."""
    with context.store.reading() as connection:
        return suspensions.current(connection)


def _seen(connection: Connection, actor: Actor, contract_id: str) -> ContractSummary:
    found = contract_summaries.find(
        connection, contract_id, seen=contract_summaries.visible_to(actor)
    )
    if found is None:
        raise NotFoundError("contract: expected one that is kept and yours to see, got another id")
    return found


def _unscored(connection: Connection, contract_summary: ContractSummary) -> ContractSummary:
    if suspensions.current(connection) is None:
        return contract_summary
    return replace(contract_summary, status=SUSPENDED, level=None, risk=None)


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
