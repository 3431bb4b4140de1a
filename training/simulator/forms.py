"""Contracts as filed: each kind with the codes of its own form, fields missing as in practice."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.records.declarations import CONTRACT
from training.simulator.drawing import Flags, Ints, blank, pick
from training.simulator.world import World

SITUATION_12434 = {
    "school": "1",
    "student": "3",
    "apprenticeship": "4",
    "professionalisation": "5",
    "prepa": "7",
    "trainee": "7",
    "after_rupture": "7",
    "employee": "8",
    "jobseeker": "9",
    "inactive": "10",
}
SITUATION_10103 = {
    "school": "1",
    "prepa": "2",
    "student": "3",
    "apprenticeship": "4",
    "professionalisation": "5",
    "after_rupture": "8",
    "trainee": "9",
    "employee": "10",
    "jobseeker": "11",
    "inactive": "12",
}
DIPLOMA_12434 = {
    "none": ("60", "60", "60"),
    "cap": ("51", "52", "59"),
    "bac": ("41", "42", "43"),
    "bac_plus_2": ("39", "39", "39"),
    "bac_plus_3": ("29", "29", "19"),
}
DIPLOMA_10103 = {
    "none": ("25", "13", "26"),
    "cap": ("33", "34", "38"),
    "bac": ("41", "42", "43"),
    "bac_plus_2": ("54", "55", "58"),
    "bac_plus_3": ("62", "63", "69"),
}
MISSING = {
    "tutor_experience_years": 0.1,
    "tutor_learners": 0.08,
    "commute_minutes": 0.06,
    "commute_mode": 0.15,
    "housing": 0.08,
    "previous_ruptures": 0.05,
    "employer_idcc": 0.06,
    "training_rncp": 0.04,
    "pay_percent_smic": 0.04,
    "job_rome": 0.1,
    "signed_on": 0.03,
    "training_end_on": 0.06,
    "training_hours": 0.05,
    "training_rhythm": 0.08,
    "rqth": 0.05,
    "distance_learning": 0.05,
    "employer_headcount": 0.03,
    "home_postcode": 0.01,
    "qpv": 0.1,
    "weekly_hours": 0.03,
    "training_centre_siret": 0.1,
    "diploma_12434": 0.03,
    "diploma_10103": 0.03,
    "situation_12434": 0.03,
    "situation_10103": 0.03,
}
TRIAL_WRITTEN = 0.8  # a trial period is never presumed (1.1): not every contract writes one


def filed_contracts(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per contract, known a few days before or after the start.

    `row` is its index.
    """
    traits = world.traits
    apprentice = traits["kind"].eq("apprenticeship").to_numpy()
    start = traits["started_on"].astype("datetime64[s]")
    frame = traits.assign(
        form=np.where(traits["permanent"], "permanent", "fixed_term"),
        trial_end_on=_trial_end(traits, apprentice, rng),
        born_on=births(traits),
        sex=np.where(traits["woman"], "F", "M"),
        known_on=start
        + pick(rng, (10, 20, 20, 20, 15, 10, 5), size=len(traits)).astype("timedelta64[D]")
        - np.timedelta64(3, "D"),
        row=np.arange(len(traits)),
        **_form_codes(traits, apprentice, rng),
    )
    flags = ["distance_learning", "rqth", "qpv"]
    frame = frame.astype(dict.fromkeys(flags, "float64"))
    for name, share in MISSING.items():
        frame[name] = blank(rng, frame[name], share)
    return frame[[*CONTRACT.stated, "row"]]


def _form_codes(
    traits: pd.DataFrame, apprentice: Flags, rng: np.random.Generator
) -> dict[str, pd.Series]:
    """Type, diploma and situation, on the form of the contract's kind and never on both."""
    variant = pick(rng, (60, 25, 15), size=len(traits))
    renewed = np.where(rng.random(len(traits)) < 0.15, "22", "11")
    types = {"12434": pd.Series("1", index=traits.index, dtype="str")}
    types["10103"] = pd.Series(np.where(traits["after_rupture"], "23", renewed), dtype="str")
    forms = (
        ("12434", ~apprentice, SITUATION_12434, DIPLOMA_12434),
        ("10103", apprentice, SITUATION_10103, DIPLOMA_10103),
    )
    columns = {}
    for form, used, situation, diploma in forms:
        columns[f"contract_type_{form}"] = types[form].where(used)
        columns[f"situation_{form}"] = traits["situation"].map(situation).where(used)
        columns[f"diploma_{form}"] = _diploma(traits["diploma"], diploma, variant).where(used)
    return columns


def _diploma(bands: pd.Series, codes: Mapping[str, tuple[str, ...]], variant: Ints) -> pd.Series:
    table = np.array(list(codes.values()), dtype=object)
    return pd.Series(
        table[pd.Index(list(codes)).get_indexer(pd.Index(bands)), variant], dtype="str"
    )


def _trial_end(traits: pd.DataFrame, apprentice: Flags, rng: np.random.Generator) -> pd.Series:
    end = traits["started_on"] + pd.to_timedelta(traits["trial_days"], unit="D")
    written = ~apprentice & (rng.random(len(traits)) < TRIAL_WRITTEN)
    return end.astype("datetime64[s]").where(written)


def births(traits: pd.DataFrame) -> pd.Series:
    """Birth dates, from the age at the start."""
    days = np.floor(traits["age"].to_numpy() * 365.25)
    return (traits["started_on"] - pd.to_timedelta(days, unit="D")).astype("datetime64[s]")
