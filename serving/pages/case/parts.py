"""Parts of the case page: similar cases, what changed, what was answered, facts of the contract."""

from dataclasses import dataclass
from datetime import date

from features.catalogue.units import number_in_french, plural
from features.records.declarations import CONTRACT
from serving.pages.shared.formatting import day_in_words, number, percent
from serving.pages.shared.record_values import format_value
from serving.queries.assessments import StoredAssessment
from serving.queries.case_summary import ContractFacts
from serving.queries.cases import Feedback
from serving.wording import Wording


@dataclass(frozen=True)
class Similar:
    """What cases of a close risk say of it; `beyond` when the risk lies outside their band."""

    cases: str
    low: str
    high: str
    beyond: bool


@dataclass(frozen=True)
class Answer:
    """An answer an advisor gave about the case."""

    kind: str
    reason: str | None
    comment: str | None
    until: str | None
    day: str


def facts_of(contract: ContractFacts) -> tuple[str, ...]:
    """Kind, form and size of the employer (French), as far as they are known."""
    known = [
        format_value(CONTRACT[name], getattr(contract, name))
        for name in ("kind", "form")
        if getattr(contract, name) is not None
    ]
    headcount = contract.employer_headcount
    if headcount is not None:
        employees = plural(headcount, "salarié", "salariés")
        known.append(f"entreprise de {number_in_french(headcount)} {employees}")
    return tuple(known)


def similar_of(assessment: StoredAssessment | None, *, t: Wording) -> Similar | None:
    """Return what cases of a close risk say; None when nothing was assessed or compared."""
    if assessment is None or not assessment.similar_cases or assessment.risk is None:
        return None
    low, high = assessment.similar_low or 0.0, assessment.similar_high or 1.0
    return Similar(
        cases=number(assessment.similar_cases, language=t.language),
        low=percent(low, language=t.language),
        high=percent(high, language=t.language),
        beyond=not low <= assessment.risk <= high,
    )


def answer_of(row: Feedback, *, today: date, t: Wording) -> Answer:
    """Return an answer as the store keeps it, in words."""
    until = row.until
    return Answer(
        kind=t(f"answer.{row.kind}"),
        reason=None if row.reason is None else t(f"feedback_reason.{row.reason}"),
        comment=row.comment,
        until=None if until is None else day_in_words(until, language=t.language, today=today),
        day=day_in_words(row.made_at.date(), language=t.language, today=today),
    )
