"""Valid records drawn at random off the declarations, so that a new column is drawn too.

Days fall near a coarse grid and identities on a few values, so that ties, corrections, shared
employers and missing cells are the normal case. `known_on` is never before what a row describes,
and no record has two versions of one day, as the way in guarantees.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import Phase, settings
from hypothesis import strategies as st

from features.point_in_time.cases import known_versions
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, Records
from features.records.schema import Column, Kind, RecordType

BASE = np.datetime64("2023-09-01", "s")
LAST_DAY = 600
WITHDRAWN_SHARE = 0.1
LATELY = 250  # a contract may have passed its planned end by so many days
# Few values each, so that contracts share them; the first of a pattern's values is a usual one.
POOLS = {
    "employer_siret": ["00000000000001", "00000000000002"],
    # One of each sector.
    "employer_naf": [
        *("56.10A", "9602A", "4511Z", "0111Z", "10.71C", "25.11Z", "43.21A"),
        *("49.41A", "62.01Z", "65.12Z", "69.20Z", "86.10Z", "95.11Z"),
    ],
    "employer_idcc": ["1979"],
    "training_rncp": ["RNCP34095", "38565"],
    "training_centre_uai": ["0440001A", "7200001A", "9740001A"],
    "training_centre_siret": ["00000000000009"],
    "home_postcode": ["44000", "20200", "97400"],
    "job_rome": ["G1602"],
}
# Each example holds many rows; a smaller seed is no smaller case, so that none is looked for.
few = settings(max_examples=6, phases=[Phase.explicit, Phase.generate])


@dataclass(frozen=True)
class Drawn:
    """Records, and one morning each for contracts known by then."""

    records: Records
    cases: pd.DataFrame


def drawings(*, contracts: int = 8) -> st.SearchStrategy[Drawn]:
    """Hypothesis draws a seed; everything else follows from it."""
    return st.integers(0, 2**32 - 1).map(lambda seed: draw(seed, contracts=contracts))


def draw(seed: int, *, contracts: int) -> Drawn:
    """Draw records of up to so many contracts, with corrections, and cases known on a morning."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(1, contracts + 1))
    base = _contracts(rng, number)
    ids = base["contract_id"].to_numpy()
    dated = [
        _dated(rng, kind, rng.choice(ids, int(rng.integers(0, 24 * number))))
        for kind in (INTERVIEW, EVENT)
    ]
    records = Records.of(
        contracts=_corrected(rng, CONTRACT, base),
        interviews=_corrected(rng, INTERVIEW, dated[0]),
        events=_corrected(rng, EVENT, dated[1]),
        outcomes=_corrected(rng, OUTCOME, _outcomes(rng, ids[rng.random(number) < 0.6])),
    )
    return Drawn(records, _cases(rng, records))


def _cases(rng: np.random.Generator, records: Records) -> pd.DataFrame:
    """Draw a morning in the life of one contract; describe all that are known and not long over."""
    chosen = records.contracts["known_on"].iloc[int(rng.integers(len(records.contracts)))]
    as_of = chosen + pd.Timedelta(days=int(rng.integers(1, 300)))
    known = known_versions(records.contracts, "contract_id", before=as_of)
    lately = known["planned_end_on"] > as_of - pd.Timedelta(days=LATELY)
    cases = pd.DataFrame({"contract_id": known.loc[lately, "contract_id"].to_numpy()})
    return cases.assign(as_of=as_of).astype({"contract_id": "str", "as_of": "datetime64[s]"})


