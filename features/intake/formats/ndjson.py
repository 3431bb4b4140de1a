"""NDJSON becomes raw rows: one flat object a line; any other line is refused with its place."""

import json
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from features.intake.formats.raw_tables import Broken, RawTable, broken_rows
from features.records.schema import RecordType

FLAT = "one flat JSON object"
Row = dict[str, object]


class _TwiceError(ValueError):
    """An object that holds one name twice, with two values."""


def read_ndjson(content: bytes, record_type: RecordType, *, name: str) -> RawTable | None:
    """Read NDJSON in UTF-8, or one array of objects; None when it holds nothing.

    An object is numbered by its line, or by its rank in the array.
    """
    rows: dict[int, Row] = {}
    broken: dict[int, Broken] = {}
    texts = list(_numbered(content))
    for at, text in texts:
        read = _object(text)
        if isinstance(read, Broken):
            broken[at] = read
        else:
            rows[at] = read
    if not texts:
        return None
    # Typed, whole numbers would turn inexact beside a missing one.
    frame = pd.DataFrame(list(rows.values()), dtype=object) if rows else record_type.empty()
    return RawTable(
        frame,
        name,
        np.fromiter(rows, np.int64),
        broken_rows(broken, file=name, table=record_type.name),
        texts={at: row.text for at, row in broken.items()},
    )


def _numbered(content: bytes) -> Iterator[tuple[int, str]]:
    """Return the number and the text of each object."""
    whole = _array(content)
    if whole is not None:
        yield from ((at, json.dumps(item)) for at, item in enumerate(whole, 1))
        return
    for at, line in enumerate(content.split(b"\n"), 1):
        text = line.decode().strip()
        if text:
            yield at, text


def _array(content: bytes) -> list[object] | None:
    if not content.lstrip().startswith(b"["):
        return None
    try:
        items = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return items if isinstance(items, list) else None


def _object(text: str) -> Row | Broken:
    """Return the object of a line, or why it is none."""
    try:
        # NaN stays a text, for the parsing to judge.
        row = json.loads(text, parse_constant=str, object_pairs_hook=_once)
        if isinstance(row, dict) and not any(isinstance(v, dict | list) for v in row.values()):
            json.dumps(row, ensure_ascii=False).encode()
            return row
    except _TwiceError as error:
        return Broken(f"{FLAT}, each name once", str(error), text)
    except UnicodeEncodeError:
        return Broken("whole characters", "half of a character (a lone surrogate)", text)
    except RecursionError:
        return Broken(FLAT, "values nested too deep", text)
    except ValueError:
        pass
    return Broken(FLAT, "something else", text)


def _once(pairs: Iterable[tuple[str, object]]) -> Row:
    found: Row = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise _TwiceError("a name twice with two values")
        found[key] = value
    return found
