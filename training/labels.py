"""What happened in [as_of, as_of + horizon): a rupture, another end, nothing, or not yet known.

A label matures at as_of + horizon + declaration delay. Before that it is unknown, also when a
rupture is already seen: else only positives would enter the last months.
"""

from enum import StrEnum

import numpy as np
import pandas as pd

from features.point_in_time.cases import in_force_on, known_versions
from features.point_in_time.days import to_days
from features.point_in_time.rupture import (
    DEFINITION,
    End,
    RuptureDefinition,
    classify_ends,
    is_net,
)
from features.records.declarations import Records
from training.recipe import Target


class State(StrEnum):
    """What is known of the window of a case."""

    RUPTURE = "rupture"
    OTHER_END = "other_end"
    RUNNING = "running"
    IMMATURE = "immature"  # the window, or the delay after it, is not over
    ALREADY_ENDED = "already_ended"  # ended before as_of, though nobody knew it yet
    UNCLEAR = "unclear"  # the declared end contradicts itself, or the contract never started
    WITHDRAWN = "withdrawn"  # the contract turned out to be recorded by mistake


LABELS = {State.RUPTURE: 1.0, State.OTHER_END: 0.0, State.RUNNING: 0.0}


def label_cases(
    cases: pd.DataFrame,
    records: Records,
    *,
    known_by: pd.Timestamp,
    target: Target,
    definition: RuptureDefinition = DEFINITION,
) -> pd.DataFrame:
    """State and label of each case, from what was known on the morning of `known_by`.

    Returns `state` (a value of `State`) and `label` (1.0, 0.0, or NaN where the state is neither),
    aligned with `cases`. A later declaration than the delay allows makes a 0 of what was a 1, here
    as in service.
    """
    withdrawn = ~in_force_on(records.contracts, cases.assign(as_of=known_by))
    ends = known_ends(records, known_by=known_by, definition=definition)
    ends = ends.reindex(cases["contract_id"]).set_axis(cases.index)
    window_end = cases["as_of"] + pd.Timedelta(days=target.horizon_days)
    patience = target.declaration_delay_days + (definition.reentry_days if target.net else 0)
    immature = window_end + pd.Timedelta(days=patience) > known_by
    ended, end = ends["ended_on"], ends["end"]
    within = (ended >= cases["as_of"]) & (ended < window_end)
    ruptured = (end == End.RUPTURE) & (ends["net"].eq(True) if target.net else True)
    state = np.select(
        [
            withdrawn,
            ended < cases["as_of"],
            immature,
            end == End.NOT_STARTED,
            within & (end == End.UNCLEAR),
            within & ruptured,
            within,
        ],
        [
            State.WITHDRAWN,
            State.ALREADY_ENDED,
            State.IMMATURE,
            State.UNCLEAR,
            State.UNCLEAR,
            State.RUPTURE,
            State.OTHER_END,
        ],
        default=State.RUNNING,
    )
    labelled = pd.DataFrame({"state": state}, index=cases.index).astype("str")
    return labelled.assign(label=labelled["state"].map(LABELS).astype("float64"))


def known_ends(
    records: Records, *, known_by: pd.Timestamp, definition: RuptureDefinition = DEFINITION
) -> pd.DataFrame:
    """Ends known on that morning, by contract: ended_on, end, in_trial, net.

    A rupture is not `net` once the person's next contract was known, wherever it was declared, if
    it began within `reentry_days`; one known never to have begun is none.
    """
    contracts = known_versions(records.contracts, "contract_id", before=known_by)
    outcomes = known_versions(records.outcomes, "contract_id", before=known_by)
    outcomes = outcomes[outcomes["contract_id"].isin(contracts["contract_id"])]
    aligned = contracts.set_index("contract_id").loc[outcomes["contract_id"]].reset_index()
    outcomes = outcomes.reset_index(drop=True)
    ends = classify_ends(aligned, outcomes, definition=definition)
    begun = ~contracts["contract_id"].isin(
        outcomes.loc[ends["end"] == End.NOT_STARTED, "contract_id"]
    )
    back_on = _next_contract_on(aligned, outcomes, contracts[begun])
    ends["net"] = is_net(
        ends["end"].to_numpy(),
        to_days(outcomes["ended_on"]),
        next_on=to_days(back_on),
        definition=definition,
    )
    return ends.assign(ended_on=outcomes["ended_on"]).set_axis(
        pd.Index(outcomes["contract_id"], name="contract_id")
    )


def _next_contract_on(
    ended: pd.DataFrame, outcomes: pd.DataFrame, contracts: pd.DataFrame
) -> pd.Series:
    """Return the day of the person's next contract: as declared with the end, or its own start.

    One of `contracts` counts wherever it was declared; `ended` is aligned with `outcomes`.
    """
    starts = contracts[["person_id", "started_on", "contract_id"]].sort_values("started_on")
    left = ended[["person_id"]].assign(ended_on=outcomes["ended_on"], row=range(len(ended)))
    pairs = left.merge(starts, on="person_id")
    after = pairs["started_on"] >= pairs["ended_on"]
    own = pairs["contract_id"].to_numpy() == ended["contract_id"].to_numpy()[pairs["row"]]
    first = pairs[after & ~own].groupby("row")["started_on"].min()
    found = first.reindex(range(len(ended))).set_axis(outcomes.index)
    declared = outcomes["new_contract_on"]
    return declared.where(declared.le(found) | found.isna(), found).astype(declared.dtype)
