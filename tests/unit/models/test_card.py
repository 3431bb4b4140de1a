"""The model card says what the facts of the run say, and nothing of any person."""

import copy
import json
from typing import Any

import pytest

from models.card import SHOWN, write_card
from tests.lib import programmes


@pytest.fixture
def facts() -> dict[str, Any]:
    """The facts of a run, to change at will."""
    return copy.deepcopy(dict(programmes.run().bundle.facts))


def test_the_card_has_a_section_for_each_question(facts: dict[str, Any]) -> None:
    sections = [line for line in write_card(facts).splitlines() if line.startswith("#")]

    assert sections == [
        "# Model card",
        "## Purpose",
        "## Data",
        "## Figures",
        "## Over a year",
        "## Candidates on the same cases",
        "## By group",
        "## Level",
        "## Limits",
    ]


def test_the_card_is_written_from_json_facts(facts: dict[str, Any]) -> None:
    """A card can be written anew from what the bundle keeps."""
    assert write_card(json.loads(json.dumps(facts))) == programmes.run().bundle.card


def test_net_ruptures_are_beside_gross_ones(facts: dict[str, Any]) -> None:
    data = facts["data"]
    assert 0 < data["ruptures_net"] < data["ruptures_followed"] <= data["contracts_ruptured"]
    words = f"of the {data['ruptures_followed']} broken contracts whose time to return is over"
    assert f"{words}, {data['ruptures_net']} are net ruptures" in write_card(facts)


def test_every_figure_comes_with_its_interval(facts: dict[str, Any]) -> None:
    figure = facts["metrics"]["overall"]["roc_auc"]
    words = f"| ROC-AUC | {figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f}) |"
    card = write_card(facts)

    assert words in card
    assert all(f"| {label} |" in card for _, label in SHOWN)


def test_what_is_undefined_is_marked_as_undefined(facts: dict[str, Any]) -> None:
    facts["metrics"]["overall"]["roc_auc"] = {"value": None, "low": None, "high": None}
    facts["metrics"]["new_contracts"] = {}
    facts["metrics"]["overall"]["brier"] = {"value": 0.0421, "low": None, "high": None}

    card = write_card(facts)

    assert "| ROC-AUC | undefined | undefined |" in card
    assert "| Brier score | 0.042 | undefined |" in card


def test_every_candidate_and_the_plain_baseline_are_compared(facts: dict[str, Any]) -> None:
    card = write_card(facts)

    for name in ("base_rate", "trees", "sector_level_size"):
        assert f"\n| {name} | " in card


def test_figures_that_are_not_in_time_order_say_so(facts: dict[str, Any]) -> None:
    assert "replayed deployments" in write_card(facts)
    facts["metrics"]["in_time_order"] = False
    assert "folds by person, NOT in time order" in write_card(facts)


def test_a_group_too_small_to_judge_has_no_figure(facts: dict[str, Any]) -> None:
    small = {"attribute": "sex", "group": "X", "cases": 7, "ruptures": 1, "verdict": "too small"}
    facts["metrics"]["groups"] = [small]

    assert "| sex | X | 7 | 1 | too small | |" in write_card(facts)


def test_leaks_are_reported_or_marked_as_absent(facts: dict[str, Any]) -> None:
    facts["metrics"]["leaks"] = []
    assert "- Leak check: nothing suspect." in write_card(facts)
    facts["metrics"]["leaks"] = [{"column": "pay", "reason": "ranks the label alone"}]
    assert "- Leak check: pay ranks the label alone" in write_card(facts)


def test_the_target_is_named(facts: dict[str, Any]) -> None:
    assert "ends in a rupture within 90 days" in write_card(facts)
    facts["recipe"]["target"] |= {"net": True, "horizon_days": 60}
    assert "net rupture (no new contract within 180 days) within 60 days" in write_card(facts)


def test_nobody_is_in_the_card(facts: dict[str, Any]) -> None:
    card = write_card(facts)
    contracts = programmes.programme().contracts

    assert not any(contract_id in card for contract_id in contracts["contract_id"])
    assert not any(person_id in card for person_id in contracts["person_id"])
