"""Record tables drawn in ASCII: the first line names the columns, `-` or blank is a missing cell.

    held_on    | status | rating_tutor
    2024-01-10 | held   | 4
    2024-02-10 | missed | -

What a test does not draw has a default: keys are numbered, rows belong to contract C1, a row is
known the day it describes, and contract C1 is a two-year apprenticeship begun on 2023-09-01.
"""

from collections.abc import Hashable
from fractions import Fraction
from typing import Any

import pandas as pd

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, RECORD_TYPES, Records
from features.records.schema import Column, Kind, RecordType

DEFAULTS = {
    CONTRACT.name: {
        "contract_id": "C1",
        "kind": "apprenticeship",
        "started_on": "2023-09-01",
        "planned_end_on": "2025-08-31",
        "known_on": "2023-08-25",
    },
    INTERVIEW.name: {"contract_id": "C1", "status": "held"},
    EVENT.name: {"contract_id": "C1"},
    OUTCOME.name: {"contract_id": "C1", "how": "rupture"},
}
MISSING = ("", "-")


def cells(text: str) -> pd.DataFrame:
    """Read the drawn table as text cells, None where missing."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    header, body = rows[0], rows[1:]
    assert all(len(row) == len(header) for row in body), f"uneven table: {text}"
    return pd.DataFrame(body, columns=header, dtype=object).where(
        lambda frame: ~frame.isin(MISSING), None
    )


def rows(text: str) -> list[dict[str, str]]:
    """Read the drawn table line by line, blank where missing."""
    return [{str(name): cell or "" for name, cell in row.items()} for row in _lines(text)]


def _lines(text: str) -> list[dict[Hashable, str | None]]:
    return cells(text).to_dict("records")


def number(cell: str | None) -> float:
    """Read a drawn number: `2`, `0.5` or `1/3`; NaN where missing."""
    return float(Fraction(cell)) if cell else float("nan")


def drawn(record_type: RecordType, text: str) -> pd.DataFrame:
    """Draw a record table, completed with the defaults of its type."""
    frame = cells(text)
    unknown = set(frame.columns) - set(record_type.names)
    assert not unknown, f"{record_type.name} has no column {unknown}"
    for name, value in _defaults(record_type, frame).items():
        if name not in frame:
            frame = frame.assign(**{name: value})
    typed = {name: _typed(record_type[name], frame[name]) for name in map(str, frame)}
    return record_type.conform(pd.DataFrame(typed))


def _defaults(record_type: RecordType, frame: pd.DataFrame) -> dict[str, Any]:
    defaults: dict[str, Any] = dict(DEFAULTS[record_type.name])
    numbers = [str(row + 1) for row in range(len(frame))]
    if record_type.key != "contract_id":
        defaults[record_type.key] = [record_type.key[0].upper() + n for n in numbers]
    if record_type is CONTRACT:
        ids = frame.get("contract_id", pd.Series("C1", index=frame.index))
        defaults["person_id"] = "person of " + ids.astype("str")
    day_column = record_type.happened or "ended_on"
    if day_column in frame:
        defaults["known_on"] = frame[day_column]
    return defaults


def _typed(column: Column, texts: pd.Series) -> pd.Series:
    match column.kind:
        case Kind.DATE:
            return pd.to_datetime(texts, format="%Y-%m-%d").astype("datetime64[s]")
        case Kind.INTEGER | Kind.NUMBER:
            return texts.map(number).astype("float64")
        case Kind.FLAG:
            return texts.map({"true": 1.0, "false": 0.0}).astype("float64")
        case _:
            return texts


def records_of(
    *, contracts: str = "", interviews: str = "", events: str = "", outcomes: str = ""
) -> Records:
    """Draw records; without `contracts`, the default contract C1 alone."""
    contracts = contracts or "contract_id\nC1"
    drawings = zip(RECORD_TYPES, (contracts, interviews, events, outcomes), strict=True)
    return Records.of(**{kind.name: drawn(kind, text) for kind, text in drawings if text})


def cases_of(*pairs: tuple[str, str]) -> pd.DataFrame:
    """Cases from (contract_id, as_of) pairs."""
    frame = pd.DataFrame(pairs, columns=["contract_id", "as_of"]).astype({"contract_id": "str"})
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]"))
