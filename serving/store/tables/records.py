"""Records, every version, and the names to show beside them."""

from sqlalchemy import Index, Table

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import RecordType
from serving.store.column_types import Moment, declared, personal, plain, pseudonym, row_number
from serving.store.tables.metadata import metadata


def _records(record_type: RecordType, *indexes: Index) -> Table:
    """Return every version of every record of a type; `seq` orders versions known the same day."""
    return Table(
        record_type.name,
        metadata,
        row_number("seq"),
        *(declared(column) for column in record_type.columns),
        plain("recorded_at", Moment),
        pseudonym("recorded_by"),
        Index(None, "contract_id"),
        *indexes,
        sqlite_autoincrement=True,  # a number is never given twice, erasures notwithstanding
    )


contracts = _records(CONTRACT, Index(None, "person_id"))
interviews = _records(INTERVIEW, Index(None, "interview_id"))
events = _records(EVENT, Index(None, "event_id"))
outcomes = _records(OUTCOME)
RECORD_TABLES = {table.name: table for table in (contracts, interviews, events, outcomes)}

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
