"""What was recorded by mistake and taken back: from here it is read again, and can be restored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from features.records.declarations import EVENT, INTERVIEW, OUTCOME
from features.records.rows import EventRow, InterviewRow, OutcomeRow, Versions
from features.records.schema import RecordType
from serving.pages.case.versions import record_path
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.record_values import event_text
from serving.wording import Wording

Dynamic = InterviewRow | EventRow | OutcomeRow


@dataclass(frozen=True)
class Withdrawn:
    """A record that was withdrawn: what it was (French), its day, when it was withdrawn."""

    text: str
    day: str
    when: str
    record: str


def withdrawn_of(versions: Versions, *, today: date, t: Wording) -> tuple[Withdrawn, ...]:
    """Return the interviews, events and ends of a case that are withdrawn, the latest first."""
    found = sorted(_withdrawn(versions), key=lambda pair: pair[1].known_on, reverse=True)
    return tuple(_view(record_type, row, today, t) for record_type, row in found)


def _withdrawn(versions: Versions) -> Iterator[tuple[RecordType, Dynamic]]:
    rows: tuple[tuple[RecordType, tuple[Dynamic, ...]], ...] = (
        (INTERVIEW, tuple(versions.interviews)),
        (EVENT, tuple(versions.events)),
        (OUTCOME, tuple(versions.outcomes)),
    )
    for record_type, of_type in rows:
        last = {getattr(row, record_type.key): row for row in of_type}
        yield from ((record_type, row) for row in last.values() if row.withdrawn)


def _view(record_type: RecordType, row: Dynamic, today: date, t: Wording) -> Withdrawn:
    def words(day: date) -> str:
        return day_in_words(day, language=t.language, today=today)

    match row:
        case InterviewRow():
            text, day = "Entretien", row.held_on
        case EventRow():
            text, day = event_text(row), row.happened_on
        case OutcomeRow():
            text, day = "Fin du contrat", row.ended_on
    return Withdrawn(
        text=text[:1].upper() + text[1:],
        day=words(day),
        when=t("versions.withdrawn_on", day=words(row.known_on)),
        record=record_path(row.contract_id, record_type, getattr(row, record_type.key)),
    )
