"""The "dossier apprenant V3": the JSON training-centre software sends to the national dashboard.

An array of dossiers, one per learner and school year, each with up to four contracts. Field names
and cleaning follow the dashboard's own schema (mission-apprentissage/flux-retour-cfas,
dossierApprenantSchemaV3.ts and zodPrimitives.ts). Names, mails, phones, addresses and national
numbers are never read into a column. What we decide where the format says nothing:

- `kind` is always apprenticeship: the base holds apprentices. `derniere_situation` tells of the
  year before, so it gives the situation before the contract, never its kind.
- `known_on` is the day the file was received: nothing in it says when the centre learnt what.
- a contract is a learner and a start date, whichever of the four places it stands in; when several
  dossiers hold it, the latest school year speaks.
- `formation_presentielle` is left out: its name and its description contradict each other.
"""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.cells import as_text, read_cells
from features.intake.formats.dossier_fields import BY_CONTRACT, BY_DOSSIER, PLACES, clean
from features.intake.formats.motives import read_causes
from features.intake.formats.rejects import reject_lines
from features.intake.formats.tabular import RawTable
from features.records.declarations import CONTRACT, OUTCOME

SAID = ["started_on", "planned_end_on", "ended_on", "cause"]  # any of them makes a contract


def read_dossiers(path: Path, *, received_on: pd.Timestamp | None = None) -> dict[str, RawTable]:
    """Read a file of dossiers into raw tables `contracts` and `outcomes`, still to be parsed.

    `received_on` is the day the file reached us; without it the file's name must hold it as
    YYYY-MM-DD. All its rows are known from that day on and not before: a model can only learn from
    centres whose successive files were kept.

    Raises InputError: not a JSON array of dossiers, or no day of receipt.
    """
    known_on = _known_on(path, received_on)
    dossiers, broken = _read_json(path)
    places = pd.concat([_one_place(dossiers, place) for place in PLACES], ignore_index=True)
    held = places[SAID].notna().any(axis="columns")
    empty = len(dossiers) - places.loc[held, "line"].nunique()
    rows, again = _latest_school_year(_identify(clean(places[held].reset_index(drop=True))))
    rows, lenient = _drop_faulty_options(rows.assign(kind="apprenticeship", known_on=known_on))
    outcomes = rows[rows[["ended_on", "cause"]].notna().any(axis="columns")]
    said = read_causes(outcomes["cause"])
    notes = {
        "dossiers without a contract": empty,
        "contracts held by several dossiers, the latest school year kept": again,
        "causes of rupture in words we do not know, left missing": int(said["unmapped"].sum()),
        **lenient,
    }
    lines = outcomes["line"].to_numpy()
    return {
        CONTRACT.name: RawTable(
            rows[[name for name in CONTRACT.names if name in rows]],
            path.name,
            rows["line"].to_numpy(),
            broken,
            tuple(f"{path.name}: {count} {what}" for what, count in notes.items() if count),
        ),
        OUTCOME.name: RawTable(
            outcomes[["contract_id", "ended_on", "known_on"]].join(said.drop(columns="unmapped")),
            path.name,
            lines,
            broken.head(0),
        ),
    }


def _known_on(path: Path, received_on: pd.Timestamp | None) -> pd.Timestamp:
    if received_on is not None:
        return received_on.normalize()
    named = re.search(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", path.stem)
    day = pd.to_datetime(named[0], errors="coerce") if named else pd.NaT
    if pd.isna(day):
        raise InputError(
            f"{path.name}: when was it received? put the day in its name as YYYY-MM-DD or give it"
        )
    return day


def _read_json(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the dossiers with the fields we keep as text, and what is no dossier as rejects."""
    try:
        items = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name}: not a whole JSON file; export it again") from error
    if not isinstance(items, list) or not items:
        raise InputError(f"{path.name}: expected a JSON array of dossiers V3; export it again")
    is_dossier = np.array([isinstance(item, dict) and "id_erp_apprenant" in item for item in items])
    if not is_dossier.any():
        raise InputError(f"{path.name}: no dossier V3 in it (none has id_erp_apprenant)")
    fields = [*BY_DOSSIER, *(field + place for place in PLACES for field in BY_CONTRACT)]
    found = [item for item, fits in zip(items, is_dossier, strict=True) if fits]
    frame = pd.DataFrame(found, columns=fields, dtype=object).apply(as_text)
    return frame.assign(line=np.flatnonzero(is_dossier) + 1), _not_dossiers(path, ~is_dossier)


def _not_dossiers(path: Path, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pd.DataFrame:
    return reject_lines(
        np.flatnonzero(mask) + 1,
        file=path.name,
        table=CONTRACT.name,
        column="",
        expected="a dossier V3 with id_erp_apprenant",
        got="something else",
        reason="not a dossier",
    )


def _one_place(dossiers: pd.DataFrame, place: str) -> pd.DataFrame:
    fields = BY_DOSSIER | {field + place: name for field, name in BY_CONTRACT.items()}
    return dossiers[[*fields, "line"]].rename(columns=fields).assign(place=place)


def _identify(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the person by a hash of the centre and its own number, the contract by its start too."""
    source = rows["owner"] + "|" + rows["learner"]
    person = source.map(_pseudonym, na_action="ignore")
    start = rows["started_on"].where(
        rows["started_on"].str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", na=False), "undated"
    )
    return rows.assign(person_id=person, contract_id=person + ":" + start)


def _pseudonym(source: str) -> str:
    # Not the hash of pandas: identifiers must outlive its versions.
    return hashlib.sha256(source.encode()).hexdigest()[:20]


def _latest_school_year(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    dated = ~rows["contract_id"].str.endswith(":undated", na=True)
    latest = (
        rows[dated]
        .sort_values("school_year", kind="stable")
        .drop_duplicates("contract_id", keep="last")
    )
    kept = pd.concat([rows[~dated], latest]).sort_values(["line", "place"], ignore_index=True)
    return kept, len(rows) - len(kept)


def _drop_faulty_options(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Make a faulty optional value missing, as the dashboard does, and count each column's."""
    counts: dict[str, int] = {}
    for column in CONTRACT.columns:
        if column.required or column.name not in rows:
            continue
        faults = read_cells(column, rows[column.name]).faults
        faulty = np.logical_or.reduce([np.zeros(len(rows), bool), *faults.values()])
        counts[f"values of {column.name} not as expected, taken as missing"] = int(faulty.sum())
        rows = rows.assign(**{column.name: rows[column.name].mask(faulty)})
    return rows, counts
