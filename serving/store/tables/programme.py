"""Enrolments, follow-ups, weekly lists, frozen plans and the log of draws of a programme."""

from sqlalchemy import JSON, Date, Index, Integer, Table, Text, UniqueConstraint

from features.programme.records import ENROLMENT, FOLLOW_UP, WEEK_LIST
from features.records.schema import Privacy, RecordType
from serving.store.column_types import (
    Moment,
    column,
    declared,
    plain,
    pseudonym,
    row_number,
    secret,
)
from serving.store.tables.metadata import metadata


def _versions(record_type: RecordType) -> Table:
    """Return every version of every record of a type; `seq` orders versions known the same day."""
    return Table(
        record_type.name,
        metadata,
        row_number("seq"),
        *(declared(each) for each in record_type.columns),
        plain("recorded_at", Moment),
        pseudonym("recorded_by"),
        Index(None, "person_id"),
        Index(None, "contract_id"),
        sqlite_autoincrement=True,
    )


enrolments = _versions(ENROLMENT)
follow_ups = _versions(FOLLOW_UP)

# Every open case of an advisor on the morning a week's list was frozen, on the list or not.
week_lists = Table(
    "week_lists",
    metadata,
    row_number("seq"),
    *(declared(each) for each in WEEK_LIST.columns),
    plain("recorded_at", Moment),
    UniqueConstraint("advisor_id", "week", "contract_id"),
    Index(None, "contract_id"),
    sqlite_autoincrement=True,
)
PROGRAMME_TABLES = {table.name: table for table in (enrolments, follow_ups, week_lists)}

# A plan as it was when the first person was drawn under it. The seed is shown once `closed_at` is.
programme_plans = Table(
    "programme_plans",
    metadata,
    row_number(),
    plain("programme"),
    plain("version"),
    plain("plan_hash"),
    plain("plan", JSON),
    secret("seed"),
    plain("commitment"),
    plain("frozen_at", Moment),
    plain("closed_at", Moment, nullable=True),
    UniqueConstraint("programme", "plan_hash"),
    UniqueConstraint("programme", "version"),
)

# The log. A line stays when its person is erased, under the alias the audit has for them: without
# it the others' places would move, and nobody could replay the draw.
draws = Table(
    "draws",
    metadata,
    row_number(),
    plain("programme"),
    plain("plan_hash"),
    plain("stratum"),
    plain("position", Integer),
    column("arm", Text, privacy=Privacy.AUDIT_ONLY),
    pseudonym("person_id"),
    pseudonym("contract_id"),
    plain("drawn_on", Date),
    plain("recorded_at", Moment),
    pseudonym("recorded_by"),
    UniqueConstraint("programme", "person_id"),
    UniqueConstraint("programme", "plan_hash", "stratum", "position"),
)
