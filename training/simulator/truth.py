"""The truth, written beside the records so that a model can be compared with the oracle."""

import numpy as np
import pandas as pd

from training.simulator.drawing import Ints
from training.simulator.hazard import MONTH, true_risk
from training.simulator.world import MONTHS, World


def truth_contracts(world: World) -> pd.DataFrame:
    """Tabulate both potential ends of each contract and the one that happens."""
    frame = pd.DataFrame({"contract_id": world.traits["contract_id"], "supported": world.supported})
    named = {"": world.ends, "_supported": world.with_support, "_unsupported": world.without}
    for suffix, ends in named.items():
        frame[f"ended_on{suffix}"] = (world.starts + ends.day).astype("datetime64[s]")
        frame[f"how{suffix}"] = pd.Series(ends.how, dtype="str")
    return frame


def truth(world: World) -> pd.DataFrame:
    """Compute the true 90-day risk of each contract at each morning it runs and is observed.

    Mornings: day 0, 30, 60 and so on of the contract, and each first of a month. `risk_90` is under
    what the person really receives; the other two are under support and without it.
    """
    contract, day = _mornings(world)
    planned = world.traits["planned_days"].to_numpy()
    without, with_support = (
        true_risk(
            world.base, world.states, contract=contract, day=day, planned_days=planned, shift=shift
        )
        for shift in (np.zeros(len(planned)), world.effect)
    )
    return pd.DataFrame(
        {
            "contract_id": world.traits["contract_id"].to_numpy()[contract],
            "as_of": (world.starts[contract] + day).astype("datetime64[s]"),
            "risk_90": np.where(world.supported[contract], with_support, without),
            "risk_90_supported": with_support,
            "risk_90_unsupported": without,
        }
    )


def _mornings(world: World) -> tuple[Ints, Ints]:
    """Contract and day of every morning for which the truth is written, by contract then day."""
    observed = (world.window.last_day - world.starts).astype(np.int64)
    natural = (world.ends.how != "rupture").astype(np.int64)
    last = np.minimum(world.ends.day - natural, observed)  # a rupture's own morning is one more
    aged = np.arange(0, MONTH * MONTHS, MONTH)[None, :].repeat(len(last), axis=0)
    months = np.arange(
        world.window.first_day.astype("datetime64[M]"),
        world.window.last_day + np.timedelta64(1, "D"),
        dtype="datetime64[M]",
    ).astype("datetime64[D]")
    firsts = (months[None, :] - world.starts[:, None]).astype(np.int64)
    firsts = np.where(firsts % MONTH == 0, -1, firsts)
    days = np.sort(np.concatenate([aged, firsts], axis=1), axis=1)
    contract, column = np.nonzero((days >= 0) & (days <= last[:, None]))
    return contract.astype(np.int64), days[contract, column]
