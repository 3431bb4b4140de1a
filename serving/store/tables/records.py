"""Records, every version, what was delivered, and the names to show beside them."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, false

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import RecordType
from serving.store.column_types import Moment, declared, personal, plain, pseudonym, row_number
from serving.store.tables.metadata import metadata


def _records(record_type: RecordType, *others: Column[Any] | Index) -> Table:
    """Return every version of every record of a type; `seq` orders versions known the same day."""
    return Table(
        record_type.name,
        metadata,
        row_number("seq"),
        *(declared(column) for column in record_type.columns),
        plain("recorded_at", Moment),
        pseudonym("recorded_by"),
        Index(None, "contract_id"),
        *others,
        sqlite_autoincrement=True,  # a number is never given twice, erasures notwithstanding
    )


def _delivered() -> Column[Any]:
    """Whether a version came in a delivery, which the next delivery may correct."""
    return plain("delivered", Boolean, server_default=false())


contracts = _records(CONTRACT, _delivered(), Index(None, "person_id"))
interviews = _records(INTERVIEW, Index(None, "interview_id"))
events = _records(EVENT, Index(None, "event_id"))
outcomes = _records(OUTCOME, _delivered())
RECORD_TABLES = {table.name: table for table in (contracts, interviews, events, outcomes)}

# Full deliveries: the state of a training centre's learners of a school year on a day.
deliveries = Table(
    "deliveries",
    metadata,
    row_number(),
    plain("training_centre_uai"),
    plain("school_year", Integer),  # the one that begins in this year
    plain("received_on", Date),
    plain("learners", Integer),
    plain("recorded_at", Moment),
    pseudonym("recorded_by"),
    Index(None, "training_centre_uai", "received_on"),
)

# Names to show to those who may see a case; models never meet them.
persons = Table(
    "persons",
    metadata,
    pseudonym("person_id", primary_key=True),
    personal("given_name"),
    personal("family_name"),
    plain("recorded_at", Moment),
)
organisations = Table(
    "organisations",
    metadata,
    plain("organisation_id", primary_key=True),  # SIRET or UAI
    plain("name"),
    plain("recorded_at", Moment),
)