def _day(rng: np.random.Generator, low: int, high: int, size: int, step: int = 10) -> np.ndarray:
    """Draw days on a grid of `step` days from BASE."""
    days = rng.integers(low // step, high // step + 1, size) * step
    return np.asarray(BASE + days.astype("timedelta64[D]"))


def _contracts(rng: np.random.Generator, number: int) -> pd.DataFrame:
    rows = _values(rng, CONTRACT, number)
    started = _day(rng, -300, 300, number)
    days = (rng.integers(6, 36, number) * 30).astype("timedelta64[D]")
    age = (rng.integers(15 * 365, 40 * 365, number)).astype("timedelta64[D]")
    born = np.where(rng.random(number) < 0.2, np.datetime64("NaT"), started - age)
    return rows.assign(
        contract_id=[f"C{i}" for i in range(number)],
        person_id=rng.choice([f"P{i}" for i in range(number)], number),
        started_on=started,
        planned_end_on=started + days,
        born_on=born,
        known_on=started + (rng.integers(-20, 40, number)).astype("timedelta64[D]"),
    )


def _dated(rng: np.random.Generator, record_type: RecordType, ids: np.ndarray) -> pd.DataFrame:
    near = rng.choice([0, 0, 1, 4], len(ids)).astype("timedelta64[D]")
    happened = _day(rng, -200, LAST_DAY, len(ids), step=30) + near
    delay = rng.choice([0, 0, 5, 60], len(ids)).astype("timedelta64[D]")
    keys = [f"{record_type.name}{i}" for i in range(len(ids))]
    rows = _values(rng, record_type, len(ids)).assign(contract_id=ids, known_on=happened + delay)
    return rows.assign(**{record_type.key: keys, record_type.happened or "": happened})


def _outcomes(rng: np.random.Generator, ids: np.ndarray) -> pd.DataFrame:
    ended = _day(rng, -300, LAST_DAY, len(ids))
    delay = rng.choice([-15, 0, 5, 90], len(ids)).astype("timedelta64[D]")  # some are announced
    return _values(rng, OUTCOME, len(ids)).assign(
        contract_id=ids, ended_on=ended, known_on=ended + delay
    )


def _corrected(
    rng: np.random.Generator, record_type: RecordType, rows: pd.DataFrame
) -> pd.DataFrame:
    """Add later versions of a third of the rows, with other content; the order is shuffled."""
    parts = [rows]
    for later in (20, 45):
        chosen = rows[rng.random(len(rows)) < 1 / 3]
        fresh = _values(rng, record_type, len(chosen)).set_axis(chosen.index)
        changed = chosen.assign(**{c: fresh[c] for c in _content(record_type)})
        earlier = pd.to_timedelta(rng.choice([0, 10], len(chosen)), unit="D")
        days = {c: chosen[c] - earlier for c in _days(record_type)}
        known_on = chosen["known_on"] + pd.Timedelta(days=later)
        parts.append(changed.assign(**days, known_on=known_on))
    return pd.concat([p for p in parts if len(p)] or [rows]).sample(frac=1, random_state=rng)


def _days(record_type: RecordType) -> list[str]:
    return [c.name for c in record_type.columns if c.kind is Kind.DATE and c.name != "known_on"]


def _content(record_type: RecordType) -> list[str]:
    """Columns a correction changes: all but keys, anchors and days."""
    return [
        c.name
        for c in record_type.columns
        if c.kind is not Kind.DATE and c.name not in {record_type.key, *record_type.immutable}
    ]


def _values(rng: np.random.Generator, record_type: RecordType, size: int) -> pd.DataFrame:
    """Draw a value for every cell, one in four missing where it may be."""
    return pd.DataFrame({c.name: _column(rng, c, size) for c in record_type.columns})


def _column(rng: np.random.Generator, column: Column, size: int) -> np.ndarray:
    match column.kind:
        case Kind.CODE if column.code_list is not None:
            values = rng.choice(np.array(column.code_list.codes, dtype=object), size)
        case Kind.FLAG if column.default is not None:
            values = (rng.random(size) < WITHDRAWN_SHARE).astype("float64")
        case Kind.FLAG:
            values = rng.integers(0, 2, size).astype("float64")
        case Kind.INTEGER | Kind.NUMBER:
            low, high = int(column.low or 0), int(column.high or 0)
            near = np.minimum(high, low + 20)  # half of the values are small ones
            top = np.where(rng.random(size) < 0.5, near, high)
            values = rng.integers(low, top + 1).astype("float64")
        case Kind.DATE:
            values = _day(rng, -200, LAST_DAY, size)
        case _:
            values = rng.choice(np.array(POOLS.get(column.name, ["x", "y"]), dtype=object), size)
    missing = (rng.random(size) < 0.25) & (not column.required)
    values[missing] = np.datetime64("NaT") if column.kind is Kind.DATE else np.nan
    return values
