"""Whatever comes in, no row is lost in silence, and a second delivery changes nothing."""

import tempfile
from pathlib import Path
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from features.intake.extract import digest
from features.intake.intake import Intake, take_in
from features.records.declarations import CONTRACT, EVENT

DAYS = st.sampled_from(["2024-01-01", "2024-01-02", "02/01/2024", "2024-02-30", ""])
CONTRACT_IDS = st.sampled_from(["C1", "C2", "C3", "two words", ""])
CONTRACTS = st.fixed_dictionaries(
    {
        "contract_id": CONTRACT_IDS,
        "person_id": st.sampled_from(["P1", "P2"]),
        "kind": st.sampled_from(["apprenticeship", "wedding"]),
        "started_on": st.just("2024-01-01"),
        "planned_end_on": st.sampled_from(["2025-01-01", "2025-06-30"]),
        "known_on": DAYS,
    }
)
EVENTS = st.fixed_dictionaries(
    {
        "event_id": st.sampled_from(["E1", "E2", "E3"]),
        "contract_id": CONTRACT_IDS,
        "happened_on": DAYS,
        "kind": st.sampled_from(["warning", "party"]),
        "value": st.sampled_from(["1", "1,5", "lots", ""]),
        "known_on": DAYS,
    }
)
TABLES = st.fixed_dictionaries(
    {"contracts": st.lists(CONTRACTS, max_size=12), "events": st.lists(EVENTS, max_size=12)}
)


def deliver(tables: dict[str, list[dict[str, str]]], *, times: int = 1) -> Intake:
    with tempfile.TemporaryDirectory() as folder:
        for record_type in (CONTRACT, EVENT):
            parts = Path(folder) / record_type.name
            parts.mkdir()
            required = [c.name for c in record_type.columns if c.required]
            rows = pd.DataFrame(tables[record_type.name])
            rows = rows if len(rows) else pd.DataFrame(columns=required)
            for part in range(times):
                rows.to_csv(parts / f"{part}.csv", index=False)
        return take_in(Path(folder))


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_rows_read_are_accepted_repeated_or_refused(
    tables: dict[str, list[dict[str, str]]],
) -> None:
    intake = deliver(tables)
    for record_type, rows in intake.records:
        name = record_type.name
        assert intake.read[name] == len(tables.get(name, []))
        assert intake.read[name] == len(rows) + intake.repeats[name] + intake.refused[name]
        listed = intake.rejects[intake.rejects["table"] == name][["file", "line"]].drop_duplicates()
        assert len(listed) == intake.refused[name], "every refused row has its lines in the rejects"


@settings(max_examples=12, deadline=None)
@given(TABLES)
def test_a_second_delivery_changes_no_record(tables: dict[str, list[dict[str, str]]]) -> None:
    assert digest(deliver(tables, times=2).records) == digest(deliver(tables).records)


@settings(max_examples=12, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_record(
    tables: dict[str, list[dict[str, str]]], random: Random
) -> None:
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in tables.items()}
    assert digest(deliver(shuffled).records) == digest(deliver(tables).records)


@settings(max_examples=12, deadline=None)
@given(TABLES)
def test_what_is_accepted_refers_to_accepted_contracts_with_one_person(
    tables: dict[str, list[dict[str, str]]],
) -> None:
    records = deliver(tables).records
    contracts = records.contracts
    assert records.events["contract_id"].isin(contracts["contract_id"]).all()
    persons = contracts[["contract_id", "person_id"]].drop_duplicates()
    assert persons["contract_id"].is_unique
    assert not contracts.duplicated(["contract_id", "known_on"]).any()
