"""A case as the pages read it: what the store answered about one contract, gathered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary

Row = dict[str, Any]


@dataclass(frozen=True)
class CaseSummary:
    """One contract of a caseload.

    `contract` is the version in force of its record, `past` the earlier risks by day (oldest
    first), `assessment` the latest. `suspended` says why scoring is suspended, None while it is on.
    Names are shown to those who may see the case, nobody else.
    """

    contract_summary: ContractSummary
    contract: Row
    person: str
    employer: str
    centre: str
    assessment: StoredAssessment | None
    past: tuple[tuple[date, float], ...] = ()
    snoozed_until: date | None = None
    suspended: str | None = None

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

    def days_since_interview(self, today: date) -> int | None:
        """Days since the last interview that was held; None when there was none."""
        last = self.contract_summary.last_held_on
        return None if last is None else max((today - last).days, 0)
