"""Which candidate is taken: by the size of the programme, unless the backtest speaks against it.

Candidates of a small programme cannot be separated by its own backtest: a rule of one
standard error took the rate by age seven times of nine where the regression was better nine times
of nine. What is best at each size was settled on simulated worlds (decision 18).
"""

from collections.abc import Sequence

import pandas as pd

from models.intervals import paired_difference
from models.metrics import log_losses

# Contracts learned from, up to which the regression is taken and not its blend with trees.
LARGE = 3_000
AGAINST = 2.0  # standard errors of the paired difference that speak against the rule
SMALL_PREFERENCE = ("parent_offset", "logistic", "base_rate", "blend", "trees")
LARGE_PREFERENCE = ("blend", "trees", "logistic", "base_rate", "parent_offset")


def rank(predictions: pd.DataFrame, names: Sequence[str], *, contracts: int) -> pd.DataFrame:
    """Return mean log loss, difference to the best with its standard error, and which is chosen.

    Standard errors are those of paired differences, clustered by person. The choice is that of the
    size (`contracts` learned from); another takes its place when its log loss is lower by more than
    twice the standard error of their difference, the best of those that are.
    """
    y, persons = predictions["label"].to_numpy(), predictions["person"].to_numpy()
    losses = {name: log_losses(y, predictions[name].to_numpy()) for name in names}
    best = min(losses, key=lambda name: float(losses[name].mean()))
    usual = preferred(names, contracts=contracts)
    rows, better = {}, []
    for name, loss in losses.items():
        gap = paired_difference(loss, losses[best], persons)
        rows[name] = (float(loss.mean()), gap.mean, gap.standard_error)
        gain = paired_difference(losses[usual], loss, persons)
        if name != usual and gain.mean > AGAINST * gain.standard_error > 0.0:
            better.append(name)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["log_loss", "gap", "gap_error"])
    chosen = min(better, key=lambda name: table["log_loss"][name], default=usual)
    return table.assign(chosen=table.index == chosen)


def preferred(names: Sequence[str], *, contracts: int) -> str:
    """Return what is taken of `names` at this size when nothing speaks against it."""
    order = SMALL_PREFERENCE if contracts < LARGE else LARGE_PREFERENCE
    return next(name for name in order if name in names)
