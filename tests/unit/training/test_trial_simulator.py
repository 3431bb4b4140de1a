"""A simulated trial: the draw replays, the truth is as asked, the tables tell no more."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from features.programme.draw import disagreements
from features.programme.plan import Programme
from features.programme.plan_file import read_programme
from training.simulator.trial import EFFECTS, Trial, simulate_trial

PLAN = read_programme(Path(__file__).parents[3] / "programmes" / "agir.toml")


def trial(effect: str, *, seed: int = 1, plan: Programme = PLAN) -> Trial:
    return simulate_trial(plan, effect=EFFECTS[effect], seed=seed, first_start=date(2022, 9, 1))


def ruptures(found: Trial) -> tuple[float, float]:
    broken = [
        (found.truth[f"how_{arm}"] == "rupture").mean() for arm in ("supported", "comparison")
    ]
    return broken[0], broken[1]


def test_the_log_replays_with_its_seed_and_with_no_other() -> None:
    found = trial("null")
    assert len(found.log) == 150
    assert disagreements(found.log, plan=PLAN, seed=f"simulated-{1:020d}") == ()
    assert disagreements(found.log, plan=PLAN, seed="x" * 20) != ()


def test_without_an_effect_both_outcomes_of_everybody_are_the_same() -> None:
    truth = trial("null").truth
    assert (truth["how_supported"] == truth["how_comparison"]).all()
    assert (truth["employed_supported"] == truth["employed_comparison"]).all()


def test_effects_go_the_way_they_are_asked_to() -> None:
    supported, comparison = ruptures(trial("cote_d_or"))
    assert supported < comparison
    supported, comparison = ruptures(trial("harmful", seed=2))
    assert supported >= comparison


def test_the_tables_show_the_outcome_of_the_arm_and_nothing_of_the_other() -> None:
    found = trial("cote_d_or")
    ends = found.tables["outcomes"].drop_duplicates("contract_id", keep="last")
    shown_ends = ends.set_index("contract_id")["how"]
    truth = found.truth.set_index("contract_id")
    shown = np.where(truth["supported"], truth["how_supported"], truth["how_comparison"])
    assert (shown_ends.reindex(truth.index) == shown).mean() == 1.0
    assert not [n for n in found.tables["contracts"] if n in ("receives", "base", "effect")]


def test_same_seed_same_tables() -> None:
    one, two = trial("small"), trial("small")
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, two.tables[name])


def test_too_few_eligible_is_reported_with_the_count() -> None:
    nowhere = PLAN.eligibility.model_copy(update={"postcodes": ("97",)})
    plan = PLAN.model_copy(update={"eligibility": nowhere})
    with pytest.raises(InputError, match="expected 150 eligible persons who agree, got 0 among"):
        trial("null", plan=plan)
