"""Assessments as a Parquet file, and as the list an advisor reads on screen."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from features.catalogue.units import NARROW_SPACE, number_in_french
from features.common.writing import whole_file
from models.levels import Level
from serving.wording import wording
from serving.wording.not_assessed import why_not_alone, why_not_as_sent

COLOURS = {Level.HIGH: "red", Level.MODERATE: "yellow", Level.LOW: "green"}
SHAPES = {Level.HIGH: "▲", Level.MODERATE: "◆", Level.LOW: "●"}
REASON = pa.struct(
    [
        ("group", pa.string()),
        ("label", pa.string()),
        ("sentence", pa.string()),
        ("contribution", pa.float64()),
        ("theme", pa.string()),
        ("within_reach", pa.bool_()),
    ]
)


def write_risks(assessments: pd.DataFrame, path: Path) -> None:
    """Write assessments whole or not at all; the same assessments give the same bytes.

    Raises StorageError when the disk refuses.
    """
    plain = pa.Table.from_pandas(_flat(assessments), preserve_index=False)
    reasons = [r if isinstance(r, list) else None for r in assessments["reasons"]]
    table = plain.append_column("reasons", pa.array(reasons, type=pa.list_(REASON)))
    with whole_file(path) as temporary:
        pq.write_table(table.replace_schema_metadata(None), temporary)


def _flat(assessments: pd.DataFrame) -> pd.DataFrame:
    """Return all but the reasons, with why there is no risk in words, too."""
    codes = assessments["why_not_code"]
    sentences = [None if pd.isna(code) else why_not_as_sent(code, language="fr") for code in codes]
    flat = assessments.drop(columns="reasons")
    flat.insert(list(flat.columns).index("why_not_code"), "why_not", sentences)
    return flat


def ranked(assessments: pd.DataFrame) -> pd.DataFrame:
    """Most urgent first, ties by contract; cases that are not assessed at the end."""
    return assessments.sort_values(
        ["risk", "contract_id"], ascending=[False, True], na_position="last", ignore_index=True
    )


def risks_table(assessments: pd.DataFrame, *, most: int) -> Table:
    """Return the `most` urgent cases, in French, with the average beside each risk."""
    table = Table(title="Contrats à voir en premier", title_justify="left", show_lines=True)
    table.add_column("rang", justify="right")
    table.add_column("contrat", no_wrap=True)
    table.add_column("risque", no_wrap=True)
    table.add_column("pourquoi", ratio=1)
    for rank, row in enumerate(ranked(assessments).head(most).itertuples(), start=1):
        table.add_row(str(rank), str(row.contract_id), *_cells(row))
    return table


def _cells(row: Any) -> tuple[str, str]:
    if row.status != "assessed":
        return "non évalué", why_not_alone(row.why_not_code, t=wording("fr"))
    word = wording("fr")(f"level_alone.{row.level}")
    level = f"[{COLOURS[row.level]}]{SHAPES[row.level]} {word}[/]"
    risk = f"{percent(row.risk)} (moyenne {percent(row.base_rate)})"
    return f"{level} : {risk}\n{_similar(row)}", _reasons(row.reasons)


def _similar(row: Any) -> str:
    """« entre 19 % et 30 % d'après 840 dossiers proches »."""
    low, high = percent(row.similar_low), percent(row.similar_high)
    return f"entre {low} et {high} d'après {number_in_french(row.similar_cases)} dossiers proches"


def _reasons(reasons: list[dict[str, object]]) -> str:
    """Return the three heaviest, + for what raises the risk and − for what lowers it."""
    signs = ["+" if float(str(reason["contribution"])) > 0 else "−" for reason in reasons]
    lines = [f"{s} {reason['sentence']}" for s, reason in zip(signs, reasons, strict=True)]
    return "\n".join(lines[:3])


def percent(share: float) -> str:
    """Return a share as a French percentage."""
    return f"{number_in_french(100 * share, digits=1)}{NARROW_SPACE}%"
