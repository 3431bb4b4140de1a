"""Every column of every table says how much it reveals of a person."""

import pytest
from sqlalchemy import Column

from features.records.declarations import RECORD_TYPES
from features.records.schema import Privacy
from serving.store.tables import RECORD_TABLES, metadata

COLUMNS = [column for table in metadata.sorted_tables for column in table.c]
NAMING = ("name", "email", "note", "comment", "born", "postcode", "address", "phone", "birth")
# A word that names things, not people.
NOT_OF_PERSONS = {"organisations.name", "api_keys.name"}


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_is_classified(column: Column[object]) -> None:
    assert isinstance(column.info.get("privacy"), Privacy), f"classify {column}"


def test_a_column_that_sounds_personal_is() -> None:
    """A name, an address, a note: classified as such, or listed here."""
    open_columns = {
        str(column)
        for column in COLUMNS
        if any(word in column.name.split("_") for word in NAMING)
        and column.info["privacy"] in (Privacy.NONE, Privacy.PSEUDONYM)
    }
    assert open_columns == NOT_OF_PERSONS


def test_a_record_is_stored_with_the_privacy_it_was_declared_with() -> None:
    for record_type in RECORD_TYPES:
        stored = RECORD_TABLES[record_type.name].c
        for column in record_type.columns:
            assert stored[column.name].info["privacy"] is column.privacy


def test_identifiers_of_persons_and_contracts_are_pseudonyms() -> None:
    for column in COLUMNS:
        if column.name in {"contract_id", "person_id", "advisor_id", "interview_id", "event_id"}:
            assert column.info["privacy"] is Privacy.PSEUDONYM, str(column)
