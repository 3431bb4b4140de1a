"""The "dossier apprenant V3": the JSON training-centre software sends to the national dashboard.

An array of dossiers, one per learner and school year, each with up to four contracts. Field names
and cleaning follow the dashboard's own schema (mission-apprentissage/flux-retour-cfas,
dossierApprenantSchemaV3.ts and zodPrimitives.ts). Mails, phones, addresses and national numbers are
never read; names are read for a keyed hash, where a dossier has no identifier, and never into a
column. What we decide where the format says nothing:

- `kind` is always apprenticeship: the base holds apprentices. `derniere_situation` describes the
  year before, so it gives the situation before the contract, never its kind.
- `known_on` is the day the file was received: nothing in it says when the centre learnt what.
- a contract is a learner and a start date, whichever of the four places it stands in; with several
  employers from one day on, the employer too. When several dossiers hold it, see `dossier_merge`.
- a contract without an end is planned until the end of its training.
- an exclusion, or a status of having left, is an event and no end: the contract goes on until
  employer or apprentice ends it (L6222-18-1).
- `formation_presentielle` is left out: its name and its description contradict each other.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.dossier_fields import (
    BY_CONTRACT,
    BY_DOSSIER,
    NAMES,
    PLACES,
    clean,
    with_training_end,
)
from features.intake.formats.dossier_json import Dossier, Items, text_of
from features.intake.formats.person_key import VARIABLE, PersonKey
from features.intake.formats.rejects import MISSING, gather, reject_lines
from features.records.declarations import CONTRACT

Mask = npt.NDArray[np.bool_]
CONTRACT_COLUMNS = [
    "started_on",
    "planned_end_on",
    "ended_on",
    "cause",
]  # any of them makes a contract
UAI = str(CONTRACT["training_centre_uai"].pattern)


@dataclass(frozen=True)
class Delivery:
    """One file of dossiers: a row for each contract it holds, what was refused, what to report.

    `rows` have the columns of a contract as text, those of its end, `line` (the rank of the
    dossier), `place` (which of its contracts) and `school_year`.
    """

    name: str
    known_on: pd.Timestamp
    rows: pd.DataFrame
    refused: pd.DataFrame
    notes: tuple[str, ...]
    repeats: int = 0

    def noting(self, counts: dict[str, int]) -> "Delivery":
        """Add a note for each count that is not zero."""
        new_notes = tuple(f"{self.name}: {count} {what}" for what, count in counts.items() if count)
        return replace(self, notes=self.notes + new_notes)


def read_delivery(
    items: Items,
    *,
    refused: pd.DataFrame,
    name: str,
    known_on: pd.Timestamp,
    person_key: PersonKey | None,
) -> Delivery:
    """Turn the dossiers of one file into rows, each under its learner and its contract.

    `refused` are the rows of the file that are no dossiers.

    Raises InputError: no dossier says which centre it is from, or none names its learner and there
    is no key to name them by.
    """
    dossiers = _frame(items.dossiers).assign(line=items.ranks)
    places = pd.concat([_one_place(dossiers, place) for place in PLACES], ignore_index=True)
    rows = clean(places)
    held = rows[CONTRACT_COLUMNS].notna().any(axis="columns").to_numpy(bool)
    empty = len(dossiers) - int(rows.loc[held, "line"].nunique())
    rows, planned = with_training_end(rows[held].reset_index(drop=True))
    rows, unnamed = _identify(rows, name, person_key)
    _refuse_file(unnamed, rows, name, person_key)
    delivery = Delivery(
        name,
        known_on,
        rows.assign(kind="apprenticeship", known_on=known_on),
        gather([refused, unnamed]),
        (),
    )
    return delivery.noting(
        {
            "dossiers without a contract": empty,
            "dossiers in which a key stands twice, the last taken": items.repeated_keys,
            "contracts without an end, planned until the end of the training": planned,
        }
    )


def _frame(dossiers: Sequence[Dossier]) -> pd.DataFrame:
    fields = [*BY_DOSSIER, *NAMES, *(field + place for place in PLACES for field in BY_CONTRACT)]
    columns: dict[str, list[Any]] = {
        field: [text_of(dossier.get(field)) for dossier in dossiers] for field in fields
    }
    # A truth value is no identifier: it would make one person of all the learners of a file.
    columns["id_erp_apprenant"] = [
        None if isinstance(dossier.get("id_erp_apprenant"), bool | list | dict) else text
        for dossier, text in zip(dossiers, columns["id_erp_apprenant"], strict=True)
    ]
    return pd.DataFrame(columns, dtype="str")


def _one_place(dossiers: pd.DataFrame, place: str) -> pd.DataFrame:
    fields = BY_DOSSIER | NAMES | {field + place: name for field, name in BY_CONTRACT.items()}
    return dossiers[[*fields, "line"]].rename(columns=fields).assign(place=place)


def _identify(
    rows: pd.DataFrame, name: str, key: PersonKey | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Name the person by a hash of the centre and its own number, the contract by its start too."""
    owner = rows["owner"].where(rows["owner"].str.fullmatch(UAI, na=False))
    owner = owner.fillna(rows["training_centre_uai"].where(_is_uai(rows["training_centre_uai"])))
    person = (owner + "|" + rows["learner"]).map(pseudonym, na_action="ignore").astype("str")
    if key is not None:
        person = person.fillna(_by_names(rows, key))
    nobody = person.isna().to_numpy(bool)
    homeless = nobody & owner.isna().to_numpy(bool) & rows["learner"].notna().to_numpy(bool)
    refused = [
        _refused(rows[homeless], name, "etablissement_responsable_uai", "a UAI", "no centre"),
        _refused(rows[nobody & ~homeless], name, "id_erp_apprenant", _EXPECTED_ID, NO_LEARNER),
    ]
    rows = rows.assign(person_id=person, owner=owner, contract_id=_contract_ids(rows, person))
    named = rows[~nobody].drop(columns=list(NAMES.values())).reset_index(drop=True)
    return named, gather(refused)


