"""Everything known of a case, the latest first, with what arrived late or was corrected marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from features.records.codes import THEME
from features.records.declarations import INTERVIEW, OUTCOME, RATINGS
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.record_values import event_text, format_value
from serving.pages.shared.wording import Wording

Row = Mapping[str, Any]
LATE_DAYS = 7


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `text` and `details` are French, `late` and `corrected` chrome."""

    day: date
    day_words: str
    mark: str
    text: str
    details: tuple[str, ...]
    note: str | None
    late: str | None
    corrected: str | None


def timeline_of(
    *,
    contract: Row,
    interviews: Sequence[Row],
    events: Sequence[Row],
    outcome: Row | None,
    today: date,
    t: Wording,
) -> tuple[Moment, ...]:
    """Return the moments of a case from every version of its records.

    The version in force is told.
    """
    moments = [
        *(_interview(v, today, t) for v in _versions(interviews, "interview_id")),
        *(_event(v, today, t) for v in _versions(events, "event_id")),
        *_contract_days(contract, today, t),
    ]
    if outcome is not None:
        moments.append(_outcome(outcome, today, t))
    return tuple(sorted(moments, key=lambda moment: moment.day, reverse=True))


def _versions(rows: Sequence[Row], key: str) -> list[list[Row]]:
    """Versions of each record, in the order given: the last is in force."""
    versions: dict[str, list[Row]] = {}
    for row in rows:
        versions.setdefault(row[key], []).append(row)
    return [found for found in versions.values() if not found[-1]["withdrawn"]]


def _interview(versions: list[Row], today: date, t: Wording) -> Moment:
    row = versions[-1]
    status = format_value(INTERVIEW["status"], row["status"])
    channel = row.get("channel")
    how = f" {format_value(INTERVIEW['channel'], channel)}" if channel else ""
    return _moment(
        versions,
        happened=row["held_on"],
        mark="held" if row["status"] == "held" else "missed",
        text=f"Entretien {status}{how}",
        details=_details(row),
        note=row.get("note"),
        today=today,
        t=t,
    )


def _details(row: Row) -> tuple[str, ...]:
    ratings = [
        f"{label} {row[f'rating_{name}']:g}/5"
        for name, label in RATINGS.items()
        if row.get(f"rating_{name}") is not None
    ]
    themes = [label for code, label in THEME.labels.items() if row.get(f"theme_{code}")]
    return tuple(line for line in (", ".join(ratings), ", ".join(themes)) if line)


def _event(versions: list[Row], today: date, t: Wording) -> Moment:
    row = versions[-1]
    theme = row.get("theme")
    return _moment(
        versions,
        happened=row["happened_on"],
        mark="support" if row["kind"] == "support_action" else "event",
        text=_capital(event_text(row)),
        details=() if theme is None else (THEME.labels[theme],),
        note=None,
        today=today,
        t=t,
    )


def _outcome(row: Row, today: date, t: Wording) -> Moment:
    causes = tuple(
        format_value(OUTCOME[name], row[name])
        for name in ("initiator", "motive", "cause_1", "cause_2", "cause_3")
        if row.get(name) is not None
    )
    return _moment(
        [row],
        happened=row["ended_on"],
        mark="contract",
        text=f"Fin du contrat : {format_value(OUTCOME['how'], row['how'])}",
        details=causes,
        note=None,
        today=today,
        t=t,
    )


def _contract_days(contract: Row, today: date, t: Wording) -> list[Moment]:
    days = (("started_on", "Début du contrat"), ("trial_end_on", "Fin de la période d'essai"))
    return [
        Moment(
            day=contract[name],
            day_words=day_in_words(contract[name], language=t.language, today=today),
            mark="contract",
            text=text,
            details=(),
            note=None,
            late=None,
            corrected=None,
        )
        for name, text in days
        if contract.get(name) is not None and contract[name] <= today
    ]


def _moment(
    versions: list[Row],
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

    known = versions[0]["known_on"]
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
        corrected=t("timeline.corrected", day=words(versions[-1]["known_on"]))
        if corrected
        else None,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
