"""The national import template, and learners named by a keyed hash where no identifier is."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from features.common.errors import InputError, SettingsError
from features.intake.formats.dossier_fields import BY_CONTRACT, BY_DOSSIER, NAMES, PLACES
from features.intake.formats.dossier_files import is_dossiers
from features.intake.formats.person_key import PersonKey
from features.intake.intake import Intake, take_in
from features.intake.settings import IntakeSettings
from tests.lib.dossiers_v3 import DOSSIER, KEY, deliver, dossier, without

OTHER_KEY = PersonKey(id="autre", secret=KEY.secret[::-1])
COLUMNS = [
    *NAMES,
    *BY_DOSSIER,
    *(f + place for place in PLACES for f in BY_CONTRACT),
    "email_contact",
]
NAMELESS = [name for name in COLUMNS if name != "id_erp_apprenant"]


def row(columns: list[str], values: dict[str, Any]) -> list[str]:
    """The cells of one line of the template."""
    return [str(values.get(name.strip(" *")) or "") for name in columns]


def sheet(
    folder: Path, columns: list[str], *dossiers: dict[str, Any], separator: str = ";"
) -> Path:
    path = folder / "modele-2024-02-01.csv"
    lines = [columns, *(row(columns, values) for values in dossiers)]
    path.write_text("\n".join(separator.join(line) for line in lines), encoding="utf-8")
    return path


def people(intake: Intake) -> list[str]:
    return [str(person) for person in intake.records.contracts["person_id"]]


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("star", ["", " *", " **", "**"])
def test_the_template_as_csv_gives_what_the_same_dossiers_give(
    separator: str, star: str, tmp_path: Path
) -> None:
    columns = [name + star for name in COLUMNS]
    path = sheet(tmp_path, columns, DOSSIER, dossier(id_erp_apprenant="L2"), separator=separator)
    taken_in = take_in(path).records.contracts
    same = deliver(tmp_path / "d", DOSSIER, dossier(id_erp_apprenant="L2")).records.contracts
    pd.testing.assert_frame_equal(taken_in, same)


def test_a_folder_with_the_template_under_the_name_of_a_table_is_read(tmp_path: Path) -> None:
    sheet(tmp_path, COLUMNS, DOSSIER).rename(tmp_path / "contracts-2024-02-01.csv")
    assert len(take_in(tmp_path).records.contracts) == 1


def test_a_workbook_is_known_for_a_template_by_its_first_cells(tmp_path: Path) -> None:
    path = tmp_path / "modele-2024-02-01.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Effectifs")
        page.write(0, 0, "Modèle d'import")
        page.write_row(1, 0, COLUMNS)
        page.write_row(2, 0, row(COLUMNS, DOSSIER))
    assert is_dossiers(path)


def test_a_table_of_ours_is_no_template(tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text("contract_id,person_id,kind\n", encoding="utf-8")
    assert not is_dossiers(path)


def test_learners_without_an_identifier_are_refused_without_a_key(tmp_path: Path) -> None:
    path = sheet(tmp_path, NAMELESS, DOSSIER)
    with pytest.raises(InputError, match="set VIGIE_PERSON_KEY") as refusal:
        take_in(path)
    assert "DUPONTEL" not in str(refusal.value)


def test_with_a_key_they_are_named_and_nothing_shows_their_name(tmp_path: Path) -> None:
    path = sheet(tmp_path, NAMELESS, DOSSIER)
    intake = take_in(path, person_key=KEY)
    (person,) = people(intake)
    assert person.startswith("essai.")
    seen = intake.records.contracts.to_csv() + " ".join(intake.notes)
    assert "DUPONTEL" not in seen.upper()
    assert "Gaston" not in seen


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({"nom_apprenant": "dupontel", "prenom_apprenant": "GASTON"}, True),
        ({"nom_apprenant": " Dupon-tel ", "prenom_apprenant": "Gastôn"}, True),
        ({"date_de_naissance_apprenant": "28/10/2006"}, True),
        ({"date_de_naissance_apprenant": "2006-10-27T22:00:00.000Z"}, True),
        ({"etablissement_responsable_uai": "0449999Z"}, True),
        ({"date_de_naissance_apprenant": "2006-10-29"}, False),
        ({"prenom_apprenant": "Gastonne"}, False),
    ],
)
def test_a_person_is_the_names_and_the_birth_date_however_written(
    fields: dict[str, Any], same: bool, tmp_path: Path
) -> None:
    one = deliver(tmp_path / "a", without("id_erp_apprenant"), person_key=KEY)
    other = deliver(tmp_path / "b", without("id_erp_apprenant", **fields), person_key=KEY)
    assert (people(one) == people(other)) == same


def test_another_key_names_otherwise_and_its_id_says_which(tmp_path: Path) -> None:
    named = [
        people(deliver(tmp_path / key.id, without("id_erp_apprenant"), person_key=key))[0]
        for key in (KEY, OTHER_KEY)
    ]
    assert [name.split(".")[0] for name in named] == ["essai", "autre"]
    assert named[0].split(".")[1] != named[1].split(".")[1]


def test_an_identifier_is_used_where_there_is_one_key_or_not(tmp_path: Path) -> None:
    without_key = deliver(tmp_path / "a", DOSSIER)
    with_key = deliver(tmp_path / "b", DOSSIER, person_key=KEY)
    assert people(without_key) == people(with_key)


def test_who_has_neither_identifier_nor_birth_date_is_refused_alone(tmp_path: Path) -> None:
    unborn = without("id_erp_apprenant", "date_de_naissance_apprenant")
    intake = deliver(tmp_path, unborn, without("id_erp_apprenant"), person_key=KEY)
    assert len(people(intake)) == 1
    assert intake.rejects[["line", "reason"]].to_numpy().tolist() == [[1, "no identifier"]]


def test_the_setting_is_one_for_the_command_line_and_the_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIGIE_PERSON_KEY", raising=False)
    assert IntakeSettings.of_environment().naming_key is None
    secret = "x" * 40
    (tmp_path / ".env").write_text(f"VIGIE_PERSON_KEY=2026a:{secret}\n", encoding="utf-8")
    key = IntakeSettings.of_environment().naming_key
    assert key == PersonKey("2026a", secret.encode())
    assert secret not in repr(key)


@pytest.mark.parametrize("value", ["court", "2026a:court", "trop-long-pour-un-id:" + "x" * 40])
def test_a_key_that_is_none_is_refused_without_being_shown(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_PERSON_KEY", value)
    with pytest.raises(SettingsError, match="VIGIE_PERSON_KEY: expected ID:SECRET") as refusal:
        IntakeSettings.of_environment()
    assert value not in str(refusal.value)


def test_json_of_the_template_needs_no_identifier(tmp_path: Path) -> None:
    path = tmp_path / "modele-2024-02-01.json"
    path.write_text(json.dumps([without("id_erp_apprenant")]), encoding="utf-8")
    assert len(people(take_in(path, person_key=KEY))) == 1
