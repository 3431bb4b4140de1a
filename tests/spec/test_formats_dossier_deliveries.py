"""Several deliveries of a centre: days of receipt, corrected starts, what is no longer there."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.intake import take_in
from tests.lib.dossiers_v3 import DOSSIER, deliver, dossier, without

OTHER = "55208131766522"


def test_a_delivery_keeps_the_day_in_its_name(tmp_path: Path) -> None:
    """Whatever the day it is imported on; only a file without a day takes that of the import."""
    deliver(tmp_path, DOSSIER, day="2026-10-01")
    late = dossier(contrat_date_fin="2025-07-31")
    intake = deliver(tmp_path, late, day="2026-11-01", received_on=pd.Timestamp("2026-11-27"))
    contracts = intake.records.contracts.sort_values("known_on")
    assert contracts["known_on"].dt.month.tolist() == [10, 11]
    assert len(set(contracts["contract_id"])) == 1


def test_a_rupture_in_one_delivery_and_none_in_another(tmp_path: Path) -> None:
    deliver(tmp_path, DOSSIER, day="2024-02-01")
    intake = deliver(tmp_path, dossier(contrat_date_rupture="2024-02-10"), day="2024-03-01")
    assert len(intake.records.contracts) == 2
    assert len(intake.records.outcomes) == 1
    for name in ("contracts", "outcomes"):
        accepted = len(getattr(intake.records, name))
        assert intake.read[name] == accepted + intake.repeats[name] + intake.refused[name]


def test_the_day_is_asked_for_when_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps([DOSSIER]), encoding="utf-8")
    with pytest.raises(InputError, match="when was it received"):
        take_in(tmp_path)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"contrat_date_debut": "2023-09-01"}, {"contrat_date_debut": "2023-09-04"}),
        ({"contrat_date_debut": "2023-09-04"}, {"contrat_date_debut": "2023-08-21"}),
        ({"siret_employeur": None}, {"contrat_date_debut": "2023-09-04"}),
        ({"contrat_date_debut": "01/09/2023"}, {"contrat_date_debut": "2023-09-01T00:00:00Z"}),
        ({}, {"siret_employeur": OTHER}),
    ],
)
def test_a_corrected_contract_is_another_version_of_it(
    then: dict[str, Any], now: dict[str, Any], tmp_path: Path
) -> None:
    deliver(tmp_path, dossier(**then), day="2024-02-01")
    contracts = deliver(tmp_path, dossier(**now), day="2024-03-01").records.contracts
    assert len(set(contracts["contract_id"])) == 1
    assert len(contracts) == 2


@pytest.mark.parametrize(
    "now",
    [
        {"contrat_date_debut": "2023-09-04", "siret_employeur": OTHER},
        {"contrat_date_debut": "2024-01-15", "contrat_date_fin": "2026-08-31"},
        {"contrat_date_debut_2": "2025-09-01", "contrat_date_fin_2": "2026-08-31"},
    ],
    ids=["another employer", "too far away", "a renewal beside the first"],
)
def test_another_contract_is_not_taken_for_a_correction(
    now: dict[str, Any], tmp_path: Path
) -> None:
    deliver(tmp_path, DOSSIER, day="2024-02-01")
    contracts = deliver(tmp_path, dossier(**now), day="2024-03-01").records.contracts
    assert contracts["contract_id"].nunique() == 2


def test_a_contract_after_a_rupture_is_not_taken_for_the_broken_one(tmp_path: Path) -> None:
    deliver(tmp_path, dossier(contrat_date_rupture="2023-09-20"), day="2023-10-01")
    again = dossier(contrat_date_debut="2023-10-09")
    contracts = deliver(tmp_path, again, day="2023-11-01").records.contracts
    assert contracts["contract_id"].nunique() == 2


def test_what_an_amendment_continued_is_found_again_when_only_its_rest_is_reported(
    tmp_path: Path,
) -> None:
    rest = {"contrat_date_debut_2": "2024-01-01", "contrat_date_fin_2": "2025-08-31"}
    amended = dossier(**rest, contrat_date_rupture="2023-12-31", cause_rupture_contrat="avenant")
    deliver(tmp_path, amended, day="2024-02-01")
    alone = dossier(annee_scolaire="2024-2025", contrat_date_debut="2024-01-01")
    contracts = deliver(tmp_path, alone, day="2024-10-01").records.contracts
    assert len(set(contracts["contract_id"])) == 1


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({}, {"contrat_date_fin": "2025-07-31"}, "2025-07-31"),
        ({"annee_scolaire": "2024-2025"}, {"contrat_date_fin": "2025-07-31"}, "2025-08-31"),
    ],
    ids=["the later file", "the latest school year"],
)
def test_of_one_day_one_version_speaks(
    earlier: dict[str, Any], later: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    deliver(tmp_path, dossier(**earlier), name="a")
    intake = deliver(tmp_path, dossier(**later), name="b")
    assert intake.records.contracts["planned_end_on"].tolist() == [pd.Timestamp(expected)]
    assert (intake.read["contracts"], intake.repeats["contracts"]) == (2, 1)


def test_what_is_no_longer_in_a_delivery_of_the_centre_is_reported(tmp_path: Path) -> None:
    deliver(tmp_path, DOSSIER, dossier(id_erp_apprenant="L2"), day="2024-02-01")
    elsewhere = dossier(id_erp_apprenant="L9", etablissement_responsable_uai="0449999Z")
    intake = deliver(tmp_path, dossier(id_erp_apprenant="L2"), elsewhere, day="2024-03-01")
    (note,) = [note for note in intake.notes if "not in this one" in note]
    assert note.startswith("d-2024-03-01.json: 1 contracts of an earlier delivery")


@pytest.mark.parametrize(
    ("end", "fields"),
    [
        (None, {}),
        ("", {}),
        ("9999-12-31", {}),
        ("31/12/2099", {}),
        ("CDI", {}),
        ("NC", {}),
        ("2043-08-31", {}),
    ],
)
def test_a_contract_without_an_end_is_planned_until_that_of_its_training(
    end: str | None, fields: dict[str, Any], tmp_path: Path
) -> None:
    intake = deliver(tmp_path, dossier(**fields, contrat_date_fin=end))
    assert intake.records.contracts["planned_end_on"].tolist() == [pd.Timestamp("2025-07-01")]
    assert any("planned until the end of the training" in note for note in intake.notes)


@pytest.mark.parametrize("trained", [None, "2023-07-01", "bientôt"])
def test_without_any_end_it_is_refused(trained: str | None, tmp_path: Path) -> None:
    lone = without("contrat_date_fin", date_fin_formation=trained)
    rejects = deliver(tmp_path, lone).rejects
    assert rejects["column"].tolist() == ["planned_end_on"]


@pytest.mark.parametrize("code", ["RNCP35316", "rncp 35316", "35316", "RNCP-35316", "RNCP:35316"])
def test_a_certification_is_the_same_with_and_without_its_prefix(code: str, tmp_path: Path) -> None:
    contracts = deliver(tmp_path, dossier(formation_rncp=code)).records.contracts
    assert contracts["training_rncp"].tolist() == ["RNCP35316"]


@pytest.mark.parametrize(
    ("code", "level"),
    [("50022141", 3), ("46T32401", 4), ("26X32001", 6), ("1022141", None), ("502", None)],
)
def test_a_level_is_read_off_a_whole_code_only(
    code: str, level: int | None, tmp_path: Path
) -> None:
    found = deliver(tmp_path, dossier(formation_cfd=code)).records.contracts["level_prepared"][0]
    assert (None if pd.isna(found) else found) == level


def test_a_file_without_any_centre_is_refused_in_one_sentence(tmp_path: Path) -> None:
    nowhere = without("etablissement_responsable_uai", "etablissement_formateur_uai")
    with pytest.raises(InputError, match="expected the UAI of the centre"):
        deliver(tmp_path, nowhere, nowhere | {"id_erp_apprenant": "L2"})


def test_a_dossier_without_a_centre_is_refused_beside_the_others(tmp_path: Path) -> None:
    nowhere = without("etablissement_responsable_uai", "etablissement_formateur_uai")
    intake = deliver(tmp_path, nowhere, DOSSIER)
    assert len(intake.records.contracts) == 1
    assert intake.rejects[["line", "reason"]].to_numpy().tolist() == [[1, "no centre"]]
