"""Everything known of a case, the latest first, with what arrived late or was corrected marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from features.records.codes import THEME
from features.records.declarations import EVENT, INTERVIEW, OUTCOME, RATINGS
from features.records.rows import ContractRow, EventRow, InterviewRow, OutcomeRow
from features.records.schema import RecordType
from serving.pages.case.versions import record_path
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.record_values import event_text, format_value
from serving.wording import Wording

R = TypeVar("R", InterviewRow, EventRow)
LATE_DAYS = 7


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `text` and `details` are French, `late` and `corrected` chrome.

    `record` is the address of the record it comes from, with its versions.
    """

    day: date
    day_words: str
    mark: str
    text: str
    details: tuple[str, ...]
    note: str | None
    late: str | None
    corrected: str | None
    record: str | None = None


def timeline_of(
    *,
    contract: ContractRow,
    interviews: Sequence[InterviewRow],
    events: Sequence[EventRow],
    outcome: OutcomeRow | None,
    today: date,
    t: Wording,
) -> tuple[Moment, ...]:
    """Return the moments of a case from every version of its records.

    The version in force is shown.
    """
    moments = [
        *(_interview(v, today, t) for v in _versions(interviews, "interview_id")),
        *(_event(v, today, t) for v in _versions(events, "event_id")),
        *_contract_days(contract, today, t),
    ]
    if outcome is not None:
        moments.append(_outcome(outcome, today, t))
    return tuple(sorted(moments, key=lambda moment: moment.day, reverse=True))


def _versions(rows: Sequence[R], key: str) -> list[list[R]]:
    """Versions of each record, in the order given: the last is in force.

    Records that were withdrawn are left out.
    """
    return [found for found in _by_record(rows, key) if not found[-1].withdrawn]


def _by_record(rows: Sequence[R], key: str) -> list[list[R]]:
    versions: dict[str, list[R]] = {}
    for row in rows:
        versions.setdefault(getattr(row, key), []).append(row)
    return list(versions.values())


def _interview(versions: list[InterviewRow], today: date, t: Wording) -> Moment:
    row = versions[-1]
    status = format_value(INTERVIEW["status"], row.status)
    channel = row.channel
    how = f" {format_value(INTERVIEW['channel'], channel)}" if channel else ""
    return _moment(
        INTERVIEW,
        versions,
        happened=row.held_on,
        mark="held" if row.status == "held" else "missed",
        text=f"Entretien {status}{how}",
        details=_details(row),
        note=row.note,
        today=today,
        t=t,
    )


def _details(row: InterviewRow) -> tuple[str, ...]:
    ratings = [
        f"{label} {getattr(row, f'rating_{name}'):g}/5"
        for name, label in RATINGS.items()
        if getattr(row, f"rating_{name}") is not None
    ]
    themes = [label for code, label in THEME.labels.items() if getattr(row, f"theme_{code}")]
    return tuple(line for line in (", ".join(ratings), ", ".join(themes)) if line)


def _event(versions: list[EventRow], today: date, t: Wording) -> Moment:
    row = versions[-1]
    theme = row.theme
    return _moment(
        EVENT,
        versions,
        happened=row.happened_on,
        mark="support" if row.kind == "support_action" else "event",
        text=_capital(event_text(row)),
        details=() if theme is None else (THEME.labels[theme],),
        note=None,
        today=today,
        t=t,
    )


def _outcome(row: OutcomeRow, today: date, t: Wording) -> Moment:
    causes = tuple(
        format_value(OUTCOME[name], getattr(row, name))
        for name in ("initiator", "motive", "cause_1", "cause_2", "cause_3")
        if getattr(row, name) is not None
    )
    return _moment(
        OUTCOME,
        [row],
        happened=row.ended_on,
        mark="contract",
        text=f"Fin du contrat : {format_value(OUTCOME['how'], row.how)}",
        details=causes,
        note=None,
        today=today,
        t=t,
    )


def _contract_days(contract: ContractRow, today: date, t: Wording) -> list[Moment]:
    days = (("started_on", "Début du contrat"), ("trial_end_on", "Fin de la période d'essai"))
    return [
        Moment(
            day=getattr(contract, name),
            day_words=day_in_words(getattr(contract, name), language=t.language, today=today),
            mark="contract",
            text=text,
            details=(),
            note=None,
            late=None,
            corrected=None,
        )
        for name, text in days
        if getattr(contract, name) is not None and getattr(contract, name) <= today
    ]


def _moment(
    record_type: RecordType,
    versions: Sequence[InterviewRow | EventRow | OutcomeRow],
    *,
    happened: date,
    mark: str,
    text: str,
    details: tuple[str, ...],
    note: str | None,
    today: date,
    t: Wording,
) -> Moment:
    def words(day: date) -> str:
        return day_in_words(day, language=t.language, today=today)

    known, last = versions[0].known_on, versions[-1]
    late = (known - happened).days > LATE_DAYS
    corrected = len(versions) > 1
    return Moment(
        day=happened,
        day_words=words(happened),
        mark=mark,
        text=text,
        details=details,
        note=note,
        late=t("timeline.late", day=words(known)) if late else None,
        corrected=t("timeline.corrected", day=words(last.known_on)) if corrected else None,
        record=record_path(last.contract_id, record_type, getattr(last, record_type.key)),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
