"""The explanation to hand out: what the score is, what it rests on, all that is stored, the rights.

One document for the person it is about, shown as a page of the site or written to a file that needs
nothing else.
"""

from dataclasses import dataclass
from datetime import date

from features.records.declarations import CONTRACT, WITHDRAWN
from features.records.rows import ContractRow
from features.records.schema import Privacy
from serving.actors import Language
from serving.context import AppContext
from serving.pages.case.reasons import ReasonView
from serving.pages.case.view import CaseView, case_view
from serving.pages.shared.formatting import day_in_words, number, percent
from serving.pages.shared.record_values import format_value
from serving.pages.shared.rendering import Frame, render
from serving.queries.caseload import horizon_days
from serving.queries.cases import CaseFile
from serving.wording import Wording, wording


@dataclass(frozen=True)
class HandoutView:
    """What the explanation shows beside the case itself."""

    case: CaseView
    today_words: str
    started_on: str
    planned_end_on: str
    average: str
    raising: tuple[ReasonView, ...]
    lowering: tuple[ReasonView, ...]
    facts: tuple[tuple[str, str], ...]
    retention_years: str


def handout_of(file: CaseFile, context: AppContext, *, t: Wording) -> HandoutView:
    """Return the explanation of a case as of today."""
    return handout_view(
        file,
        horizon_days=horizon_days(context),
        today=context.today,
        retention_years=context.settings.retention_years,
        t=t,
    )


def handout_view(
    file: CaseFile, *, horizon_days: int, today: date, retention_years: float, t: Wording
) -> HandoutView:
    """Return the explanation of a case, with every fact of the contract in force but its ids."""
    contract = file.versions.contracts[-1]
    case = case_view(file, horizon_days=horizon_days, today=today, t=t)
    balance, assessment = case.balance, file.summary.assessment
    base_rate = (assessment.base_rate if assessment else None) or 0.0
    reasons = balance.within_reach + balance.out_of_reach if balance else ()

    def words(day: date) -> str:
        return day_in_words(day, language=t.language)

    return HandoutView(
        case=case,
        today_words=words(today),
        started_on=words(contract.started_on),
        planned_end_on=words(contract.planned_end_on),
        average=percent(base_rate, language=t.language, digits=1),
        raising=tuple(reason for reason in reasons if reason.bar.raises),
        lowering=tuple(reason for reason in reasons if not reason.bar.raises),
        facts=_facts_of(contract),
        retention_years=number(retention_years, language=t.language, digits=1),
    )


def handout_file(file: CaseFile, context: AppContext, *, language: Language = "fr") -> str:
    """Return the explanation of a case as one HTML file without scripts, made to be printed."""
    view = handout_of(file, context, t=wording(language))
    return render("handout_file.html", Frame(language=language), view=view)


def _facts_of(contract: ContractRow) -> tuple[tuple[str, str], ...]:
    """Label and value of each fact that is known, those that only audits use included."""
    known = ((column, getattr(contract, column.name)) for column in CONTRACT.columns)
    return tuple(
        (column.label, format_value(column, value))
        for column, value in known
        if value is not None and column.privacy is not Privacy.PSEUDONYM and column is not WITHDRAWN
    )
