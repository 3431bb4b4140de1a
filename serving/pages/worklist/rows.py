"""The worklist: one row per contract, in the order of urgency, with what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.reasons import Reason
from serving.pages.shared.case_words import UNSEEN_DAYS, last_seen, notices, training_of, why_not
from serving.pages.shared.chances import Chances, chances_of
from serving.pages.shared.drawing import Line, Track, line_of, track_of
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.levels import LevelView, level_view
from serving.pages.shared.suggestions import suggestions
from serving.pages.shared.weights import log_odds
from serving.queries.case_summary import CaseSummary
from serving.wording import Wording

TREND_DAYS = 28
TREND_STEP = 0.25  # log-odds over the month that make a rise or a fall
CHANGE_STEP = 0.1
SHOWN_DAYS = 90
CONTACT = "contact"  # nobody seen lately is to be reached again


@dataclass(frozen=True)
class ShortReason:
    """A reason in a list: its sentence (French) and whether it raises the risk."""

    sentence: str
    raises: bool

    def effect(self, t: Wording) -> str:
        """Return what it does to the risk, in words."""
        return t("weight.more") if self.raises else t("weight.less")


@dataclass(frozen=True)
class WorklistRow:
    """One contract of the list, ready to be written out."""

    contract_id: str
    person: str
    training: str
    employer: str
    centre: str
    level: LevelView
    chances: Chances | None
    why_not: str | None
    notices: tuple[str, ...]
    track: Track
    trend: str
    line: Line | None
    changed: ShortReason | None
    reasons: tuple[ShortReason, ...]
    last_seen: str
    next_step: str
    random: bool
    snoozed_until: str | None


def worklist_rows(
    cases: Sequence[CaseSummary],
    *,
    horizon_days: int,
    today: date,
    t: Wording,
    random: frozenset[str] = frozenset(),
) -> tuple[WorklistRow, ...]:
    """Return the rows of a list, in the order given; `random` marks those that were drawn."""
    top = max((case.risk or 0.0 for case in cases), default=0.0) * 1.1 or 1.0
    return tuple(
        _row(case, horizon_days=horizon_days, today=today, t=t, top=top, random=random)
        for case in cases
    )


def _row(
    case: CaseSummary,
    *,
    horizon_days: int,
    today: date,
    t: Wording,
    top: float,
    random: frozenset[str],
) -> WorklistRow:
    assessment, contract_summary = case.assessment, case.contract_summary
    morning = assessment.as_of if assessment else today
    return WorklistRow(
        contract_id=case.contract_id,
        person=case.person,
        training=training_of(case.contract, t=t),
        employer=case.employer,
        centre=case.centre,
        level=level_view(assessment, t=t),
        chances=chances_of(
            assessment, horizon_end=morning + timedelta(days=horizon_days), today=today, t=t
        ),
        why_not=why_not(case, t=t),
        notices=notices(case, today=today, t=t),
        track=track_of(
            started_on=contract_summary.started_on,
            planned_end_on=contract_summary.planned_end_on,
            trial_end_on=case.contract.trial_end_on,
            on=today,
        ),
        trend=t(f"trend.{trend_of(case, today=today)}"),
        line=line_of(case.past, first=_first_shown(case, today), last=morning, top=top),
        changed=_changed(case),
        reasons=_first_reasons(case),
        last_seen=last_seen(case, today=today, t=t),
        next_step=next_step(case, today=today, t=t),
        random=case.contract_id in random,
        snoozed_until=_snoozed(case, today, t),
    )


def trend_of(case: CaseSummary, *, today: date) -> str:
    """`rising`, `falling`, `steady`, or `new` when nothing is known of a month ago."""
    risk = case.risk
    morning = case.assessment.as_of if case.assessment else today
    before = [r for day, r in case.past if day <= morning - timedelta(days=TREND_DAYS)]
    if risk is None or not before:
        return "new"
    moved = log_odds(risk) - log_odds(before[-1])
    return "rising" if moved > TREND_STEP else "falling" if moved < -TREND_STEP else "steady"


def next_step(case: CaseSummary, *, today: date, t: Wording) -> str:
    """Return the next thing to do.

    What is missing first, then what weighs most and can be acted on.
    """
    if case.not_transmitted_since is not None:
        return t("step.ask_centre")
    days = case.days_since_interview(today)
    if days is None:
        return t("step.first_interview")
    if not case.is_assessed and case.suspended is None:
        return t("step.complete")
    lead = next((r for r in _to_act_on(case) if r.group != CONTACT or days > UNSEEN_DAYS), None)
    if lead is None:
        return t("step.reconnect") if days > UNSEEN_DAYS else t("step.regular")
    return suggestions().of_group(lead.group, theme=lead.theme).step


def _to_act_on(case: CaseSummary) -> list[Reason]:
    """Return the reasons that raise the risk and can be acted on, heaviest first."""
    reasons = case.assessment.reasons if case.assessment else []
    return [r for r in reasons if r.within_reach and r.contribution > 0]


def _first_shown(case: CaseSummary, today: date) -> date:
    shown = [day for day, _ in case.past if day >= today - timedelta(days=SHOWN_DAYS)]
    return min(shown, default=today)


def _changed(case: CaseSummary) -> ShortReason | None:
    changes = case.assessment.changes if case.assessment else []
    lead = max(changes, key=lambda change: abs(change.change), default=None)
    if lead is None or abs(lead.change) < CHANGE_STEP:
        return None
    return ShortReason(lead.label, lead.change > 0)


def _first_reasons(case: CaseSummary) -> tuple[ShortReason, ...]:
    reasons = case.assessment.reasons[:2] if case.assessment else []
    return tuple(ShortReason(r.sentence, r.contribution > 0) for r in reasons)


def _snoozed(case: CaseSummary, today: date, t: Wording) -> str | None:
    if case.snoozed_until is None or not case.is_snoozed(today):
        return None
    return day_in_words(case.snoozed_until, language=t.language, today=today)
