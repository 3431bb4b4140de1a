"""One case, as its page shows it: risk, reasons, changes, ideas, gaps, history, timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.rows import in_force
from serving.pages.case.gaps import Gaps, gaps_of
from serving.pages.case.history import History, history_of
from serving.pages.case.outlook import Outlook, outlook_of, unusual_of
from serving.pages.case.parts import (
    Answer,
    Similar,
    answer_of,
    facts_of,
    similar_of,
)
from serving.pages.case.reasons import Balance, ReasonView, balance_of
from serving.pages.case.timeline import Moment, timeline_of
from serving.pages.case.versions import record_path
from serving.pages.case.withdrawn import Withdrawn, withdrawn_of
from serving.pages.shared.addresses import case_path
from serving.pages.shared.case_words import last_seen, notices, training_of, why_not
from serving.pages.shared.chances import Chances, chances_of
from serving.pages.shared.drawing import Track, track_of
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.levels import LevelView, level_view
from serving.pages.shared.suggestions import Try
from serving.pages.shared.weights import Change, changes_of
from serving.queries.assessments import StoredAssessment
from serving.queries.cases import CaseFile
from serving.wording import Wording

MOST_TRIES = 4
ANSWER_REASONS = {
    "disagree": (
        "level_too_high",
        "level_too_low",
        "situation_changed",
        "information_missing",
        "information_wrong",
        "other",
    ),
    "snooze": ("interview_planned", "known_and_handled", "situation_changed", "other"),
}


@dataclass(frozen=True)
class Idea:
    """A thing to try, and the reason it answers to."""

    because: str
    what: Try


@dataclass(frozen=True)
class CaseView:
    """Everything the case page shows."""

    contract_id: str
    person: str
    facts: tuple[str, ...]
    training: str
    employer: str
    centre: str
    level: LevelView
    chances: Chances | None
    why_not: str | None
    notices: tuple[str, ...]
    similar: Similar | None
    outlook: Outlook | None
    unusual: tuple[str, ...]
    balance: Balance | None
    changes: tuple[Change, ...]
    changed_since: str | None
    ideas: tuple[Idea, ...]
    gaps: Gaps
    history: History | None
    timeline: tuple[Moment, ...]
    withdrawn: tuple[Withdrawn, ...]
    is_withdrawn: bool
    track: Track
    last_seen: str
    answers: tuple[Answer, ...]
    model_version: str | None
    as_of: str | None
    valid_until: str | None
    today: date
    answering: str | None = None
    answer_error: str | None = None

    @property
    def path(self) -> str:
        """The address of the page."""
        return case_path(self.contract_id)

    @property
    def contract_path(self) -> str:
        """The address of the contract's record and its versions."""
        return record_path(self.contract_id, CONTRACT, self.contract_id)

    @property
    def answer_reasons(self) -> dict[str, tuple[str, ...]]:
        """The reasons to choose in, by kind of answer."""
        return ANSWER_REASONS


def case_view(file: CaseFile, *, horizon_days: int, today: date, t: Wording) -> CaseView:
    """Return the page of a case."""
    case, versions, assessments = file.summary, file.versions, file.past
    assessment, contract = case.assessment, versions.contracts[-1]
    interviews = in_force(versions.interviews, INTERVIEW.key)
    events = in_force(versions.events, EVENT.key)
    outcomes = in_force(versions.outcomes, OUTCOME.key)
    as_of = assessment.as_of if assessment else today
    balance = (
        balance_of(assessment, contract=contract, interviews=interviews, events=events, t=t)
        if assessment
        else None
    )
    return CaseView(
        contract_id=case.contract_id,
        person=case.person,
        facts=facts_of(case.contract),
        training=training_of(case.contract, t=t),
        employer=case.employer,
        centre=case.centre,
        level=level_view(assessment, t=t),
        chances=chances_of(
            assessment, horizon_end=as_of + timedelta(days=horizon_days), today=today, t=t
        ),
        why_not=why_not(case, t=t),
        notices=notices(case, today=today, t=t),
        similar=similar_of(assessment, t=t),
        outlook=outlook_of(assessment, t=t),
        unusual=unusual_of(assessment),
        balance=balance,
        changes=changes_of(assessment, t=t),
        changed_since=_since(assessment, assessments, today=today, t=t),
        ideas=_ideas(balance),
        gaps=gaps_of(contract=contract, interviews=interviews, today=today, t=t),
        history=history_of(assessments, interviews=interviews, events=events, today=today, t=t),
        timeline=timeline_of(
            contract=contract,
            interviews=versions.interviews,
            events=versions.events,
            outcome=outcomes[-1] if outcomes else None,
            today=today,
            t=t,
        ),
        withdrawn=withdrawn_of(versions, today=today, t=t),
        is_withdrawn=case.contract_summary.withdrawn,
        track=track_of(
            started_on=case.contract_summary.started_on,
            planned_end_on=case.contract_summary.planned_end_on,
            trial_end_on=contract.trial_end_on,
            on=today,
        ),
        last_seen=last_seen(case, today=today, t=t),
        answers=tuple(answer_of(row, today=today, t=t) for row in file.answers),
        model_version=assessment.model_version if assessment else None,
        as_of=_words(assessment.as_of, today, t) if assessment else None,
        valid_until=_words(assessment.valid_until, today, t) if assessment else None,
        today=today,
    )


def _words(day: date, today: date, t: Wording) -> str:
    return day_in_words(day, language=t.language, today=today)


def _since(
    assessment: StoredAssessment | None,
    assessments: Sequence[StoredAssessment],
    *,
    today: date,
    t: Wording,
) -> str | None:
    if assessment is None or assessment.previous_id is None:
        return None
    day = next((a.as_of for a in assessments if a.id == assessment.previous_id), None)
    return None if day is None else _words(day, today, t)


def _ideas(balance: Balance | None) -> tuple[Idea, ...]:
    """Return one thing to try per raising reason in the advisor's hands, then their second ones."""
    raising = [r for r in balance.within_reach if r.bar.raises] if balance else []
    ideas: dict[str, Idea] = {}
    for position in range(2):
        for reason in raising:
            _add(ideas, reason, position)
    return tuple(ideas.values())[:MOST_TRIES]


def _add(ideas: dict[str, Idea], reason: ReasonView, position: int) -> None:
    if position < len(reason.advice.tries):
        what = reason.advice.tries[position]
        ideas.setdefault(what.title, Idea(reason.label, what))
