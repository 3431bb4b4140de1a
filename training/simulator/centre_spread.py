"""How much training centres differ, from the open data of InserJeunes."""

from pathlib import Path

import numpy as np
import pandas as pd

from training.simulator.drawing import Floats

OPEN_DATA = (
    Path(__file__).resolve().parents[3]
    / "shared"
    / "data"
    / "inserjeunes-cfa"
    / "fr-en-inserjeunes-cfa.csv"
)
COHORT, RATE = "cumul 2018-2019", "Part contrats apprentissage interrompus"
CONTRACTS_PER_CENTRE = 100  # judged: the file has no headcount
MEASURED = 0.62  # what `shrunk_spread` finds in the file, for machines without it


def shrunk_spread(rates: Floats) -> float:
    """SD of the centres' rupture rates on the logit scale, less their sampling noise.

    `rates` in %, one per centre. The noise of a rate p over n contracts is 1 / (n p (1 - p)) on
    that scale (delta method); with fewer contracts per centre than assumed, too much is left.
    """
    p: Floats = np.clip(rates / 100, 0.02, 0.98)
    noise = np.mean(1 / (CONTRACTS_PER_CENTRE * p * (1 - p)))
    return float(np.sqrt(max(np.log(p / (1 - p)).var(ddof=1) - noise, 0)))


def centre_spread(path: Path = OPEN_DATA) -> float:
    """Read the shrunk spread off the open data, to two decimals; without the file, `MEASURED`."""
    if not path.exists():
        return MEASURED
    table = pd.read_csv(path, sep=";", encoding="utf-8-sig", usecols=["Année", RATE])
    rates = table.loc[table["Année"] == COHORT, RATE].dropna()
    return round(shrunk_spread(rates.to_numpy(dtype=np.float64)), 2)
