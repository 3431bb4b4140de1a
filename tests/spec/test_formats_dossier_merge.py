"""One contract reported by several dossiers or places, and the ends that are none."""

import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.intake.intake import Intake
from tests.lib.dossiers_v3 import SECOND, deliver, dossier

SIRET, OTHER = "12345678200010", "55208131766522"


def contract_rows(intake: Intake) -> list[list[Any]]:
    """What the contracts and their ends say, in no order of rows."""
    contracts, outcomes = intake.records.contracts, intake.records.outcomes
    rows = contracts.merge(outcomes, on="contract_id", how="left")
    columns = [
        "contract_id",
        "started_on",
        "planned_end_on",
        "employer_siret",
        "ended_on",
        "motive",
    ]
    return [[None if pd.isna(v) else v for v in row] for row in rows[columns].to_numpy()]


BROKEN = dossier(contrat_date_rupture="2024-01-15", cause_rupture_contrat="démission")
OTHER_TRAINING = dossier(formation_rncp="RNCP1234")
BARE = dossier(siret_employeur="", formation_rncp="")


@pytest.mark.parametrize(
    "dossiers",
    [(BROKEN, OTHER_TRAINING), (BROKEN, BARE), (BROKEN, OTHER_TRAINING, BARE)],
    ids=["two trainings", "one of them bare", "three"],
)
def test_of_one_school_year_what_any_dossier_says_counts_in_every_order(
    dossiers: tuple[dict[str, Any], ...], tmp_path: Path
) -> None:
    results = [
        deliver(tmp_path / str(at), *order)
        for at, order in enumerate(itertools.permutations(dossiers))
    ]
    assert results[0].records.outcomes["ended_on"].tolist() == [pd.Timestamp("2024-01-15")]
    assert len({str(contract_rows(result)) for result in results}) == 1
    for result in results:
        assert result.read["contracts"] == len(dossiers)
        assert result.repeats["contracts"] == len(dossiers) - 1


@pytest.mark.parametrize("later", ["2024-2025", "2024/2025", "2024-25", "2024 - 2025"])
def test_the_latest_school_year_speaks_in_both_orders(later: str, tmp_path: Path) -> None:
    now = dossier(annee_scolaire=later, contrat_date_fin="2025-06-30")
    for at, order in enumerate(itertools.permutations([dossier(), now])):
        contracts = deliver(tmp_path / str(at), *order).records.contracts
        assert contracts["planned_end_on"].tolist() == [pd.Timestamp("2025-06-30")]


def test_a_rupture_of_an_earlier_school_year_only_is_reported(tmp_path: Path) -> None:
    intake = deliver(tmp_path, BROKEN, dossier(annee_scolaire="2024-2025"))
    assert intake.records.outcomes.empty
    assert any("1 ruptures told by the dossier of an earlier" in note for note in intake.notes)


def test_two_employers_from_one_day_on_are_two_contracts(tmp_path: Path) -> None:
    both = dossier(
        contrat_date_debut_2="2023-09-01",
        contrat_date_fin_2="2024-08-31",
        siret_employeur_2=OTHER,
    )
    first = deliver(tmp_path, both).records.contracts
    swapped = dossier(
        siret_employeur=OTHER,
        contrat_date_fin="2024-08-31",
        contrat_date_debut_2="2023-09-01",
        contrat_date_fin_2="2025-08-31",
        siret_employeur_2=SIRET,
    )
    again = deliver(tmp_path / "b", swapped).records.contracts
    by_employer = [dict(c[["employer_siret", "contract_id"]].to_numpy()) for c in (first, again)]
    assert len(by_employer[0]) == 2
    assert by_employer[0] == by_employer[1]


def test_one_start_in_two_places_is_one_contract(tmp_path: Path) -> None:
    twice = dossier(contrat_date_debut_2="01/09/2023", contrat_date_fin_2="31/08/2025")
    assert len(deliver(tmp_path, twice).records.contracts) == 1


AFTER = {**SECOND, "contrat_date_rupture": "2023-12-31"}


