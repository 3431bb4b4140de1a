"""Each contradiction is found in the rows that hold it, and in no other."""

from collections.abc import Mapping

import pandas as pd
import pytest
from rich.console import Console

from features.intake.intake import Intake, take_in
from features.intake.quality import find_contradictions, report, wrong_luhn
from features.intake.quality_view import render
from features.records.declarations import Records

START, END = "2023-09-01", "2025-08-31"
SOUND: dict[str, object] = {
    "contract_id": "C1",
    "person_id": "P1",
    "kind": "apprenticeship",
    "signed_on": "2023-08-20",
    "started_on": START,
    "planned_end_on": END,
    "trial_end_on": "2023-10-15",
    "born_on": "2006-01-01",
    "employer_siret": "73282932000074",
    "diploma_10103": "33",
    "known_on": START,
}


def records(*, contract: dict[str, object] = SOUND, **tables: Mapping[str, object]) -> Records:
    known = {"contract_id": "C1", "known_on": "2024-06-01"}
    frames = {name: dated({**known, **row}) for name, row in tables.items()}
    return Records.of(contracts=dated(contract), **frames)


def dated(row: Mapping[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame([row])
    days = [name for name in row if name.endswith("_on")]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


def found(records: Records) -> list[str]:
    return [contradiction.what for contradiction in find_contradictions(records)]


def test_a_sound_case_has_none() -> None:
    assert found(records(outcomes={"ended_on": END, "how": "completed"})) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"planned_end_on": "2023-08-31", "trial_end_on": None}, "planned end before the start"),
        ({"signed_on": "2023-09-02"}, "signed after the start"),
        ({"trial_end_on": "2023-08-31"}, "trial period ends outside the contract"),
        ({"trial_end_on": "2025-09-01"}, "trial period ends outside the contract"),
        ({"kind": "professionalisation"},
         "professionalisation with codes of the apprenticeship form (10103)"),
        ({"diploma_10103": None, "situation_12434": "9"},
         "apprenticeship with codes of the professionalisation form (12434)"),
        ({"born_on": "2013-01-01"}, "age at the start outside 14 to 75"),
        ({"employer_siret": "73282932000075"},
         "SIRET of the employer with a wrong check figure"),
    ],
)  # fmt: skip
def test_a_contract_contradicts_itself(changes: dict[str, object], what: str) -> None:
    assert found(records(contract=SOUND | changes)) == [what]


def test_codes_of_both_forms_on_one_contract_are_found() -> None:
    assert "codes of both forms" in found(records(contract=SOUND | {"diploma_12434": "51"}))


@pytest.mark.parametrize(
    ("outcome", "what"),
    [
        ({"ended_on": "2023-08-31", "how": "rupture"}, "rupture before the start"),
        ({"ended_on": "2023-09-02", "how": "not_started"},
         "never started, yet ended after the start"),
        ({"ended_on": "2025-09-01", "how": "rupture"}, "rupture after the planned end"),
        ({"ended_on": "2025-07-01", "how": "completed"},
         "completed more than 60 days before the planned end"),
        ({"ended_on": "2024-01-01", "how": "rupture", "motive": "031"},
         "rupture for the motive of a natural end (031)"),
        ({"ended_on": "2024-01-01", "how": "rupture", "new_contract_on": "2023-12-31"},
         "new contract before the end of this one"),
    ],
)  # fmt: skip
def test_an_outcome_contradicts_its_contract(outcome: dict[str, object], what: str) -> None:
    assert found(records(outcomes=outcome)) == [what]


def test_what_happens_in_a_contract_after_its_end_is_found() -> None:
    ended = {"ended_on": "2024-01-01", "how": "rupture"}
    held = {"interview_id": "I1", "held_on": "2024-02-01", "status": "held"}
    absent = {"event_id": "E1", "happened_on": "2024-02-01", "kind": "absence_work"}
    during = records(outcomes=ended, interviews={**held, "phase": "during"}, events=absent)
    assert found(during) == [
        "interview during the contract held after its end",
        "absence or lateness after the end of the contract",
    ]
    assert found(records(outcomes=ended, interviews={**held, "phase": "after"})) == []


def test_only_the_latest_version_counts() -> None:
    first = records(contract=SOUND | {"planned_end_on": "2023-08-31", "trial_end_on": None})
    both = pd.concat([first.contracts, dated(SOUND | {"known_on": "2023-10-01"})])
    assert found(Records.of(contracts=both)) == []


def test_a_contradiction_names_five_rows_at_most_by_identifier() -> None:
    rows = [SOUND | {"contract_id": f"C{i}", "signed_on": END} for i in range(8)]
    contracts = pd.concat([dated(row) for row in rows])
    (contradiction,) = find_contradictions(Records.of(contracts=contracts))
    assert contradiction.count == 8
    assert contradiction.examples == ("C0", "C1", "C2", "C3", "C4")


def test_the_check_figure_follows_luhn_except_for_la_poste() -> None:
    sirets = ["73282932000074", "73282932000075", "35600000000048", "35600000049837", None]
    assert wrong_luhn(pd.Series(sirets, dtype="str")).tolist() == [False, True, False, False, False]


@pytest.fixture
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    folder = tmp_path_factory.mktemp("delivery")
    late = dated(SOUND | {"contract_id": "C2", "known_on": "2023-12-01"})
    wrong = dated(SOUND | {"contract_id": "C3", "level_prepared": 9})
    refused = dated(SOUND | {"contract_id": "C4", "kind": "internship"})
    pd.concat([dated(SOUND), late, wrong, refused, dated(SOUND)]).to_csv(
        folder / "contracts.csv", index=False
    )
    return take_in(folder)


def test_the_report_counts_rows_rejects_gaps_and_delays(intake: Intake) -> None:
    quality = report(intake)
    assert quality.counts.iloc[0].tolist() == ["contracts", 5, 3, 1, 1]
    assert quality.refused == 1
    assert quality.rejects.to_numpy().tolist() == [
        ["contracts", "kind", "not in the code list", 1, False]
    ]
    assert quality.left_out.to_numpy().tolist() == [
        ["contracts", "level_prepared", "out of bounds", 1, False]
    ]
    assert quality.dates["late_share"].iloc[0] == 1 / 3
    gaps = quality.missing.set_index("column")["missing_share"]
    assert (gaps["advisor_id"], gaps["born_on"]) == (1.0, 0.0)


def test_the_report_is_shown_without_anything_personal(intake: Intake) -> None:
    console = Console(width=160)
    with console.capture() as screen:
        console.print(*render(report(intake)))
    shown = screen.get()
    assert "not in the code list" in shown
    assert "out of bounds" in shown
    assert "events: no such table" in shown
    assert "2006" not in shown


def test_the_report_of_nothing_is_empty_and_can_be_shown(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("delivery")
    dated(SOUND).head(0).to_csv(folder / "contracts.csv", index=False)
    quality = report(take_in(folder))
    assert quality.contradictions == ()
    assert len(quality.missing) == 0
    assert len(render(quality)) > 0
