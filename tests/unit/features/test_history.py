"""The history equals a slow reference: contract by contract, what was known on each morning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given

from features.common.errors import InputError
from features.matrix import build_matrix
from features.point_in_time.cases import known_versions
from features.point_in_time.days import to_days
from features.point_in_time.history import DAYS_PER_YEAR, History, Past
from features.point_in_time.past_ruptures import (
    ENTITIES,
    ExposureIncrements,
    entity_keys,
    increments_of,
)
from features.point_in_time.record_arrays import Array, RecordArrays
from features.point_in_time.rupture import classify_ends
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, OUTCOME, Records
from tests.lib.random_records import Drawn, drawings, few
from tests.lib.tables import records_of


@dataclass(frozen=True)
class Lived:
    """One contract as it was known on a morning."""

    contract_id: str
    entities: dict[str, str]
    days: float
    ruptured: bool


def keys_of(contracts: pd.DataFrame) -> Mapping[str, Array]:
    """The entities of each contract row."""
    return entity_keys(RecordArrays.of_frame(contracts, CONTRACT))


def steps_in(records: Records) -> ExposureIncrements:
    """The steps of these records."""
    return increments_of(
        RecordArrays.of_frame(records.contracts, CONTRACT),
        RecordArrays.of_frame(records.outcomes, OUTCOME),
    )


def lives(records: Records, as_of: pd.Timestamp) -> Iterator[Lived]:
    """Read, one by one, the contracts known on a morning that had begun by then."""
    outcomes = known_versions(records.outcomes, "contract_id", before=as_of)
    known = known_versions(records.contracts, "contract_id", before=as_of)
    for row in range(len(known)):
        contract = known.iloc[[row]].reset_index(drop=True)
        start, planned = contract["started_on"][0], contract["planned_end_on"][0]
        outcome = outcomes[outcomes["contract_id"] == contract["contract_id"][0]]
        outcome = outcome.reset_index(drop=True)
        stop, ruptured = planned, False
        if len(outcome):
            end = min(max(outcome["ended_on"][0], start), planned)
            if end < as_of:
                stop = end
                ruptured = classify_ends(contract, outcome)["end"][0] == "rupture"
        if start < as_of:
            keys = {name: key for name, [key] in keys_of(contract).items() if key is not None}
            days = (min(stop, as_of) - start).days
            yield Lived(contract["contract_id"][0], keys, days, ruptured)


def reference(lived: list[Lived], entity: str, key: str, contract_id: str) -> list[float]:
    """Add up years at risk, ruptures and contracts of an entity, one contract left out."""
    others = [
        life
        for life in lived
        if life.entities.get(entity, "") == key and life.contract_id != contract_id
    ]
    days = sum(life.days for life in others)
    return [days / DAYS_PER_YEAR, float(sum(life.ruptured for life in others)), float(len(others))]


@few
@given(drawings(contracts=10))
def test_the_history_equals_its_reference(case: Drawn) -> None:
    """Whatever the versions and the day each was known, sums of steps are what a loop counts."""
    assume(len(case.cases))  # all were taken back
    as_of = case.cases["as_of"].max()
    contracts = known_versions(case.records.contracts, "contract_id", before=as_of)
    keys = keys_of(contracts)
    lived = list(lives(case.records, as_of))
    morning = np.full(len(contracts), as_of.timestamp() / 86_400)
    pasts = History.of(case.records).on(morning, keys=keys)
    for entity in ("employer", "sector", "centre", "person", "all"):
        past = pasts.of(entity)
        expected = [
            reference(lived, entity, key, contract_id)
            for key, contract_id in zip(keys[entity], contracts["contract_id"], strict=True)
        ]
        actual = np.column_stack([past.years, past.ruptures, past.contracts])
        np.testing.assert_allclose(actual, np.reshape(expected, (-1, 3)), atol=1e-9, err_msg=entity)


def test_an_announced_end_counts_from_its_day_on() -> None:
    """Until that day the contract is still at risk, and nothing to come is counted."""
    records = records_of(
        contracts="contract_id | employer_siret\nC0 | 00000000000001\nC1 | 00000000000001",
        outcomes="contract_id | ended_on | known_on\nC0 | 2023-12-10 | 2023-11-25",
    )
    contracts = records.contracts[records.contracts["contract_id"] == "C1"]

    def past_on(day: str) -> list[float]:
        morning = np.array([pd.Timestamp(day).timestamp() / 86_400])
        past = History.of(records).on(morning, keys=keys_of(contracts)).of("employer")
        return [float(past.years[0] * DAYS_PER_YEAR), float(past.ruptures[0])]

    assert past_on("2023-12-01") == pytest.approx([91, 0])
    assert past_on("2023-12-10") == pytest.approx([100, 0])
    assert past_on("2023-12-11") == pytest.approx([100, 1])
    assert past_on("2024-12-11") == pytest.approx([100, 1])


def test_a_rate_is_shrunk_to_its_prior() -> None:
    """Without experience a rate is its prior; with much it is its own."""
    past = Past(np.array([0.0, 4.0, 4e6]), np.array([0.0, 2.0, 2e6]), np.zeros(3))
    np.testing.assert_allclose(past.rate(0.1, strength_years=4.0), [0.1, 0.3, 0.5], rtol=1e-5)


def test_a_contract_that_nobody_knows_has_no_past() -> None:
    """An entity never seen has lived nothing, and an unknown entity has no one's past."""
    records = records_of(contracts="contract_id | employer_siret\nC0 | 00000000000001\nC1 | -")
    stranger = records.contracts.tail(1)
    past = History.of(records).on(np.array([20_000.0]), keys=keys_of(stranger)).of("employer")
    assert [past.years[0], past.ruptures[0], past.contracts[0]] == [0, 0, 0]