@pytest.mark.parametrize(
    ("cause", "following", "employer"),
    [
        ("Avenant", SIRET, SIRET),
        ("avenant n°1 (prolongation)", "", SIRET),
        ("Transfert du contrat", OTHER, OTHER),
        ("changement de SIRET", OTHER, OTHER),
        ("rachat de la société", "", SIRET),
    ],
)
def test_what_an_amendment_or_a_transfer_continues_is_one_contract(
    cause: str, following: str, employer: str, tmp_path: Path
) -> None:
    intake = deliver(
        tmp_path, dossier(**AFTER, cause_rupture_contrat=cause, siret_employeur_2=following)
    )
    contract = intake.records.contracts.iloc[0]
    assert len(intake.records.contracts) == 1
    assert intake.records.outcomes.empty
    assert contract["started_on"] == pd.Timestamp("2023-09-01")
    assert contract["planned_end_on"] == pd.Timestamp("2025-08-31")
    assert contract["employer_siret"] == employer
    events = intake.records.events[["kind", "happened_on"]].to_numpy().tolist()
    assert events == [["amendment", pd.Timestamp("2023-12-31")]]
    assert intake.read["contracts"] == 2
    assert intake.repeats["contracts"] == 1


def test_an_amendment_with_another_employer_after_it_leaves_two_contracts(tmp_path: Path) -> None:
    fields = {**AFTER, "cause_rupture_contrat": "avenant", "siret_employeur_2": OTHER}
    intake = deliver(tmp_path, dossier(**fields))
    assert len(intake.records.contracts) == 2
    assert intake.records.outcomes.empty


def test_a_chain_of_amendments_is_one_contract_with_its_real_end(tmp_path: Path) -> None:
    chain = {
        **AFTER,
        "cause_rupture_contrat": "avenant",
        "contrat_date_rupture_2": "2024-03-31",
        "cause_rupture_contrat_2": "avenant",
        "contrat_date_debut_3": "2024-04-01",
        "contrat_date_fin_3": "2025-08-31",
        "contrat_date_rupture_3": "2024-06-10",
        "cause_rupture_contrat_3": "démission",
    }
    intake = deliver(tmp_path, dossier(**chain), day="2024-09-01")
    assert len(intake.records.contracts) == 1
    outcome = intake.records.outcomes.iloc[0]
    assert (outcome["ended_on"], outcome["motive"]) == (pd.Timestamp("2024-06-10"), "037")


@pytest.mark.parametrize("cause", ["suspension du contrat", "rupture annulée", "avenant"])
def test_an_end_that_is_none_alone_leaves_the_contract_open(cause: str, tmp_path: Path) -> None:
    fields = {"contrat_date_rupture": "2023-12-31", "cause_rupture_contrat": cause}
    intake = deliver(tmp_path, dossier(**fields))
    assert intake.records.outcomes.empty
    assert intake.records.contracts["planned_end_on"].tolist() == [pd.Timestamp("2025-08-31")]
    assert any("1 ends that are none" in note for note in intake.notes)


def test_an_end_on_the_day_of_the_diploma_without_a_cause_is_a_success(tmp_path: Path) -> None:
    fields = {
        "contrat_date_rupture": "2024-01-15",
        "date_obtention_diplome_formation": "15/01/2024",
    }
    for at, (diploma, cause, how) in enumerate(
        [
            (True, "", "early_success"),
            ("oui", "résiliation", "early_success"),
            (None, "", "early_success"),
            (False, "", "rupture"),
            (True, "démission", "rupture"),
        ]
    ):
        delivered = dossier(
            **fields, obtention_diplome_formation=diploma, cause_rupture_contrat=cause
        )
        outcomes = deliver(tmp_path / str(at), delivered).records.outcomes
        assert outcomes["how"].tolist() == [how]


LEFT = {"statut_apprenant": 0, "date_metier_mise_a_jour_statut": "2024-01-10T08:30:00Z"}


@pytest.mark.parametrize(
    "fields",
    [
        {"date_exclusion_formation": "2024-01-10", "cause_exclusion_formation": "absences"},
        {"date_exclusion_formation": "10/01/2024"},
        {"date_exclusion_formation": "2024-01-09T23:00:00Z"},
        LEFT,
        {**LEFT, "statut_apprenant": "0"},
    ],
)
def test_an_exclusion_or_a_departure_is_an_event_of_its_day(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    intake = deliver(tmp_path, dossier(**fields, **SECOND | {"contrat_date_fin": "2023-12-31"}))
    event = intake.records.events.iloc[0]
    assert (event["kind"], event["happened_on"]) == ("left_training", pd.Timestamp("2024-01-10"))
    assert event["contract_id"].endswith(":2024-01-01")
    assert intake.records.outcomes.empty


@pytest.mark.parametrize("status", [2, 3, "3", None])
def test_who_is_enrolled_has_not_left(status: object, tmp_path: Path) -> None:
    fields = {**LEFT, "statut_apprenant": status}
    assert deliver(tmp_path, dossier(**fields)).records.events.empty
