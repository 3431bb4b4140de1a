"""What counts as a rupture: one versioned definition, stored with every label, model and score.

Sources: Code du travail L6222-18, L6325-5, D6325-5, L1221-23 (a trial period is never presumed
outside apprenticeship), L6222-19 (diploma obtained early); national dashboard (natural end within
60 days of the end of the training, re-entry within 180 days); Dares Analyses 43, 2024 (gross, net).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd


class End(StrEnum):
    """How a contract ended, once the declared outcome is read with its dates and motive."""

    RUPTURE = "rupture"
    COMPLETED = "completed"
    EARLY_SUCCESS = "early_success"
    CONVERTED = "converted"
    NOT_STARTED = "not_started"
    OTHER = "other"  # retirement, death of the young person: neither a rupture nor a success
    UNCLEAR = "unclear"  # the declaration contradicts its dates: unknown, never counted as 0


@dataclass(frozen=True)
class RuptureDefinition:
    """The thresholds of the definition. A change of rule or threshold is a new version."""

    version: str = "2026.1"
    natural_end_days: int = 60
    reentry_days: int = 180


DEFINITION = RuptureDefinition()

NATURAL_MOTIVES = ("031", "032", "081")
OTHER_MOTIVES = ("038", "039", "066")
# Apprenticeship: 45 days of practical training; share of working days spent in the company.
PRACTICAL_DAYS = 45
COMPANY_SHARE = {
    "days_each_week": 3 / 5,
    "one_week_in_two": 1 / 2,
    "one_week_in_three": 2 / 3,
    "one_week_in_four": 3 / 4,
}
DEFAULT_COMPANY_SHARE = 2 / 3


def trial_end(contracts: pd.DataFrame) -> pd.Series:
    """Last day of free termination of each contract; NaT when it cannot be known.

    The declared date when there is one. For an apprenticeship without it, the calendar day by which
    45 days of practical training are reached at the contract's rhythm (L6222-18). For a contrat de
    professionnalisation without it: unknown, because a trial period is never presumed (L1221-23).
    """
    rhythm = contracts["training_rhythm"].astype("object")
    share = rhythm.map(COMPANY_SHARE).astype("float64").fillna(DEFAULT_COMPANY_SHARE).to_numpy()
    days = np.ceil(7 * PRACTICAL_DAYS / (5 * share)).astype("timedelta64[D]")
    legal = contracts["started_on"] + days
    legal = legal.where(contracts["kind"] == "apprenticeship")
    return contracts["trial_end_on"].fillna(legal)


def classify_ends(
    contracts: pd.DataFrame, outcomes: pd.DataFrame, *, definition: RuptureDefinition = DEFINITION
) -> pd.DataFrame:
    """Read each declared outcome by the definition.

    `contracts` and `outcomes` are aligned: row i of one is the contract of row i of the other.
    Returns a frame with the same index as `outcomes`: `end` (str, a value of `End`), `in_trial`
    (1.0, 0.0 or NaN when the trial period is unknown) and `net` (bool: a rupture without a new
    contract signed within `reentry_days`). An action de professionnalisation inside a permanent
    contract ends at `planned_end_on`: leaving after that day is not a rupture (D6325-5).
    """
    contracts = contracts.set_axis(outcomes.index)
    ended, planned = outcomes["ended_on"], contracts["planned_end_on"]
    natural_from = planned.where(
        ~(contracts["training_end_on"] < planned), contracts["training_end_on"]
    ) - pd.Timedelta(days=definition.natural_end_days)
    how, motive = outcomes["how"], outcomes["motive"]
    declared_natural = (how == "completed") | motive.isin(NATURAL_MOTIVES)
    end = np.select(
        [
            (how == "not_started") | (ended < contracts["started_on"]),
            motive.isin(OTHER_MOTIVES),
            how == "early_success",
            how == "converted",
            ended >= planned,
            declared_natural & (ended >= natural_from),
            declared_natural,
        ],
        [
            End.NOT_STARTED,
            End.OTHER,
            End.EARLY_SUCCESS,
            End.CONVERTED,
            End.COMPLETED,
            End.COMPLETED,
            End.UNCLEAR,
        ],
        default=End.RUPTURE,
    )
    last_trial_day = trial_end(contracts)
    in_trial = (ended <= last_trial_day).astype("float64").where(last_trial_day.notna())
    reentered = _days(outcomes["new_contract_on"] - ended) <= definition.reentry_days
    return pd.DataFrame(
        {"end": end, "in_trial": in_trial, "net": (end == End.RUPTURE) & ~reentered},
        index=outcomes.index,
    ).astype({"end": "str"})


def _days(delta: pd.Series) -> npt.NDArray[np.float64]:
    return np.asarray(delta.dt.days, dtype="float64")
