"""Dossiers V3 as centres send them, small and made anew for each test."""

import json
from pathlib import Path
from typing import Any

import pytest

from features.intake.formats.person_key import PersonKey
from features.intake.intake import Intake, take_in

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
KEY = PersonKey(id="essai", secret=b"0123456789abcdef0123456789abcdef")

DOSSIER: dict[str, Any] = {
    "nom_apprenant": "DUPONTEL",
    "prenom_apprenant": "Gaston",
    "date_de_naissance_apprenant": "2006-10-28",
    "annee_scolaire": "2023-2024",
    "id_erp_apprenant": "L1",
    "date_inscription_formation": "2023-09-01",
    "date_entree_formation": "2023-09-01",
    "date_fin_formation": "2025-07-01",
    "etablissement_responsable_uai": "0441234A",
    "etablissement_formateur_uai": "0441234A",
    "formation_rncp": "RNCP35316",
    "contrat_date_debut": "2023-09-01",
    "contrat_date_fin": "2025-08-31",
    "siret_employeur": "12345678200010",
}
SECOND = {"contrat_date_debut_2": "2024-01-01", "contrat_date_fin_2": "2025-08-31"}


def without(*fields: str, **others: Any) -> dict[str, Any]:
    """A dossier without some of its fields, and with others."""
    return {name: value for name, value in DOSSIER.items() if name not in fields} | others


def dossier(**fields: Any) -> dict[str, Any]:
    """A dossier with some fields written otherwise."""
    return DOSSIER | fields


def deliver(
    folder: Path, *dossiers: object, day: str = "2024-02-01", name: str = "d", **options: Any
) -> Intake:
    """Write one delivery into a folder and take the folder in, with those written before."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{day}.json"
    path.write_text(json.dumps(dossiers), encoding="utf-8")
    return take_in(folder, **options)


def case(*parts: str) -> Path:
    """A case of the shared folder; the test is skipped where the folder is not there."""
    path = CASES.joinpath(*parts)
    if not path.exists():
        pytest.skip("the inputs of the field are not there: expected ../shared/cases")
    return path