_EXPECTED_ID = "an identifier, or names and birth date under a key"
NO_LEARNER = "no identifier"


def _is_uai(texts: pd.Series) -> Mask:
    return texts.str.fullmatch(UAI, na=False).to_numpy(bool)


def _by_names(rows: pd.DataFrame, key: PersonKey) -> pd.Series:
    """Name learners without an identifier; none where a name or the birth date is missing."""
    parts = rows[["last_name", "first_name", "born_on"]]
    whole = parts.notna().all(axis="columns") & rows["learner"].isna()
    whole &= rows["born_on"].str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", na=False)
    named = {
        at: key.pseudonym(last_name=last, first_name=first, born_on=born)
        for at, last, first, born in parts[whole].itertuples()
    }
    return pd.Series(named, index=rows.index, dtype="str")


def _contract_ids(rows: pd.DataFrame, person: pd.Series) -> pd.Series:
    """Join the person and the start; the employer too where one dossier has two from one day on."""
    start = rows["started_on"].where(
        rows["started_on"].str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", na=False), "undated"
    )
    ids = person + ":" + start
    siret = rows["employer_siret"].where(
        rows["employer_siret"].str.fullmatch("[0-9]{14}", na=False)
    )
    of_dossier = siret.groupby([rows["line"], ids.fillna("")])
    several = (of_dossier.transform("nunique") > 1).groupby(ids.fillna("")).transform("any")
    first = siret.groupby(ids.fillna("")).transform("min")
    own = several & siret.notna() & (siret != first) & (start != "undated")
    return ids.mask(own, ids + ":" + siret)


def _refused(
    rows: pd.DataFrame, name: str, column: str, expected: str, reason: str
) -> pd.DataFrame:
    return reject_lines(
        rows["line"].to_numpy("int64"),
        file=name,
        table=CONTRACT.name,
        column=column,
        expected=expected,
        got=MISSING,
        reason=reason,
    )


def _refuse_file(
    refused: pd.DataFrame, rows: pd.DataFrame, name: str, key: PersonKey | None
) -> None:
    """Say in one sentence what no dossier of the file has, rather than once for each of them."""
    if len(rows) or refused.empty or (key and (refused["reason"] == NO_LEARNER).any()):
        return
    if (refused["reason"] == NO_LEARNER).all():
        raise InputError(
            f"{name}: expected id_erp_apprenant in each dossier, got none; learners without one "
            f"are named by a keyed hash of their names and birth date: set {VARIABLE} to "
            f"ID:SECRET, the same for the command line and the service (docs/formats.md)"
        )
    raise InputError(
        f"{name}: expected the UAI of the centre in etablissement_responsable_uai, got none in "
        f"any of {refused['line'].nunique()} dossiers; add it and export again"
    )


def pseudonym(source: str) -> str:
    """Return a hash that stands for a text that identifies."""
    # Not the hash of pandas: identifiers must outlive its versions.
    return hashlib.sha256(source.encode()).hexdigest()[:20]
