"""The refused rows as they were sent, read again where they were delivered."""

import json
from pathlib import Path

import pandas as pd

from features.intake.formats.cells import as_text
from features.intake.formats.delivery import opened_delivery
from features.intake.formats.sources import sources
from features.intake.formats.tabular import read_table
from features.records.declarations import CONTRACT

TEXT = "text"  # the column of a record that is no row: its line, whole


def originals(delivery: Path, cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return, by table, the rows that `cells` are of: index (file, line), columns as written.

    A delivery that is no longer there gives none: the places stay, the lines are its sender's.
    """
    if cells.empty or not delivery.exists():
        return {}
    with opened_delivery(delivery) as (path, dossiers):
        if dossiers:
            return {CONTRACT.name: _dossiers(dossiers, cells)}
        found: dict[str, list[pd.DataFrame]] = {}
        for source in sources(path):
            table = source.record_type.name
            wanted = cells[(cells["file"] == source.name) & (cells["table"] == table)]
            if len(wanted):
                raw = read_table(source.path, table=table, name=source.name, sheet=source.sheet)
                is_wanted = pd.Series(raw.lines).isin(wanted["line"]).to_numpy()
                rows = raw.frame[is_wanted].apply(as_text)
                texts = pd.Series(dict(raw.texts), dtype="str", name=TEXT).to_frame()
                rows = pd.concat([rows.set_index(raw.lines[is_wanted]), texts])
                found.setdefault(table, []).append(_placed(rows, source.name))
        return {table: pd.concat(parts) for table, parts in found.items()}


def _placed(rows: pd.DataFrame, file: str) -> pd.DataFrame:
    return rows.set_axis(pd.MultiIndex.from_product([[file], rows.index]), axis="index")


def _dossiers(files: list[Path], cells: pd.DataFrame) -> pd.DataFrame:
    """Return the dossiers as JSON; a file that cannot be read as a whole gives none."""
    lines: dict[tuple[str, int], str] = {}
    for file in files:
        try:
            items = json.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            continue
        wanted = cells.loc[cells["file"] == file.name, "line"].unique()
        ranks = [int(n) for n in wanted if isinstance(items, list) and 0 < n <= len(items)]
        lines |= {(file.name, n): json.dumps(items[n - 1], ensure_ascii=False) for n in ranks}
    index = pd.MultiIndex.from_tuples(list(lines) or [("", 0)])
    return pd.DataFrame({TEXT: pd.Series(list(lines.values()) or [""], index=index, dtype="str")})
