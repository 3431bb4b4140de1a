"""A programme simulated, trained, promoted and scored by the commands, for journeys to share."""

import fcntl
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from tests.lib.commands import Done, vigie

NEVER_FILLED, NEVER_SEEN = "commute_minutes", ("housing", "hosted")
RECIPE = """
[snapshots]
every_days = 90
[backtest]
cutoffs = 2
every_months = 6
[candidates]
names = ["trees"]
trees_minimum_ruptures = 1
[training]
bootstrap_draws = 20
[gates]
calibration_slope = [0, 10]
calibration_ratio = [0, 10]
group_floor_auc = 0
"""


@dataclass(frozen=True)
class TrainedProgramme:
    """A working folder: the extract to score, the recipe, `var`, and how each command ended.

    What was learned from lacks a column and a category that the extract has.
    """

    folder: Path
    done: dict[str, Done]

    @property
    def extract(self) -> Path:
        """Everything that was simulated."""
        return self.folder / "extract"

    @property
    def champion(self) -> Path:
        """The bundle in service."""
        return self.folder / "var" / "bundles" / "champion"


def shared_programme(folder: Path) -> TrainedProgramme:
    """The programme of a folder that several processes share; whoever comes first makes it."""
    with (folder / "programme.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        protocol = folder / "programme.json"
        if not protocol.exists():
            (folder / "programme").mkdir()
            made = _open(folder / "programme")
            protocol.write_text(json.dumps({name: asdict(done) for name, done in made.items()}))
        printed = json.loads(protocol.read_text())
    return TrainedProgramme(
        folder / "programme", {name: Done(**done) for name, done in printed.items()}
    )


def _open(folder: Path) -> dict[str, Done]:
    """Simulate, train, promote and score in a new folder."""
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    options = ("--contracts", 600, "--years", 4, "--seed", 7)
    steps = {
        "simulate": ("simulate", *options, "--out", "extract"),
        "train": ("train", "learned", "--recipe", "recipe.toml"),
        "promote": ("promote",),
        "score": ("score", "extract", "--as-of", "2026-01-05", "--out", "risks.parquet"),
    }
    done = {}
    for name, arguments in steps.items():
        done[name] = vigie(*arguments, folder=folder)
        assert done[name].code == 0, done[name].err
        if name == "simulate":
            _less_known(folder / "extract", folder / "learned")
    return done


def _less_known(whole: Path, part: Path) -> None:
    """Copy an extract without its seal, one column and one category of its contracts."""
    shutil.copytree(whole, part, ignore=shutil.ignore_patterns("manifest.json"))
    column, category = NEVER_SEEN
    for file in (part / "contracts").iterdir():
        rows = pd.read_parquet(file)
        assert (rows[column] == category).any()
        assert rows[NEVER_FILLED].notna().any()
        rows[column] = rows[column].where(rows[column] != category)
        rows[NEVER_FILLED] = None
        rows.to_parquet(file, index=False)
