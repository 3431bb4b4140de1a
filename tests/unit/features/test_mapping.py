"""Headers that are not ours: proposed by label and content, stored in a file, applied as stored."""

from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.mapping import (
    Mapping,
    apply,
    likeliest_table,
    missing_columns,
    propose,
    read_mapping,
    write_mapping,
)
from features.records.declarations import CONTRACT

FOREIGN = pd.DataFrame(
    {
        "N° de contrat": ["C1", "C2"],
        "Personne": ["P1", "P2"],
        "Type de contrat": ["apprentissage", "contrat de professionnalisation"],
        "Date de début": ["01/09/2025", "15/10/2025"],
        "Date de fin prévue": ["31/08/2026", "14/10/2026"],
        "Durée hebdomadaire": ["35h", "35,5"],
        "Observations": ["rien", None],
    }
)


def test_headers_are_proposed_by_their_french_label() -> None:
    found = propose(CONTRACT, FOREIGN)

    assert found.columns == {
        "contract_id": "N° de contrat",
        "person_id": "Personne",
        "kind": "Type de contrat",
        "started_on": "Date de début",
        "planned_end_on": "Date de fin prévue",
        "weekly_hours": "Durée hebdomadaire",
    }
    assert [column.name for column in missing_columns(found)] == ["known_on"]


def test_a_header_whose_values_are_something_else_is_not_proposed() -> None:
    """It reads like a date of start, and holds names."""
    names = FOREIGN.assign(**{"Date de début": ["Camille", "Dominique"]})

    assert "started_on" not in propose(CONTRACT, names).columns


def test_the_table_is_the_one_that_most_headers_are_proposed_for() -> None:
    held = pd.DataFrame(
        {"Entretien": ["E1"], "Contrat": ["C1"], "Date de l'entretien": ["2025-10-01"]}
    )

    assert likeliest_table(FOREIGN).table == "contracts"
    assert likeliest_table(held).table == "interviews"


def test_a_mapping_is_read_back_as_written(tmp_path: Path) -> None:
    """A header may hold anything a spreadsheet lets people write."""
    path = tmp_path / "map.toml"
    mapping = Mapping(
        "contracts", {"contract_id": 'N° "de"\ncontrat \\'}, {"kind": "apprentissage"}
    )

    write_mapping(mapping, path, headers=['N° "de"\ncontrat \\', "Observations"])

    assert read_mapping(path) == mapping
    assert '# left over: "Observations"' in path.read_text(encoding="utf-8")


def test_what_is_mapped_is_named_as_declared_and_what_is_not_is_left_out() -> None:
    mapping = Mapping("contracts", {"contract_id": "N° de contrat"}, {"known_on": "2025-11-01"})

    rows = apply(mapping, FOREIGN, file="export.csv")

    assert rows.to_dict("list") == {
        "contract_id": ["C1", "C2"],
        "known_on": ["2025-11-01", "2025-11-01"],
    }


def test_a_header_that_is_no_longer_there_is_named_by_its_column() -> None:
    with pytest.raises(InputError, match=r"export.csv: .* 1 of them \(started_on\)"):
        apply(Mapping("contracts", {"started_on": "Début"}), FOREIGN, file="export.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("table = ", "expected a mapping in TOML"),
        ('table = "people"', "expected table to be one of contracts"),
        ('table = "contracts"\n[columns]\nage = "Age"', "expected columns of contracts, got age"),
        ('table = "contracts"\n[columns]\nkind = 3', r"\[columns\] and \[values\] to hold texts"),
        ('table = "contracts"\n[columns]\nkind = "A"\nform = "A"', "each header once"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=words):
        read_mapping(path)
