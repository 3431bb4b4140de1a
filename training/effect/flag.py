"""What being on the week's list changes: cases drawn for it against like cases that were not.

Only the draw is compared. Cases urgent enough to be listed anyway had a lower probability and are
left out: drawn or not, they were on the list. Intention to list: what was done afterwards does not
move a case from one side to the other.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from features.point_in_time.cases import known_versions
from features.point_in_time.rupture import End
from features.records.declarations import Records
from training.effect.estimators.estimate import Estimate, Floats
from training.effect.estimators.power import TARGET
from training.effect.estimators.weighted import weighted_difference
from training.labels import known_ends

HORIZON_DAYS = 90  # a rupture counts that long after the week's Monday
WAIT_DAYS = 60  # declarations come late; until then the week is not judged
SEEN_DAYS = 14  # an interview counts that long as what the list brought about
FLOOR = 20  # persons drawn, and persons not drawn, below which nothing is concluded


def flag_effect(
    records: Records, lines: pd.DataFrame, *, as_of: pd.Timestamp, level: float = 0.95
) -> dict[str, Any]:
    """Return the effect of being drawn on ruptures and on being seen, as known on a morning.

    `lines` are those of `read_week_lists`. Rates are weighted by the probability of the draw, risk
    is adjusted for, errors are clustered by person. A case may be drawn in several weeks: the
    effect is that of one draw beside those before.
    """
    weeks = _matured(_comparable(lines), as_of=as_of)
    facts = _facts(records, weeks, as_of=as_of)
    persons = {
        side: int(facts["person_id"][facts["drawn"].eq(flag)].nunique())
        for side, flag in (("drawn", 1.0), ("not_drawn", 0.0))
    }
    rupture = _difference(facts, "ruptured", level=level)
    seen = _difference(facts, "seen", level=level)
    return {
        "weeks": int(facts["week"].nunique()),
        "case_weeks": len(facts),
        "persons": persons,
        "horizon_days": HORIZON_DAYS,
        "seen_days": SEEN_DAYS,
        "rupture": rupture,
        "seen": seen,
        "detectable": _detectable(rupture, level=level),
        "floor": FLOOR,
        "verdict": _verdict(rupture, persons),
    }


def _comparable(lines: pd.DataFrame) -> pd.DataFrame:
    """Keep the case-weeks that the draw decided: neither urgent nor sure to be listed or left."""
    of_week = lines.groupby(["advisor_id", "week"])
    most = of_week["probability"].transform("max")
    all_listed = of_week["rank"].transform(lambda ranks: ranks.notna().all())
    open_to_chance = lines["probability"].between(0, 1, inclusive="neither")
    decided = open_to_chance & np.isclose(lines["probability"], most)
    return lines[decided & ~all_listed.astype(bool)]


def _matured(lines: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    judged_on = lines["week"] + pd.Timedelta(days=HORIZON_DAYS + WAIT_DAYS)
    return lines[judged_on <= as_of].reset_index(drop=True)


def _facts(records: Records, weeks: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the case-weeks with person, rupture within the horizon, and whether they were seen.

    A contract that is not among the records, or was withdrawn, is left out; one that had ended
    before its Monday too. An end that contradicts itself is unknown.
    """
    contracts = known_versions(records.contracts, "contract_id", before=as_of)
    person = contracts.set_index("contract_id")["person_id"]
    made = weeks.assign(person_id=weeks["contract_id"].map(person))
    ends = known_ends(records, known_by=as_of).reindex(made["contract_id"])
    days = (ends["ended_on"].to_numpy() - made["week"].to_numpy()) / np.timedelta64(1, "D")
    within = (days >= 0) & (days < HORIZON_DAYS)
    ruptured = (ends["end"].eq(End.RUPTURE).to_numpy() & within).astype("float64")
    unclear = ends["end"].eq(End.UNCLEAR).to_numpy() & within
    made["ruptured"] = np.where(unclear, np.nan, ruptured)
    made["seen"] = _seen(records, made, as_of=as_of)
    among = made["person_id"].notna() & ~(days < 0)
    compared_rows: pd.DataFrame = made[among].reset_index(drop=True)
    return compared_rows


def _seen(records: Records, weeks: pd.DataFrame, *, as_of: pd.Timestamp) -> Floats:
    interviews = known_versions(records.interviews, "interview_id", before=as_of)
    held = interviews[interviews["status"].astype("str") == "held"][["contract_id", "held_on"]]
    pairs = weeks[["contract_id", "week"]].reset_index(names="row").merge(held, on="contract_id")
    after = (pairs["held_on"] - pairs["week"]).dt.days
    rows = pairs["row"][(after >= 0) & (after < SEEN_DAYS)]
    return np.isin(np.arange(len(weeks)), rows.unique()).astype("float64")


def _difference(facts: pd.DataFrame, outcome: str, *, level: float) -> Estimate:
    """Drawn minus not drawn; a case that was not assessed stands at the mean risk."""
    known = facts[facts[outcome].notna()]
    risk = known["risk"].to_numpy("float64")
    mean = float(np.nanmean(risk)) if np.isfinite(risk).any() else 0.0
    return weighted_difference(
        known[outcome].to_numpy("float64"),
        known["drawn"].to_numpy("float64"),
        probability=known["probability"].to_numpy("float64"),
        covariate=np.nan_to_num(risk, nan=mean),
        groups=pd.factorize(known["person_id"])[0].astype(np.int64),
        level=level,
    )


def _detectable(found: Estimate, *, level: float) -> float:
    """Return the smallest true difference that such an error sees eight times in ten."""
    error = found.details.get("error", np.nan)
    return float((stats.norm.ppf(0.5 + level / 2) + stats.norm.ppf(TARGET)) * error)


def _verdict(found: Estimate, persons: dict[str, int]) -> str:
    if min(persons.values()) < FLOOR:
        return "below_floor"
    if not np.isfinite(found.low):
        return "none"
    if found.high < 0:
        return "fewer"
    return "more" if found.low > 0 else "none"
