"""The history equals a slow reference: contract by contract, what was known on each morning."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from features.cases import known_versions
from features.history import DAYS_PER_YEAR, History, Past, entity_keys
from features.records import Records
from features.rupture import classify_ends
from tests.lib.drawing import Drawn, drawings, few
from tests.lib.tables import records_of

ENTITIES = ("employer", "sector", "centre", "person", "all")


@dataclass(frozen=True)
class Lived:
    """One contract as it was known on a morning."""

    contract_id: str
    entities: dict[str, str]
    days: float
    ruptured: bool


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
            keys = {str(k): str(v) for k, v in entity_keys(contract).iloc[0].dropna().items()}
            days = (min(stop, as_of) - start).days
            yield Lived(contract["contract_id"][0], keys, days, ruptured)


def reference(lived: list[Lived], entity: str, key: str, contract_id: str) -> list[float]:
    """Add up years at risk, ruptures and contracts of an entity, one contract left out."""
    others = [
        life
        for life in lived
        if life.entities.get(entity) == key and life.contract_id != contract_id
    ]
    days = sum(life.days for life in others)
    return [days / DAYS_PER_YEAR, float(sum(life.ruptured for life in others)), float(len(others))]


@few
@given(drawings(contracts=10))
def test_the_history_equals_its_reference(case: Drawn) -> None:
    """Whatever the versions and the day each was known, sums of steps are what a loop counts."""
    as_of = case.cases["as_of"].max()
    contracts = known_versions(case.records.contracts, "contract_id", before=as_of)
    keys = entity_keys(contracts)
    history, lived = History.of(case.records), list(lives(case.records, as_of))
    morning = np.full(len(contracts), as_of.timestamp() / 86_400)
    for entity in ENTITIES:
        past = history.past(entity, contracts, morning)
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
        past = History.of(records).past("employer", contracts, morning)
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
    past = History.of(records).past("employer", stranger, np.array([20_000.0]))
    assert [past.years[0], past.ruptures[0], past.contracts[0]] == [0, 0, 0]
