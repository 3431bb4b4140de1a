"""The quality report on screen: rich tables for `vigie check`."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from features.intake.intake import Intake
from features.intake.quality import QualityReport

GAPS_SHOWN = 15
DAY_WIDTH = 10  # a day, or the name of a table, is never cut


def render(report: QualityReport) -> list[RenderableType]:
    """Lay the report out as tables and lines, what is wrong first; empty parts are left out."""
    gaps = report.missing[report.missing["missing_share"] > 0]
    widest = gaps.sort_values("missing_share", ascending=False).head(GAPS_SHOWN)
    parts = [
        _table("Refused cells, by reason", report.rejects.drop(columns="falls")),
        _table(
            "Faulty optional values, left out of their rows", report.left_out.drop(columns="falls")
        ),
        _table("Contradictions, accepted all the same", _contradictions(report)),
        _table("Rows", report.counts),
        _table("Dates", report.dates),
        _table("Values read though written otherwise", report.cleaned),
        _table(f"Missing values, the {GAPS_SHOWN} largest of {len(gaps)}", widest),
    ]
    notes = [Text(f"note: {note}") for note in report.notes]
    return [*(part for part in parts if part.row_count), *notes]


def _contradictions(report: QualityReport) -> pd.DataFrame:
    rows = [(c.what, c.table, c.count, ", ".join(c.examples)) for c in report.contradictions]
    return pd.DataFrame(rows, columns=["what", "table", "rows", "for instance"])


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name].dtype)
        table.add_column(
            str(name).replace("_", " "),
            justify="right" if numeric else "left",
            min_width=None
            if numeric
            else min(DAY_WIDTH, frame[name].astype("str").str.len().max()),
        )
    for row in frame.itertuples(index=False):
        table.add_row(*_cells(row))
    return table


def _cells(row: Iterable[object]) -> list[str]:
    return [_cell(value) for value in row]


def _cell(value: object) -> str:
    match value:
        case pd.Timestamp():
            return value.strftime("%Y-%m-%d")
        case float():
            return "–" if pd.isna(value) else f"{value:,.3g}"
        case int():
            return f"{value:,}"
        case _ if value is pd.NaT:
            return "–"
        case _:
            return str(value)


def reported(intake: Intake, *, folder: Path, delivery: Path, console: Console) -> Intake:
    """Return the intake itself.

    Its refused rows and the values left out are counted on screen and stored in a file of `folder`.
    """
    refused, left_out = len(intake.rejects), len(intake.left_out)
    if refused or left_out:
        path = intake.write_rejects(folder, delivery=delivery)
        console.print(
            f"{refused} cells or rows refused, {left_out} optional values left out, in {path}",
            highlight=False,
            soft_wrap=True,
        )
    return intake
