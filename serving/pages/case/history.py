"""The risk over time, with what happened on it: rows of a table that the chart reads too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.records.rows import EventRow, InterviewRow
from serving.pages.shared.formatting import day_in_words, percent
from serving.pages.shared.levels import LevelView, level_of
from serving.pages.shared.record_values import event_text
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

ON_CHART = ("absence_work", "absence_class", "support_action", "warning", "tutor_change")


@dataclass(frozen=True)
class HistoryRow:
    """One line of the table: a day with its risk, or with something that happened."""

    day: date
    day_words: str
    risk: float | None
    percent: str
    level: LevelView | None
    mark: str
    text: str
    model_changed: bool


@dataclass(frozen=True)
class History:
    """The table, oldest first, the average to draw beside, and one sentence that sums it up."""

    rows: tuple[HistoryRow, ...]
    average: float
    summary: str


def history_of(
    assessments: Sequence[StoredAssessment],
    *,
    interviews: Sequence[InterviewRow],
    events: Sequence[EventRow],
    today: date,
    t: Wording,
) -> History | None:
    """Return the history of a case from its assessments (any order); None when none had a risk."""
    scored = sorted((a for a in assessments if a.risk is not None), key=lambda a: (a.as_of, a.id))
    if not scored:
        return None
    last_of_day = list({a.as_of: a for a in scored}.values())
    rows = [
        *(_scored(a, before, today, t) for a, before in _pairs(last_of_day)),
        *(_interview(row, today, t) for row in interviews),
        *(_event(row, today, t) for row in events if row.kind in ON_CHART),
    ]
    rows.sort(key=lambda row: (row.day, row.risk is not None))
    return History(tuple(rows), last_of_day[-1].base_rate or 0.0, _summary(last_of_day, today, t))


def _pairs(
    scored: list[StoredAssessment],
) -> list[tuple[StoredAssessment, StoredAssessment | None]]:
    return list(zip(scored, [None, *scored[:-1]], strict=True))


def _scored(
    assessment: StoredAssessment, before: StoredAssessment | None, today: date, t: Wording
) -> HistoryRow:
    changed = before is not None and before.model_version != assessment.model_version
    return HistoryRow(
        day=assessment.as_of,
        day_words=day_in_words(assessment.as_of, language=t.language, today=today),
        risk=assessment.risk,
        percent=percent(assessment.risk or 0.0, language=t.language, digits=1),
        level=level_of(assessment.level, t=t),
        mark="risk",
        text="",
        model_changed=changed,
    )


def _interview(row: InterviewRow, today: date, t: Wording) -> HistoryRow:
    held = row.status == "held"
    text = t("history.held" if held else "history.missed")
    return _happened(row.held_on, "held" if held else "missed", text, today, t)


def _event(row: EventRow, today: date, t: Wording) -> HistoryRow:
    mark = "support" if row.kind == "support_action" else "event"
    return _happened(row.happened_on, mark, event_text(row), today, t)


def _happened(day: date, mark: str, text: str, today: date, t: Wording) -> HistoryRow:
    words = day_in_words(day, language=t.language, today=today)
    return HistoryRow(day, words, None, "", None, mark, text, model_changed=False)


def _summary(scored: list[StoredAssessment], today: date, t: Wording) -> str:
    first, last = scored[0], scored[-1]

    def in_words(assessment: StoredAssessment) -> tuple[str, str]:
        return (
            day_in_words(assessment.as_of, language=t.language, today=today),
            percent(assessment.risk or 0.0, language=t.language),
        )

    (first_day, first_risk), (last_day, last_risk) = in_words(first), in_words(last)
    if first is last:
        return t("history.summary_one", day=last_day, risk=last_risk)
    if first_risk == last_risk:
        return t("history.summary_same", first_day=first_day, risk=last_risk)
    return t(
        "history.summary",
        first_day=first_day,
        first_risk=first_risk,
        last_day=last_day,
        last_risk=last_risk,
    )
