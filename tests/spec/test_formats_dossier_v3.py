"""Dossiers V3: which contracts and outcomes they give, what is cleaned, what never enters."""

import json
from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.intake import Intake, take_in

DOSSIER = {
    "nom_apprenant": "DUPONTEL",
    "prenom_apprenant": "Gaston",
    "email_contact": "gaston@domaine.test",
    "tel_apprenant": "0628000000",
    "nir_apprenant": "1234567890123",
    "adresse_apprenant": "12 rue Haute",
    "date_de_naissance_apprenant": "2006-10-28T00:00:00.000Z",
    "annee_scolaire": "2023-2024",
    "id_erp_apprenant": "L1",
    "date_inscription_formation": "2023-09-01",
    "date_entree_formation": "2023-09-01",
    "date_fin_formation": "2025-07-01",
    "etablissement_responsable_uai": "0441234A",
    "etablissement_responsable_siret": "12345678901234",
    "etablissement_formateur_uai": "0441234a",
    "etablissement_formateur_siret": "123 456 789-01234",
    "formation_rncp": "rncp 35316",
    "formation_cfd": "50022141",
    "code_postal_apprenant": 1000,
    "sexe_apprenant": "H",
    "rqth_apprenant": False,
    "derniere_situation": 1021,
    "contrat_date_debut": "2023-09-01",
    "contrat_date_fin": "2025-08-31",
    "siret_employeur": "01234567890123",
}


def take(tmp_path: Path, *dossiers: object, name: str = "dossiers-2024-02-01.json") -> Intake:
    path = tmp_path / name
    path.write_text(json.dumps(dossiers), encoding="utf-8")
    return take_in(path)


def test_a_dossier_gives_a_contract_with_what_its_fields_say(tmp_path: Path) -> None:
    contract = take(tmp_path, DOSSIER).records.contracts.iloc[0]
    values = contract.drop(["contract_id", "person_id"]).dropna()
    assert values.to_dict() == {
        "kind": "apprenticeship",
        "started_on": pd.Timestamp("2023-09-01"),
        "planned_end_on": pd.Timestamp("2025-08-31"),
        "training_end_on": pd.Timestamp("2025-07-01"),
        "employer_siret": "01234567890123",
        "training_rncp": "RNCP35316",
        "level_prepared": 3.0,
        "training_centre_uai": "0441234A",
        "training_centre_siret": "12345678901234",
        "born_on": pd.Timestamp("2006-10-28"),
        "situation_10103": "1",
        "home_postcode": "01000",
        "sex": "M",
        "rqth": 0.0,
        "known_on": pd.Timestamp("2024-02-01"),
        "withdrawn": 0.0,
    }


def test_names_mails_phones_addresses_and_national_numbers_never_enter(tmp_path: Path) -> None:
    intake = take(tmp_path, DOSSIER, {**DOSSIER, "id_erp_apprenant": "L2", "contrat_date_fin": "x"})
    seen = intake.records.contracts.to_csv() + intake.rejects.to_csv() + " ".join(intake.notes)
    personal = ("DUPONTEL", "Gaston", "domaine.test", "0628000000", "1234567890123,", "rue Haute")
    assert [text for text in personal if text in seen.replace("01234567890123", "")] == []


def test_an_identifier_that_is_a_mail_does_not_show_in_ours(tmp_path: Path) -> None:
    records = take(tmp_path, {**DOSSIER, "id_erp_apprenant": "gaston@domaine.test"}).records
    assert "domaine" not in records.contracts.to_csv()


def test_up_to_four_contracts_are_read_wherever_they_stand(tmp_path: Path) -> None:
    places = {
        f"contrat_date_{what}{place}": day
        for place, year in (("_2", 2026), ("_3", 2027), ("_4", 2028))
        for what, day in (("debut", f"{year}-01-01"), ("fin", f"{year}-12-31"))
    }
    contracts = take(tmp_path, {**DOSSIER, **places}).records.contracts
    assert contracts["started_on"].dt.year.tolist() == [2023, 2026, 2027, 2028]
    assert len(set(contracts["person_id"])) == 1
    assert contracts["contract_id"].is_unique


def test_identifiers_are_stable_from_one_delivery_to_the_next(tmp_path: Path) -> None:
    """The same learner and start give the same contract, in another place and on another day."""
    moved = {k: v for k, v in DOSSIER.items() if not k.startswith("contrat_")}
    moved |= {"contrat_date_debut_2": "2023-09-01", "contrat_date_fin_2": "2025-08-31"}
    take(tmp_path, DOSSIER)
    take(tmp_path, moved, name="dossiers-2024-03-01.json")
    contracts = take_in(tmp_path).records.contracts
    assert len(set(contracts["contract_id"])) == 1
    assert contracts["known_on"].tolist() == [
        pd.Timestamp("2024-02-01"),
        pd.Timestamp("2024-03-01"),
    ]


def test_a_rupture_date_gives_an_outcome_with_what_the_text_says(tmp_path: Path) -> None:
    broken = {"contrat_date_rupture": "2023-11-02", "cause_rupture_contrat": "Démission, transport"}
    outcome = take(tmp_path, DOSSIER | broken).records.outcomes.iloc[0]
    assert outcome[["ended_on", "how", "initiator", "motive", "cause_1"]].tolist() == [
        pd.Timestamp("2023-11-02"), "rupture", "young_person", "037", "mobility",
    ]  # fmt: skip


