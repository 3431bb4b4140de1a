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

from features.point_in_time.days import Days
from features.point_in_time.record_arrays import RecordArrays
from features.records.declarations import CONTRACT, OUTCOME


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


def trial_end(contracts: RecordArrays) -> Days:
    """Last day of free termination of each contract; NaN when it cannot be known.

    The declared date when there is one. For an apprenticeship without it, the calendar day by which
    45 days of practical training are reached at the contract's rhythm (L6222-18). For a contrat de
    professionnalisation without it: unknown, because a trial period is never presumed (L1221-23).
    """
    declared = contracts["trial_end_on"]
    share = contracts.mapped("training_rhythm", COMPANY_SHARE, default=DEFAULT_COMPANY_SHARE)
    legal = contracts["started_on"] + np.ceil(7 * PRACTICAL_DAYS / (5 * share))
    legal = np.where(contracts.is_code("kind", "apprenticeship"), legal, np.nan)
    return np.where(np.isnan(declared), legal, declared)


def read_ends(
    contracts: RecordArrays, outcomes: RecordArrays, *, definition: RuptureDefinition = DEFINITION
) -> npt.NDArray[np.str_]:
    """Read each declared outcome by the definition: a value of `End` each.

    `contracts` and `outcomes` are aligned: row i of one is the contract of row i of the other. An
    action de professionnalisation inside a permanent contract ends at `planned_end_on`: leaving
    after that day is not a rupture (D6325-5).
    """
    ended, planned = outcomes["ended_on"], contracts["planned_end_on"]
    trained = contracts["training_end_on"]
    natural_from = np.where(trained < planned, trained, planned) - definition.natural_end_days
    declared_natural = outcomes.is_code("how", "completed")
    declared_natural |= outcomes.is_code("motive", *NATURAL_MOTIVES)
    return np.select(
        [
            outcomes.is_code("how", "not_started") | (ended < contracts["started_on"]),
            outcomes.is_code("motive", *OTHER_MOTIVES),
            outcomes.is_code("how", "early_success"),
            outcomes.is_code("how", "converted"),
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


def classify_ends(
    contracts: pd.DataFrame, outcomes: pd.DataFrame, *, definition: RuptureDefinition = DEFINITION
) -> pd.DataFrame:
    """`read_ends` of aligned tables, with what else is known of each end.

    Returns a frame with the same index as `outcomes`: `end` (str, a value of `End`), `in_trial`
    (1.0, 0.0 or NaN when the trial period is unknown) and `net` (bool: a rupture without a new
    contract signed within `reentry_days`).
    """
    of_contract = RecordArrays.of_frame(contracts, CONTRACT)
    of_outcome = RecordArrays.of_frame(outcomes, OUTCOME)
    end = read_ends(of_contract, of_outcome, definition=definition)
    last_trial_day, ended = trial_end(of_contract), of_outcome["ended_on"]
    in_trial = np.where(np.isnan(last_trial_day), np.nan, ended <= last_trial_day)
    net = is_net(end, ended, next_on=of_outcome["new_contract_on"], definition=definition)
    return pd.DataFrame(
        {"end": end, "in_trial": in_trial, "net": net}, index=outcomes.index
    ).astype({"end": "str"})


def is_net(
    end: npt.NDArray[np.str_],
    ended_on: Days,
    *,
    next_on: Days,
    definition: RuptureDefinition = DEFINITION,
) -> npt.NDArray[np.bool_]:
    """Return which ends are ruptures without a next contract within `reentry_days`.

    `next_on` is NaN where no next contract is known: then the rupture is net until one is.
    """
    returned = next_on - ended_on <= definition.reentry_days
    return np.asarray((end == End.RUPTURE) & ~returned)
