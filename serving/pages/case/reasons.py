"""The reasons of a score: signed bars whose written figures add up to the score that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.records.rows import ContractRow, EventRow, InterviewRow
from models.reasons import Reason
from serving.pages.case.sources import Source, sources_of
from serving.pages.shared.formatting import percent, signed
from serving.pages.shared.suggestions import Advice, suggestions
from serving.pages.shared.weights import log_odds, weight_key
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

HALF = 50.0


@dataclass(frozen=True)
class Bar:
    """One signed bar, in hundredths of the axis whose middle is zero."""

    x: float
    width: float
    raises: bool


@dataclass(frozen=True)
class ReasonView:
    """A reason as it is read; `figure` is its contribution in log-odds, as written."""

    group: str
    label: str
    sentence: str
    figure: str
    weight: str
    bar: Bar
    within_reach: bool
    sources: tuple[Source, ...]
    advice: Advice


@dataclass(frozen=True)
class Sum:
    """The sum as written: start + raises + lowers = total, to the last figure shown."""

    start: str
    raises: str
    lowers: str
    total: str
    percent: str


@dataclass(frozen=True)
class Balance:
    """Why this score: reasons in and out of the advisor's hands, the rest, and the sum."""

    within_reach: tuple[ReasonView, ...]
    out_of_reach: tuple[ReasonView, ...]
    rest: str
    rest_bar: Bar
    sum: Sum


def balance_of(
    assessment: StoredAssessment,
    *,
    contract: ContractRow,
    interviews: Sequence[InterviewRow],
    events: Sequence[EventRow],
    t: Wording,
) -> Balance | None:
    """Return the reasons of an assessment; None when it was not assessed.

    Figures are rounded to hundredths, and what rounding leaves goes to « the rest », so that what
    is written adds up exactly: start + every figure + rest = total.
    """
    if assessment.risk is None or assessment.base_value is None:
        return None
    figures = [round(100 * reason.contribution) for reason in assessment.reasons]
    start, total = round(100 * assessment.base_value), round(100 * log_odds(assessment.risk))
    rest = total - start - sum(figures)
    top = max((abs(figure) for figure in (*figures, rest)), default=1) or 1
    views = [
        _reason(reason, figure, top, t, _sources(reason, contract, interviews, events))
        for reason, figure in zip(assessment.reasons, figures, strict=True)
    ]
    return Balance(
        within_reach=tuple(view for view in views if view.within_reach),
        out_of_reach=tuple(view for view in views if not view.within_reach),
        rest=signed(rest / 100, language=t.language),
        rest_bar=_bar(rest, top),
        sum=_sum(start, [*figures, rest], total, assessment.risk, t.language),
    )


def _short_weight(contribution: float) -> str:
    return weight_key(contribution).rpartition("_")[0]


def _reason(
    reason: Reason, figure: int, top: int, t: Wording, sources: tuple[Source, ...]
) -> ReasonView:
    return ReasonView(
        group=reason.group,
        label=reason.label,
        sentence=reason.sentence,
        figure=signed(figure / 100, language=t.language),
        weight=t(_short_weight(reason.contribution)),
        bar=_bar(figure, top),
        within_reach=reason.within_reach,
        sources=sources,
        advice=suggestions().of_group(reason.group, theme=reason.theme),
    )


def _sources(
    reason: Reason,
    contract: ContractRow,
    interviews: Sequence[InterviewRow],
    events: Sequence[EventRow],
) -> tuple[Source, ...]:
    return sources_of(reason.group, contract=contract, interviews=interviews, events=events)


def _bar(figure: int, top: int) -> Bar:
    width = round(HALF * abs(figure) / top, 2)
    return Bar(HALF if figure > 0 else HALF - width, width, figure > 0)


def _sum(start: int, figures: Sequence[int], total: int, risk: float, language: str) -> Sum:
    raises, lowers = sum(f for f in figures if f > 0), sum(f for f in figures if f < 0)
    return Sum(
        start=signed(start / 100, language=language),
        raises=signed(raises / 100, language=language),
        lowers=signed(lowers / 100, language=language),
        total=signed(total / 100, language=language),
        percent=percent(risk, language=language, digits=1),
    )
