"""A row of a comma-separated file in which decimal commas were not quoted, put together again."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from features.records.cleaning import read_value
from features.records.faults import CellError
from features.records.schema import Column, Kind

NUMBERS = (Kind.INTEGER, Kind.NUMBER)


def rejoined(cells: Sequence[str], columns: Sequence[Column | None]) -> list[str] | None:
    """Return the cells with the two halves of each decimal joined; None unless one way fits.

    A way fits when every date, code and flag then stands in its column.
    """
    ways = list(islice(_ways(list(cells), list(columns)), 2))
    return ways[0] if len(ways) == 1 else None


def _ways(cells: list[str], columns: list[Column | None]) -> Iterator[list[str]]:
    if not columns or len(cells) < len(columns):
        if not cells and not columns:
            yield []
        return
    column = columns[0]
    if _fits(column, cells[0]):
        yield from ([cells[0], *rest] for rest in _ways(cells[1:], columns[1:]))
    if column is not None and column.kind in NUMBERS and len(cells) > len(columns):
        whole, decimals = cells[0].strip(), cells[1].strip()
        if re.fullmatch("[0-9]{1,6}", whole) and re.fullmatch("[0-9]{1,2} ?[%h]?", decimals):
            joined = f"{whole},{decimals}"
            yield from ([joined, *rest] for rest in _ways(cells[2:], columns[1:]))


def _fits(column: Column | None, cell: str) -> bool:
    if column is None or column.kind in {Kind.ID, Kind.TEXT, *NUMBERS} or not cell.strip():
        return True
    try:
        read_value(column, cell)
    except CellError:
        return False
    return True
