"""The new model beside the one in service: on cases it had not seen, and how the list moves."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.bundle import Bundle
from tests.lib import programmes
from training.champion import against_champion, jaccard, top_list


def compared(champion: Bundle | None, *, current: np.ndarray | None = None) -> dict[str, Any]:
    run = programmes.run()
    X = run.dataset.X[:200] if current is None else current
    return against_champion(run.dataset, run.comparison, run.bundle, champion=champion, current=X)


CHOSEN = programmes.run().comparison.chosen
[OTHER] = set(programmes.QUICK.candidates.names) - {CHOSEN}


def made(until: str, candidate: str = CHOSEN) -> Bundle:
    """A champion made on a day; of the candidate that was chosen, unless set otherwise."""
    bundle = programmes.bundle(candidate)
    facts: dict[str, Any] = copy.deepcopy(dict(bundle.facts))
    facts["data"]["until"] = until
    return replace(bundle, facts=facts, version="champion-1")


def test_without_champion_there_is_nothing_to_compare() -> None:
    assert compared(None) == {"version": None}


def test_a_model_is_as_good_as_itself_and_keeps_its_list() -> None:
    """On mornings it had seen, its candidate refitted then stands for the champion."""
    assert compared(made("2100-01-01")) == {
        "version": "champion-1",
        "log_loss_gap": 0.0,
        "log_loss_gap_error": 0.0,
        "top_list_jaccard": 1.0,
    }


def test_a_champion_of_another_candidate_is_refitted_as_that_candidate() -> None:
    losses = programmes.run().comparison.ranking["log_loss"]

    gap = compared(made("2100-01-01", OTHER))["log_loss_gap"]

    assert gap == pytest.approx(losses[CHOSEN] - losses[OTHER])


def test_on_mornings_after_it_was_made_the_champion_answers_itself() -> None:
    """It had not seen what followed; its own risks are what was served."""
    run = programmes.run()
    old = made("2000-01-01")
    table = run.comparison.predictions
    own = old.model.predict_proba(run.dataset.X[table["row"]])[:, 1]
    label = table["label"].to_numpy()
    losses = [
        -np.mean(label * np.log(risk) + (1 - label) * np.log(1 - risk))
        for risk in (table[CHOSEN].to_numpy(), own)
    ]

    assert compared(old)["log_loss_gap"] == pytest.approx(losses[0] - losses[1])


def test_folds_by_person_never_use_the_champion_itself() -> None:
    """Out of time order nothing is after it was made: it may have learned from those very rows."""
    run = programmes.run()
    folded = replace(run.comparison, in_time_order=False)

    facts = against_champion(
        run.dataset, folded, run.bundle, champion=made("2000-01-01"), current=run.dataset.X[:20]
    )

    assert facts["log_loss_gap"] == 0.0


def test_without_an_open_case_there_is_no_list_to_compare() -> None:
    assert compared(made("2100-01-01"), current=np.empty((0, 1)))["top_list_jaccard"] is None


@pytest.mark.parametrize(
    ("share", "positions"), [(0.1, {3}), (0.4, {3, 1}), (0.6, {3, 1, 0}), (1.0, {0, 1, 2, 3, 4})]
)
def test_the_top_list_is_the_share_of_the_highest_risks(share: float, positions: set[int]) -> None:
    """At least one; of equals the first comes first."""
    assert top_list(np.array([0.2, 0.3, 0.1, 0.9, 0.2]), share=share) == positions


def test_jaccard_is_what_is_shared_of_what_is_in_either() -> None:
    assert jaccard({1, 2, 3}, {2, 3, 4}) == 0.5
    assert jaccard({1}, {1}) == 1.0
    assert jaccard({1}, {2}) == 0.0
