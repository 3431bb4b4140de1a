"""Judge a model by group: whether it is as right for everybody as it is on average.

`python examples/judge_by_group.py`. Each step is a cell of a notebook: simulate, backtest, judge,
look. A group of fewer than 50 cases is not judged; a wide interval is no proof that all is well.
"""

import tempfile
from pathlib import Path

import pandas as pd

from features.intake.intake import take_in
from models.groups import JUDGED
from training.dataset import build_dataset
from training.evaluate import compare
from training.recipe import Backtest, Candidates, Recipe, Snapshots, Training
from training.report import judge
from training.simulator import write_simulation

SHOWN = ["attribute", "group", "cases", "ruptures", "calibration_ratio", "roc_auc"]
RECIPE = Recipe(
    snapshots=Snapshots(every_days=90),
    backtest=Backtest(cutoffs=2, every_months=6, folds=2),
    candidates=Candidates(names=("base_rate", "logistic")),
    training=Training(bootstrap_draws=20),  # the least that shows an interval; 200 to publish
)


def judged_groups(contracts: int) -> pd.DataFrame:
    """Return one row per group of a backtest on a simulated programme, with its metrics."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "extract"
        write_simulation(folder, contracts=contracts, years=4, seed=7)
        dataset = build_dataset(take_in(folder).records, RECIPE)
    return pd.DataFrame(judge(dataset, compare(dataset, jobs=1))["groups"])


def main(contracts: int = 600) -> None:
    """Print the groups that are large enough to be judged, the worst calibrated first."""
    groups = judged_groups(contracts)
    judged = groups[groups["verdict"] == JUDGED]
    distance = (judged["calibration_ratio"].astype(float) - 1).abs()
    print(judged.loc[distance.sort_values(ascending=False).index, SHOWN].to_string(index=False))  # noqa: T201
    print(f"{len(groups) - len(judged)} groups are too small to be judged")  # noqa: T201


if __name__ == "__main__":
    main()