def test_a_cause_in_unknown_words_is_counted_and_not_quoted(tmp_path: Path) -> None:
    broken = {"contrat_date_rupture": "2023-11-02", "cause_rupture_contrat": "Gaston boude"}
    intake = take(tmp_path, DOSSIER | broken)
    assert [note for note in intake.notes if "words we do not know" in note] == [
        "dossiers-2024-02-01.json: 1 causes of rupture in words we do not know, left missing"
    ]
    assert "boude" not in " ".join(intake.notes)


@pytest.mark.parametrize(
    "field", ["contrat_date_fin", "contrat_date_rupture", "cause_rupture_contrat"]
)
def test_an_end_a_rupture_or_a_cause_without_start_is_refused(tmp_path: Path, field: str) -> None:
    lone = {k: v for k, v in DOSSIER.items() if not k.startswith("contrat_")}
    rejects = take(tmp_path, lone | {field: "2024-01-01"}).rejects
    refused = rejects[rejects["column"] == "started_on"]
    assert refused[["line", "got"]].to_numpy().tolist() == [[1, "(missing)"]]


def test_a_cause_without_rupture_date_is_a_refused_outcome(tmp_path: Path) -> None:
    rejects = take(tmp_path, DOSSIER | {"cause_rupture_contrat": "démission"}).rejects
    assert rejects[["table", "column"]].to_numpy().tolist() == [["outcomes", "ended_on"]]


def test_wrong_optional_values_become_missing_and_are_counted(tmp_path: Path) -> None:
    wrong = {"siret_employeur": "12", "code_postal_apprenant": "Nantes", "sexe_apprenant": "X"}
    intake = take(tmp_path, DOSSIER | wrong)
    contract = intake.records.contracts.iloc[0]
    assert contract[["employer_siret", "home_postcode", "sex"]].isna().all()
    assert sum("not as expected, taken as missing" in note for note in intake.notes) == 3


def test_a_wrong_date_of_the_contract_refuses_it(tmp_path: Path) -> None:
    rejects = take(tmp_path, DOSSIER | {"contrat_date_fin": "31/02/2025"}).rejects
    assert rejects[["column", "reason"]].to_numpy().tolist() == [["planned_end_on", "not a date"]]


@pytest.mark.parametrize(
    "written",
    ["2023-09-01", "2023-09-01T00:00:00.000Z", "2023-08-31T22:00:00Z", "2023-09-01T00:00:00+02:00"],
)
def test_a_local_midnight_written_in_utc_is_the_right_day(tmp_path: Path, written: str) -> None:
    contracts = take(tmp_path, DOSSIER | {"contrat_date_debut": written}).records.contracts
    assert contracts["started_on"].tolist() == [pd.Timestamp("2023-09-01")]


@pytest.mark.parametrize(
    ("sifa", "code"),
    [(1021, "1"), (2005, "1"), (3001, "1"), (3101, "4"), (3117, "4"), (4001, "3"), ("5901", "5"),
     (5903, "10"), (5905, None), (5907, "11"), (5909, "9"), (9999, None)],
)  # fmt: skip
def test_the_year_before_is_the_situation_before_a_contract_of_this_year(
    tmp_path: Path, sifa: object, code: str | None
) -> None:
    intake = take(tmp_path, DOSSIER | {"derniere_situation": sifa})
    found = intake.records.contracts["situation_10103"].iloc[0]
    assert (None if pd.isna(found) else found) == code
    assert not any("situation" in note for note in intake.notes)


def test_the_year_before_says_nothing_of_a_contract_of_an_earlier_year(tmp_path: Path) -> None:
    later = DOSSIER | {"annee_scolaire": "2024-2025", "derniere_situation": 3101}
    assert take(tmp_path, later).records.contracts["situation_10103"].isna().all()


def test_the_latest_school_year_speaks_for_a_contract_two_dossiers_hold(tmp_path: Path) -> None:
    later = DOSSIER | {"annee_scolaire": "2024/2025", "contrat_date_fin": "2025-06-30"}
    intake = take(tmp_path, later, DOSSIER)
    assert intake.records.contracts["planned_end_on"].tolist() == [pd.Timestamp("2025-06-30")]
    assert any("1 contracts held by several dossiers" in note for note in intake.notes)


def test_a_learner_without_contract_is_noted_and_gives_no_row(tmp_path: Path) -> None:
    enrolled = {k: v for k, v in DOSSIER.items() if not k.startswith("contrat_")}
    intake = take(tmp_path, DOSSIER, enrolled | {"id_erp_apprenant": "L9"})
    assert intake.read["contracts"] == 1
    assert "dossiers-2024-02-01.json: 1 dossiers without a contract" in intake.notes


def test_what_is_no_dossier_is_refused_by_its_rank(tmp_path: Path) -> None:
    rejects = take(tmp_path, DOSSIER, "text", {"other": 1}).rejects
    assert rejects[["line", "reason"]].to_numpy().tolist() == [
        [2, "not a dossier"],
        [3, "not a dossier"],
    ]


def test_the_day_of_receipt_is_asked_for_when_the_name_does_not_hold_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="when was it received"):
        take(tmp_path, DOSSIER, name="dossiers.json")
    intake = take_in(tmp_path / "dossiers.json", received_on=pd.Timestamp("2024-05-05"))
    assert intake.records.contracts["known_on"].tolist() == [pd.Timestamp("2024-05-05")]


@pytest.mark.parametrize("content", ["", "[]", "{}", "[{", '[{"a": 1}]', "12"])
def test_what_is_no_array_of_dossiers_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "d-2024-02-01.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"d-2024-02-01\.json"):
        take_in(path)
