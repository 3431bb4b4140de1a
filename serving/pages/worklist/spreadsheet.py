"""The list as a CSV file that a spreadsheet opens well: mark of UTF-8, its own separators."""

import csv
import io
from collections.abc import Iterator, Sequence

from features.common.spreadsheets import harmless_cell
from serving.pages.shared.formatting import number
from serving.pages.worklist.rows import WorklistRow
from serving.wording import Wording

DELIMITERS = {"fr": ";", "en": ","}  # the comma is in French numbers
COLUMNS = (
    "contract",
    "person",
    "training",
    "employer",
    "centre",
    "week",
    "level",
    "risk",
    "average",
    "until",
    "trend",
    "changed",
    "reasons",
    "seen",
    "step",
    "this_week",
    "remark",
)


def spreadsheet(
    rows: Sequence[WorklistRow], *, to_see: frozenset[str] | set[str], t: Wording
) -> str:
    """Return the rows as CSV, in their order; `to_see` are the contracts of the week's list."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=DELIMITERS[t.language])
    writer.writerow([t(f"csv.{name}") for name in COLUMNS])
    for row in rows:
        cells = (
            *_facts(row, t),
            *_words(row, t),
            t("csv.yes") if row.contract_id in to_see else "",
        )
        writer.writerow([harmless_cell(cell) for cell in (*cells, _remark(row, t))])
    return text.getvalue()


def _facts(row: WorklistRow, t: Wording) -> Iterator[str]:
    yield from (row.contract_id, row.person, row.training, row.employer, row.centre)
    yield t("track.week", week=row.track.week, weeks=row.track.weeks)
    yield row.level.word
    chances = row.chances
    yield "" if chances is None else number(100 * chances.exact, language=t.language, digits=1)
    yield "" if chances is None else chances.average
    yield "" if chances is None else chances.until


def _words(row: WorklistRow, t: Wording) -> Iterator[str]:
    yield "" if row.why_not else row.trend
    yield "" if row.changed is None else f"{row.changed.sentence} : {row.changed.effect(t)}"
    yield row.why_not or " | ".join(
        f"{reason.sentence} ({reason.effect(t)})" for reason in row.reasons
    )
    yield row.last_seen
    yield row.next_step


def _remark(row: WorklistRow, t: Wording) -> str:
    notices = list(row.notices)
    if row.random:
        notices.append(t("worklist.random"))
    elif row.snoozed_until:
        notices.append(t("worklist.snoozed", day=row.snoozed_until))
    return " | ".join(notices)
