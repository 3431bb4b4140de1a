"""The records a reason rests on: which facts of which records belong to a group of elements."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from features.records.codes import NEED_STATE
from features.records.declarations import CONTRACT, INTERVIEW, NEEDS, RATINGS
from features.records.rows import ContractRow, EventRow, InterviewRow
from serving.pages.shared.record_values import event_text, format_value

MOST = 5
AVERAGED, LATEST = "wellbeing", 3  # its elements take in the three latest of every rating

_CONTRACT_FACTS = {
    "timing": ("started_on", "trial_end_on", "planned_end_on"),
    "contract_shape": ("kind", "form", "weekly_hours"),
    "pay": ("pay_percent_smic",),
    "background": (
        "diploma_12434",
        "diploma_10103",
        "situation_12434",
        "situation_10103",
        "previous_ruptures",
    ),
    "level": ("level_prepared",),
    "commute": ("commute_minutes", "commute_mode"),
    "housing": ("housing",),
    "employer": ("employer_headcount", "employer_naf", "employer_kind"),
    "tutoring": ("tutor_experience_years", "tutor_learners"),
    "training_centre": ("training_centre_uai", "training_rhythm", "distance_learning"),
}
_EVENT_KINDS = {
    "tutoring": ("tutor_change",),
    "contact": ("missed_call",),
    "attendance_work": ("absence_work", "lateness_work"),
    "attendance_class": ("absence_class", "lateness_class"),
    "incidents": ("warning", "complaint", "mediator", "sick_leave", "left_training"),
    "results": ("assessment", "assessment_missed"),
    "support": ("support_action",),
}


@dataclass(frozen=True)
class Source:
    """One fact of one record, in French; `day` is when it happened, None for the contract."""

    text: str
    day: date | None


def sources_of(
    group: str,
    *,
    contract: ContractRow,
    interviews: Sequence[InterviewRow],
    events: Sequence[EventRow],
) -> tuple[Source, ...]:
    """Return the facts known of a group, the latest first, at most five; the contract's come last.

    Of the group whose elements average the ratings: every rating that is averaged.
    """
    if group == AVERAGED:
        return tuple(_averaged(interviews))
    dated = _of_interviews(group, interviews) + _of_events(group, events)
    dated.sort(key=lambda source: source.day or date.min, reverse=True)
    return tuple(dated[:MOST]) + _of_contract(group, contract)


def _of_contract(group: str, contract: ContractRow) -> tuple[Source, ...]:
    columns = (CONTRACT[name] for name in _CONTRACT_FACTS.get(group, ()))
    return tuple(
        Source(f"{column.label} : {format_value(column, getattr(contract, column.name))}", None)
        for column in columns
        if getattr(contract, column.name) is not None
    )


def _of_events(group: str, events: Sequence[EventRow]) -> list[Source]:
    kinds = _EVENT_KINDS.get(group, ())
    return [Source(event_text(e), e.happened_on) for e in events if e.kind in kinds]


def _of_interviews(group: str, interviews: Sequence[InterviewRow]) -> list[Source]:
    fact_of = _INTERVIEW_FACTS.get(group)
    if fact_of is None:
        return []
    facts = ((row.held_on, fact_of(row)) for row in interviews)
    return [Source(text, day) for day, text in facts if text]


def _rating(name: str) -> Callable[[InterviewRow], str]:
    def fact_of(row: InterviewRow) -> str:
        value = getattr(row, f"rating_{name}")
        return "" if value is None else f"{RATINGS[name]} : {value:g} sur 5"

    return fact_of


def _averaged(interviews: Sequence[InterviewRow]) -> Iterator[Source]:
    """The latest values of each rating, by the interview where they were given."""
    left = dict.fromkeys(RATINGS, LATEST)
    for row in sorted(interviews, key=lambda row: row.held_on, reverse=True):
        given = [n for n in RATINGS if left[n] and getattr(row, f"rating_{n}") is not None]
        left.update({name: left[name] - 1 for name in given})
        if given:
            yield Source(", ".join(_rating(name)(row) for name in given), row.held_on)


def _needs(row: InterviewRow) -> str:
    named_needs = [
        f"{label} ({NEED_STATE.labels[getattr(row, f'need_{name}')]})"
        for name, label in NEEDS.items()
        if getattr(row, f"need_{name}") is not None
    ]
    return ", ".join(named_needs)


def _status(row: InterviewRow) -> str:
    return f"entretien {format_value(INTERVIEW['status'], row.status)}"


def _declared(row: InterviewRow) -> str:
    value = row.declared_risk
    return (
        ""
        if value is None
        else f"risque déclaré : {format_value(INTERVIEW['declared_risk'], value)}"
    )


_INTERVIEW_FACTS: dict[str, Callable[[InterviewRow], str]] = {
    **{name: _rating(name) for name in RATINGS if name != AVERAGED},
    "needs": _needs,
    "contact": _status,
    "declared_risk": _declared,
}
