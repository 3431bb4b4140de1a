"""A dossier that is broken is refused with its rank; the others of its file go in."""

import json
from pathlib import Path

import pytest

from features.common.errors import InputError
from features.intake.intake import Intake, take_in
from tests.lib.dossiers_v3 import DOSSIER, dossier

SOUND = [json.dumps(dossier(id_erp_apprenant=f"L{rank}")) for rank in range(3)]
BROKEN = {
    "a value is missing": SOUND[0].replace('"L0"', ""),
    "a quote never closes": SOUND[0].replace('"L0"', '"L0'),
    "cut in the middle": SOUND[0][:60],
    "the last brace is missing": SOUND[0][:-1],
    "a bare word": SOUND[0].replace('"L0"', "L0"),
    "a comma too many": SOUND[0].replace('"L0"', '"L0",,'),
    "a control character": SOUND[0].replace("L0", "L\x010"),
    "nested too deep": SOUND[0][:-1] + ', "x": ' + "[" * 3000 + "]" * 3000 + "}",
    "nested and never closed": SOUND[0][:-1] + ', "x": ' + "[" * 3000 + "}",
    "half a character in the identifier": SOUND[0].replace("L0", "L\\ud83d"),
    "half a character in a cause": SOUND[0][:-1] + ', "cause_rupture_contrat": "x\\ude00"}',
    "half a character in a field we do not keep": SOUND[0][:-1] + ', "autre": "\\udfff"}',
    "no dossier": '{"autre": 1}',
    "a text": '"texte"',
    "a number too long to be one": SOUND[0].replace('"L0"', "1" * 5000),
}


def take(folder: Path, text: str) -> Intake:
    path = folder / "d-2024-02-01.json"
    path.write_bytes(text.encode())
    return take_in(path)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_the_others_go_in_and_the_faulty_one_is_reported(
    fault: str, at: int, tmp_path: Path
) -> None:
    dossiers = [SOUND[1], SOUND[2]]
    dossiers.insert(at, BROKEN[fault])

    intake = take(tmp_path, "[" + ",\n".join(dossiers) + "]")

    assert len(intake.records.contracts) == 2
    assert intake.rejects["line"].tolist() == [at + 1]
    assert intake.read["contracts"] == 3
    assert intake.refused["contracts"] == 1


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_a_file_without_a_whole_dossier_is_refused_in_one_sentence(
    fault: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"d-2024-02-01\.json: expected a JSON array of dossiers"):
        take(tmp_path, f"[{BROKEN[fault]}]")


@pytest.mark.parametrize(
    "text",
    [
        "[" + ",".join(SOUND) + "]",
        "\ufeff[" + ",".join(SOUND) + "]",
        '{"dossiers": [' + ",".join(SOUND) + "]}",
        '{"date": "2024-02-01", "nombre": 3, "effectifs": [' + ",".join(SOUND) + "]}",
        "\n".join(SOUND),
        "[" + ",".join(SOUND) + ",]",
        "[" + ",".join(SOUND),
    ],
    ids=["array", "mark", "wrapped", "wrapped with more", "lines", "comma", "cut at the end"],
)
def test_every_wrapping_gives_the_same_dossiers(text: str, tmp_path: Path) -> None:
    intake = take(tmp_path, text)
    assert len(intake.records.contracts) == 3
    cut = text.startswith("[") and not text.endswith("]")
    assert any("cut short" in note for note in intake.notes) == cut


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = json.dumps([DOSSIER | {"nom_apprenant": "Lenôtre"}], ensure_ascii=False)
    path = tmp_path / "d-2024-02-01.json"
    path.write_bytes(text.encode(encoding))
    assert len(take_in(path).records.contracts) == 1


def test_a_key_that_stands_twice_with_two_values_is_reported(tmp_path: Path) -> None:
    twice = SOUND[0][:-1] + ', "contrat_date_fin": "2025-06-30"}'
    same = SOUND[1][:-1] + ', "id_erp_apprenant": "L1"}'
    intake = take(tmp_path, f"[{twice}, {same}]")
    assert [note for note in intake.notes if "key stands twice" in note] == [
        "d-2024-02-01.json: 1 dossiers in which a key stands twice, the last taken"
    ]


@pytest.mark.parametrize("value", ['"L\\u0000 1"', '"\\u200bL1\\ufeff"', '" L1 "', "1.0", "1"])
def test_what_cannot_be_seen_does_not_make_another_learner(value: str, tmp_path: Path) -> None:
    plain = '"L 1"' if " 1" in value else '"L1"' if "L" in value else '"1"'
    one, other = (SOUND[0].replace('"L0"', text) for text in (value, plain))
    contracts = take(tmp_path, f"[{one}]").records.contracts
    assert contracts["person_id"].tolist() == (
        take(tmp_path, f"[{other}]").records.contracts["person_id"].tolist()
    )


@pytest.mark.parametrize("value", ["true", "[1]", '{"a": 1}', "null", '""', '"NC"', '"-"'])
def test_what_is_no_identifier_names_nobody(value: str, tmp_path: Path) -> None:
    """Else all the learners of a file would be one person."""
    text = SOUND[0].replace('"L0"', value)
    intake = take(tmp_path, f"[{text}, {SOUND[1]}]")
    assert len(intake.records.contracts) == 1
    assert intake.rejects[["line", "reason"]].to_numpy().tolist() == [[1, "no identifier"]]
