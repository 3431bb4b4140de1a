"""Which files are dossiers, and what each holds: JSON, or a table with the template's columns.

The national import template has one row per dossier under the field names of the dossier V3, some
followed by asterisks for "required". It comes as CSV, as a workbook or as JSON.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.dossier_fields import FIELDS, MARKS
from features.intake.formats.dossier_json import Broken, Items, read_items
from features.intake.formats.rejects import gather, reject_lines
from features.intake.formats.tabular import read_table
from features.records.declarations import CONTRACT

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
HEAD = 1 << 20  # bytes in which a header line is found, titles above it included
_MARK = re.compile("|".join(rf"\b{name}\b" for name in sorted(MARKS)), re.IGNORECASE)
_SHEETS = re.compile(r"xl/(sharedStrings|worksheets/sheet[0-9]+)\.xml")


@dataclass(frozen=True)
class DossierFile:
    """The dossiers of a file with their ranks, the rows that are none, and what is worth a note."""

    items: Items
    refused: pd.DataFrame
    notes: tuple[str, ...]


def is_dossiers(file: Path) -> bool:
    """Return whether a file is JSON, or a table that names two fields of a dossier at its head."""
    if file.suffix.lower() == ".json":
        return True
    if file.suffix.lower() not in TABLES or not file.is_file():
        return False
    return len({name.lower() for name in _MARK.findall(_head(file))}) > 1


def read_file(file: Path) -> DossierFile:
    """Read the dossiers of a file.

    Raises InputError: not readable, or no whole dossier in it.
    """
    return _read_json(file) if file.suffix.lower() == ".json" else _read_template(file)


def _read_json(file: Path) -> DossierFile:
    try:
        text, encoding = decoded(file.read_bytes())
    except OSError as error:
        raise InputError(
            f"{file.name}: expected a readable file, got none; export it again"
        ) from error
    items = read_items(text, name=file.name, fields=FIELDS)
    notes = [f"{file.name}: read as {encoding}"] if encoding != "UTF-8" else []
    if text.lstrip()[:1] == "[" and text.rstrip()[-1:] != "]":
        notes.append(f"{file.name}: its array does not end, it may be cut short; export it again")
    return DossierFile(items, _not_dossiers(items.broken, file.name), tuple(notes))


def _read_template(file: Path) -> DossierFile:
    raw = read_table(file, table=CONTRACT.name)
    frame = raw.frame.rename(columns=lambda name: re.sub(r"[\s*]+$", "", str(name).strip().lower()))
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    dossiers = [{str(name): value for name, value in row.items()} for row in rows]
    ranks = [int(line) for line in raw.lines]
    return DossierFile(Items(ranks, dossiers, []), raw.broken, raw.notes)


def _not_dossiers(broken: list[Broken], name: str) -> pd.DataFrame:
    reasons = sorted({fault.reason for fault in broken})
    ranks = {reason: [f.rank for f in broken if f.reason == reason] for reason in reasons}
    return gather(
        [
            reject_lines(
                np.array(ranks[reason], dtype=np.int64),
                file=name,
                table=CONTRACT.name,
                column="",
                expected="a whole dossier V3",
                got="something else",
                reason=reason,
            )
            for reason in reasons
        ]
    )


def _head(file: Path) -> str:
    """Return the beginning of a table as text: of a workbook, its strings and its first cells."""
    try:
        if file.suffix.lower() in (".xlsx", ".xlsm"):
            with zipfile.ZipFile(file) as book:
                parts = [name for name in book.namelist() if _SHEETS.fullmatch(name)]
                return " ".join(_beginning(book, name) for name in parts)
        with file.open("rb") as opened:
            return decoded(opened.read(HEAD))[0]
    except (OSError, zipfile.BadZipFile):
        return ""  # the reader of tables will say what is wrong with it


def _beginning(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as part:
        return part.read(HEAD).decode(errors="replace")


def decoded(raw: bytes) -> tuple[str, str]:
    """Return a text and the name of its encoding: UTF-8, UTF-16 or Windows-1252."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "UTF-16"
    if b"\x00" in raw[:2]:
        order = "utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"
        return raw.decode(order, errors="replace"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "Windows-1252"
