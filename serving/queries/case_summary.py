"""A case as lists show it: what the store holds about one contract, gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.records.rows import ContractRow
from serving.context import ReadSession
from serving.queries.circumstances import Surrounding
from serving.store import directory
from serving.store.assessments import StoredAssessment
from serving.store.caseload import ContractFacts
from serving.store.contract_summaries import ContractSummary

__all__ = ["ContractFacts", "ContractSummary"]  # what a case is made of, for those who show it


@dataclass(frozen=True)
class Names:
    """Names to show: persons by id, organisations by SIRET or UAI."""

    persons: dict[str, tuple[str, str]]
    organisations: dict[str, str]

    def of_person(self, summary: ContractSummary) -> str:
        """Return the name to show for a case; its id when no name is stored."""
        given, family = self.persons.get(summary.person_id, ("", ""))
        return f"{given} {family}".strip() or summary.contract_id

    def of_organisation(self, organisation_id: str | None) -> str:
        """Return the name of an employer or a centre; its id when no name is stored."""
        return self.organisations.get(organisation_id or "", organisation_id or "—")


@dataclass(frozen=True)
class CaseSummary:
    """One contract of a caseload.

    `contract` is the version in force of its record, `past` the earlier risks by day (oldest
    first), `assessment` the latest. `suspended` says why scoring is suspended, None while it is on.
    Names are shown to those who may see the case, nobody else.
    """

    contract_summary: ContractSummary
    contract: ContractFacts
    person: str
    employer: str
    centre: str
    assessment: StoredAssessment | None
    past: tuple[tuple[date, float], ...] = ()
    snoozed_until: date | None = None
    suspended: str | None = None
    surroundings: tuple[Surrounding, ...] = ()

    @property
    def contract_id(self) -> str:
        """The contract's identifier."""
        return self.contract_summary.contract_id

    @property
    def is_assessed(self) -> bool:
        """Whether there is a risk to show."""
        return self.risk is not None

    @property
    def risk(self) -> float | None:
        """The risk of the latest assessment; None when it was not assessed."""
        return None if self.assessment is None else self.assessment.risk

    def is_snoozed(self, today: date) -> bool:
        """Return whether the advisor put the case aside until a later day."""
        return self.snoozed_until is not None and self.snoozed_until > today

    @property
    def not_transmitted_since(self) -> date | None:
        """The day of the first full delivery that the contract was no longer in; None otherwise."""
        return self.contract_summary.not_transmitted_since

    def announced_end(self, today: date) -> date | None:
        """Return the day of a declared end that has not passed; None without one."""
        ended_on = self.contract_summary.ended_on
        return ended_on if ended_on is not None and ended_on >= today else None

    def days_since_interview(self, today: date) -> int | None:
        """Days since the last interview that was held; None when there was none."""
        last = self.contract_summary.last_held_on
        return None if last is None else max((today - last).days, 0)


def case_summary_of(
    summary: ContractSummary,
    contract: ContractFacts,
    *,
    names: Names,
    assessment: StoredAssessment | None,
    suspended: str | None,
    surroundings: tuple[Surrounding, ...] = (),
) -> CaseSummary:
    """Return a case; without level and risk when there is no assessment to show."""
    return CaseSummary(
        contract_summary=summary if assessment else summary.without_score(),
        contract=contract,
        person=names.of_person(summary),
        employer=names.of_organisation(summary.employer_siret),
        centre=names.of_organisation(summary.training_centre_uai),
        assessment=assessment,
        suspended=suspended,
        surroundings=surroundings,
    )


def facts_of(contract: ContractRow) -> ContractFacts:
    """Return what lists show of a version of a contract."""
    return ContractFacts._make(getattr(contract, name) for name in ContractFacts._fields)


def names_of(reads: ReadSession, summaries: Sequence[ContractSummary]) -> Names:
    """Return names of the persons and organisations of cases that the actor may see."""
    siret = {one.employer_siret for one in summaries}
    organisations = siret | {one.training_centre_uai for one in summaries}
    return Names(
        directory.names_of_persons(reads.connection, {one.person_id for one in summaries}),
        directory.names_of_organisations(reads.connection, {o for o in organisations if o}),
    )
