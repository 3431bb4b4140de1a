"""Rows from outside -> accepted records, and the rest with a reason for every faulty cell."""

import difflib
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.cells import Cells, Faults, Mask, as_text, read_cells
from features.intake.formats.rejects import HIDDEN, LONGEST_GOT, MISSING, gather, reject_lines
from features.records.faults import Fault
from features.records.schema import Column, Privacy, RecordType

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ParsedTable:
    """Accepted rows (dtypes of the declaration), the line of each, and the refused cells.

    `left_out` lists the faulty optional values of accepted rows, which are missing in them;
    `cleaned` counts, by column, the values that were written otherwise than declared.
    """

    accepted: pd.DataFrame
    rejected: pd.DataFrame
    lines: Lines
    left_out: pd.DataFrame
    cleaned: dict[str, int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Failure:
    column: Column
    reason: str
    expected: str
    mask: Mask


def parse_table(
    record_type: RecordType,
    raw: pd.DataFrame,
    *,
    file: str,
    first_line: int = 2,
    lines: Lines | None = None,
    strict: bool = False,
) -> ParsedTable:
    """Accept the rows whose required cells are as declared; refuse the others whole.

    A faulty value of an optional column becomes missing and is listed in `left_out`; a column that
    is not declared is left out and noted. With `strict` the first refuses the row, the second the
    table. `raw` holds one row per record, as text or typed. `lines` gives the line of each row in
    `file`; without it they are numbered from `first_line`. A row is known on `known_on` at the
    earliest the day it describes: a `known_on` before it is refused, else a feature could look
    ahead.

    Raises InputError: a required column is missing, or one is there twice.
    """
    notes = check_columns(record_type, list(raw.columns), file=file, strict=strict)
    where = np.arange(len(raw), dtype=np.int64) + first_line if lines is None else lines
    cells = {c.name: _cells(c, raw) for c in record_type.columns}
    cells = _without_content(record_type, cells)
    faults = _faults(record_type, cells)
    fatal = [fault for fault in faults if strict or fault.column.is_decisive]
    bad = np.logical_or.reduce([np.zeros(len(raw), bool), *(fault.mask for fault in fatal)])
    rejects = [_rejects(fault, raw, where, file, record_type.name) for fault in faults]
    # The optional faults of a refused row are reported with it, so that it is corrected once.
    every = gather(rejects).sort_values("line", kind="stable", ignore_index=True)
    refused = every["line"].isin(where[bad]).to_numpy()
    rows = pd.DataFrame({name: column.content for name, column in cells.items()})
    if bad.any():
        rows, where = rows[~bad].reset_index(drop=True), where[~bad]
    return ParsedTable(
        accepted=rows,
        rejected=every[refused].reset_index(drop=True),
        lines=where,
        left_out=every[~refused].reset_index(drop=True),
        cleaned={name: column.cleaned for name, column in cells.items() if column.cleaned},
        notes=notes,
    )


def check_columns(
    record_type: RecordType, names: list[str], *, file: str, strict: bool = False
) -> tuple[str, ...]:
    """Return a note for each column that is not declared, which is left out.

    Raises InputError: no column is known, one is missing or there twice; with `strict`, one is
    unknown. The message says what is allowed.
    """
    allowed = record_type.names
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    missing = [c.name for c in _asked(record_type, names) if c.name not in names]
    unknown = [name for name in names if name not in record_type.by_name]
    if len(unknown) == len(names) and len(names) > 0:
        # Without a header line the first row is data: it must not be quoted.
        raise InputError(
            f"{file}: no known column; its first line must name: {', '.join(allowed)}; "
            "`vigie prepare` maps other names"
        )
    messages = [_unknown(name, allowed) for name in unknown]
    if twice:
        raise InputError(f"{file}: column {twice[0]} is there twice; keep one")
    if missing:
        near = f"; {messages[0]}" if messages else ""
        raise InputError(
            f"{file}: required column {missing[0]} is missing; add it{near}; "
            "`vigie prepare` maps other names"
        )
    if messages and strict:
        raise InputError(f"{file}: {messages[0]}; allowed: {', '.join(allowed)}")
    return tuple(f"{file}: {words}; left out" for words in messages)


def _asked(record_type: RecordType, names: list[str]) -> list[Column]:
    """Return the columns a table must have: of one that withdraws records, those that name them."""
    required = [column for column in record_type.columns if column.required]
    if "withdrawn" not in names:
        return required
    return [column for column in required if column.name in _naming(record_type)]


def _naming(record_type: RecordType) -> set[str]:
    return {record_type.key, "contract_id", "known_on"}


def _unknown(name: str, allowed: list[str]) -> str:
    if not re.fullmatch(r"\w{1,40}", str(name)):
        return "a column whose name is not a plain word is unknown"
    near = difflib.get_close_matches(name, allowed, n=1)
    return f"unknown column {name}" + (f" (did you mean {near[0]}?)" if near else "")


def _cells(column: Column, raw: pd.DataFrame) -> Cells:
    if column.name in raw:
        return read_cells(column, raw[column.name])
    blank = None if column.default is None else float(column.default)
    absent: Faults = {Fault.REQUIRED: np.ones(len(raw), bool)} if column.required else {}
    return Cells(pd.Series(blank, index=range(len(raw)), dtype=column.dtype), absent)


def _without_content(record_type: RecordType, cells: dict[str, Cells]) -> dict[str, Cells]:
    """Ask nothing but its key, its contract and its day of a row that withdraws a record."""
    withdrawn = cells["withdrawn"].content.eq(1.0).to_numpy(bool)
    if not withdrawn.any():
        return cells
    return {
        name: cell if name in _naming(record_type) else cell.not_required(where=withdrawn)
        for name, cell in cells.items()
    }


def _faults(record_type: RecordType, cells: dict[str, Cells]) -> list[_Failure]:
    faults = [
        _Failure(record_type[name], reason, record_type[name].expected, mask)
        for name, column in cells.items()
        for reason, mask in column.faults.items()
    ]
    if record_type.happened is not None:
        early = cells["known_on"].content < cells[record_type.happened].content
        expected = f"a date not before {record_type.happened}"
        reason = "known before it happened"
        faults.append(_Failure(record_type["known_on"], reason, expected, early.to_numpy(bool)))
    return [fault for fault in faults if fault.mask.any()]


def _rejects(
    fault: _Failure, raw: pd.DataFrame, lines: Lines, file: str, table: str
) -> pd.DataFrame:
    at, name = np.flatnonzero(fault.mask), fault.column.name
    return reject_lines(
        lines[at],
        file=file,
        table=table,
        column=name,
        expected=fault.expected,
        got=_got(fault.column, raw[name].iloc[at]) if name in raw else MISSING,
        reason=fault.reason,
    )


def _got(column: Column, raw: pd.Series) -> pd.Series:
    """Say what came, never of a person: a value that is no identifier may be a name."""
    text = as_text(raw.reset_index(drop=True))
    shown = (
        text.str.slice(0, LONGEST_GOT)
        if column.privacy is Privacy.NONE
        else text.where(text.isna(), HIDDEN)
    )
    return shown.fillna(MISSING)