@few
@given(drawings(contracts=10))
def test_a_history_is_the_same_from_records_from_stored_steps_and_from_sums(case: Drawn) -> None:
    """A table of steps, in any order, and the sums a database takes of it give the same matrix."""
    as_of = to_days(case.cases["as_of"])[0]
    rows = steps_in(case.records).rows()
    sums: dict[tuple[str, str], np.ndarray] = {}
    for entity, key, day, *amounts in rows:
        if day < as_of:
            sums[entity, key] = sums.get((entity, key), np.zeros(4)) + amounts
    summed = [(*names, *amounts) for names, amounts in sums.items()]

    first, second, third = (
        build_matrix(Index.of(case.records, history=history), case.cases).to_numpy().tobytes()
        for history in (
            History.of(case.records),
            History.from_increments(ExposureIncrements.of_rows(rows[::-1])),
            History.of_sums(summed, as_of=as_of),
        )
    )

    assert first == second
    assert first == third


@few
@given(drawings(contracts=10))
def test_the_steps_of_many_contracts_are_the_sum_of_the_steps_of_each(case: Drawn) -> None:
    """So that a table of them is kept up to date contract by contract."""
    whole = steps_in(case.records)
    for contract_id in case.records.contracts["contract_id"].unique():
        own = steps_in(case.records.of_contracts([contract_id]))
        assert {entity for entity, *_ in own.rows()} <= set(ENTITIES)
        whole = whole.minus(own)

    assert whole.rows() == []


@few
@given(drawings(contracts=10))
def test_the_difference_that_a_write_makes_brings_a_stored_table_up_to_date(case: Drawn) -> None:
    """Rows that were stored and rows of the difference, side by side, sum to what there is now."""
    early = case.cases["as_of"].max()
    known = {kind.name: rows[rows["known_on"] < early] for kind, rows in case.records}
    before, after = steps_in(Records.of(**known)), steps_in(case.records)

    summed = ExposureIncrements.of_rows(before.rows() + after.minus(before).rows())

    assert summed.minus(after).rows() == []
    assert len(after.minus(after)) == 0


def test_sums_of_one_morning_serve_no_other() -> None:
    """They would leave out what became known since, in silence."""
    keys = keys_of(records_of().contracts)
    history = History.of_sums([("all", "all", 1.0, 19_000.0, 0.0, 1.0)], as_of=20_000.0)
    assert history.on(np.array([20_000.0]), keys=keys).of("all").contracts.tolist() == [1.0]
    with pytest.raises(InputError, match="expected cases of the morning 20000"):
        history.on(np.array([20_001.0]), keys=keys)
