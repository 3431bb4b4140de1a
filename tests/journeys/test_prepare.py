"""`vigie prepare`: a file with other headers becomes a table, and the mapping serves next month."""

from pathlib import Path

from tests.lib.commands import SECRET, refused, vigie

EXPORT = f"""N° contrat;Personne;Type de contrat;Date de début;Date de fin prévue;Observations
{SECRET}1;P1;apprentissage;01/09/2025;31/08/2026;rien
{SECRET}2;P2;contrat de professionnalisation;15/10/2025;14/10/2026;
"""


def test_a_foreign_file_is_mapped_checked_and_mapped_again_next_month(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="cp1252")
    options = ("--mapping", "map.toml", "--out", "tables", "--received-on", "2026-11-01")

    first = vigie("prepare", "export.csv", *options, folder=tmp_path)
    before = (tmp_path / "map.toml").read_bytes()
    (tmp_path / "export.csv").write_text(EXPORT.replace("2;P2", "3;P3"), encoding="utf-16")
    second = vigie("prepare", "export.csv", *options, folder=tmp_path)

    assert (first.code, second.code) == (0, 0)
    assert (tmp_path / "map.toml").read_bytes() == before
    assert "P3" in (tmp_path / "tables" / "contracts.csv").read_text(encoding="utf-8")
    assert vigie("check", "tables", folder=tmp_path).code == 0
    assert SECRET not in first.out + first.err + second.out


def test_what_the_file_does_not_give_is_asked_for(tmp_path: Path) -> None:
    """The mapping is written all the same, to be completed by hand."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")

    message = refused(vigie("prepare", "export.csv", "--mapping", "map.toml", folder=tmp_path), 3)

    assert "map.toml: expected known_on (connu le)" in message
    assert 'started_on = "Date de début"' in (tmp_path / "map.toml").read_text(encoding="utf-8")
