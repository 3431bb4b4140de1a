"""Whether the level of the risks is right: observed against expected ruptures, cell by cell.

Nothing is corrected by it: an automatic change of the level helped on no fresh world. An alarm asks
people to look.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2, poisson

from models.checks import check_scores
from models.metrics import ratio

FALSE_ALARMS = 0.05  # of runs whose every level is right, the share with any alarm: at most this
FEWEST_EXPECTED = 5.0  # ruptures; below, a cell could hardly be wrong enough to be seen
COLUMNS = ("attribute", "value", "cases", "observed", "expected", "ratio", "low", "high", "alarm")


def observed_against_expected(y: ArrayLike, p: ArrayLike, cells: pd.DataFrame) -> pd.DataFrame:
    """Return COLUMNS for each value of each column of `cells`, those that can be judged.

    Labels and risks have shape (n,) and come from cases the model had not seen; `cells` has n rows,
    and what is missing belongs to no cell. `low` and `high` are the exact 95 % interval of the
    ratio. `alarm` holds where the ruptures are too many or too few for a Poisson count around the
    expected, by Holm's procedure over all cells of all columns together: if every risk is right and
    cases break independently, any alarm at all rises in at most FALSE_ALARMS of the runs (fewer,
    since a sum of unlike cases varies less than a Poisson count, and cells overlap).

    Source: Garwood (1936), Fiducial limits for the Poisson distribution; Holm (1979), A simple
    sequentially rejective multiple test procedure.
    """
    labels, risks = check_scores(y, p)
    rows = [
        _cell(name, str(value), labels[at], risks[at])
        for name in map(str, cells)
        for value, at in cells.groupby(cells[name], dropna=True).indices.items()
        if risks[at].sum() >= FEWEST_EXPECTED
    ]
    table = pd.DataFrame(rows, columns=[*COLUMNS[:-1], "p_value"])
    return table.assign(alarm=_holm(table["p_value"].to_numpy())).drop(columns="p_value")


def _cell(name: str, value: str, labels: np.ndarray, risks: np.ndarray) -> tuple[object, ...]:
    observed, expected = int(labels.sum()), float(risks.sum())
    low = chi2.ppf(0.025, 2 * observed) / 2 if observed else 0.0
    ends = low / expected, chi2.ppf(0.975, 2 * observed + 2) / 2 / expected
    tails = poisson.cdf(observed, expected), poisson.sf(observed - 1, expected)
    p_value = min(1.0, 2.0 * float(min(tails)))
    share = ratio(float(observed), expected)
    return name, value, len(labels), observed, expected, share, *map(float, ends), p_value


def _holm(p_values: np.ndarray) -> np.ndarray:
    """Return which hypotheses fall, from the smallest p-value on, at FALSE_ALARMS of all."""
    order = np.argsort(p_values, kind="stable")
    limits = FALSE_ALARMS / np.arange(len(p_values), 0, -1)
    falls = np.logical_and.accumulate(p_values[order] <= limits)
    alarm = np.zeros(len(p_values), dtype=bool)
    alarm[order] = falls
    return alarm
