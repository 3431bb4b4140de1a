"""A recipe is read whole or refused in one sentence that names the key."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from features.common.errors import InputError
from training.recipe import Capacity, Recipe, Target, read_recipe

DEFAULT = Path(__file__).parents[3] / "recipes" / "default.toml"


def read(folder: Path, text: str) -> Recipe:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return read_recipe(path)


def test_the_default_recipe_spells_out_the_defaults() -> None:
    """What the file says and what is used when it says nothing are one and the same."""
    assert read_recipe(DEFAULT) == Recipe()


def test_keys_left_out_keep_their_default(tmp_path: Path) -> None:
    recipe = read(tmp_path, "[target]\nhorizon_days = 60\n")

    assert recipe == Recipe(target=Target(horizon_days=60))


def test_whole_numbers_stand_for_numbers(tmp_path: Path) -> None:
    recipe = read(tmp_path, "[gates]\ncalibration_slope = [0, 2]\ngroup_floor_auc = 0\n")

    assert recipe.gates.calibration_slope == (0.0, 2.0)
    assert recipe.gates.group_floor_auc == 0.0


def test_a_recipe_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Recipe().target = Target(horizon_days=1)  # type: ignore[misc]


def test_a_recipe_is_written_as_plain_data() -> None:
    facts = Recipe(target=Target(horizon_days=60)).as_dict()

    assert facts["target"] == {"horizon_days": 60, "declaration_delay_days": 60, "net": False}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[target", "expected a readable TOML recipe"),
        ("[taget]\n", "expected keys among .*, got taget"),
        ("target = 3\n", r"expected \[target\] to be a section, got 3"),
        ("[target]\nhorizon = 90\n", "expected keys among .*, got target.horizon"),
        ('[target]\nhorizon_days = "90"\n', "expected target.horizon_days like 90, got '90'"),
        ("[target]\nhorizon_days = 90.5\n", "expected target.horizon_days like 90, got 90.5"),
        ("[target]\nnet = 1\n", "expected target.net like False, got 1"),
        ("[training]\nseed = true\n", "expected training.seed like 20260101, got True"),
        ('[candidates]\nnames = "trees"\n', "expected candidates.names like"),
        ("[candidates]\nnames = [1, 2]\n", "expected candidates.names like"),
        ('[candidates]\nnames = ["magic"]\n', "expected candidates among .*, got magic"),
        ("[candidates]\nnames = []\n", "expected candidates"),
        ("[gates]\ncalibration_slope = [0.8]\n", "expected gates.calibration_slope like"),
        ('[gates]\ncalibration_slope = ["a", "b"]\n', "expected gates.calibration_slope like"),
        ("[gates]\ngroup_floor_auc = [1]\n", "expected gates.group_floor_auc like 0.55"),
        ("[capacity]\nhigh = 0.5\nmoderate = 0.2\n", "expected 0 < capacity.high <= capacity"),
        ("[capacity]\nhigh = 0\n", "expected 0 < capacity.high"),
        ("[snapshots]\nevery_days = 0\n", "expected snapshots.every_days to be at least 1, got 0"),
        ("[backtest]\nfolds = 1\n", "expected backtest.folds to be at least 2, got 1"),
        ("[target]\nhorizon_days = -90\n", "expected target.horizon_days to be at least 1"),
        ("[training]\nseed = -1\n", "expected training.seed to be at least 0, got -1"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path, text)

    assert "\n" not in str(caught.value)


def test_a_recipe_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: expected a readable TOML recipe"):
        read_recipe(tmp_path / "nowhere.toml")


def test_a_recipe_made_in_code_is_checked_too() -> None:
    with pytest.raises(InputError, match="capacity"):
        Recipe(capacity=Capacity(high=0.5, moderate=0.2))
