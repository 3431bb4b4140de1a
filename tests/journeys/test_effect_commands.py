"""`vigie effect` as its users run it: a simulated trial, a table, and what is refused."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.lib.commands import refused, vigie

PROGRAMMES = Path(__file__).parents[2] / "programmes"


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trial")
    (folder / "programmes").symlink_to(PROGRAMMES)
    done = vigie("simulate-trial", "agir", "--effect", "cote_d_or", "--out", "trial", folder=folder)
    assert done.code == 0, done.err
    return folder


def test_a_programme_is_reported_as_a_sealed_folder_and_a_run(trial: Path) -> None:
    done = vigie("effect", "agir", "--extract", "trial", "--as-of", "2027-01-01", folder=trial)
    assert done.code == 0, done.err
    report = trial / "var" / "reports" / "agir-2027-01-01"
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((report / name).read_bytes()).hexdigest() == digest
    effect = json.loads((report / "effect.json").read_text(encoding="utf-8"))
    assert [o["code"] for o in effect["outcomes"]] == [
        "net_rupture",
        "employed_at_6_months",
        "gross_rupture",
    ]
    arms = effect["flow"]["arms"]
    assert arms["supported"]["drawn"] + arms["comparison"]["drawn"] == 150
    assert (trial / "var" / "mlflow" / "mlflow.db").exists()
    page = (report / "report.html").read_text(encoding="utf-8")
    assert not [p for p in ("P0000001", "C0000001") if p in page or p in json.dumps(effect)]


def test_an_extract_with_a_trial_is_still_an_extract(trial: Path) -> None:
    assert vigie("check", "trial", "--lenient", folder=trial).code == 0


def test_a_table_is_reported_too(tmp_path: Path) -> None:
    rows = [f"{'aspirin' if k < 60 else 'placebo'},{int(k % 60 < 12 + k // 4)}" for k in range(120)]
    (tmp_path / "t.csv").write_text("arm,died\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = vigie(
        *("effect", "--table", "t.csv", "--outcome", "died", "--arm", "arm", "--no-track"),
        folder=tmp_path,
    )
    assert done.code == 0, done.err
    assert "aspirin minus placebo" in done.out
    effect = json.loads((tmp_path / "var/reports/table-t-died/effect.json").read_text())
    assert effect["outcomes"][0]["difference"]["method"] == "newcombe"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected a programme or --table"),
        (("agir", "--table", "t.csv"), "expected a programme or --table"),
        (("--table", "t.csv"), "expected --outcome and --arm"),
        (("--table", "t.csv", "--outcome", "y", "--arm", "a"), "expected a file, got none"),
        (("nothing",), "expected --extract and --as-of"),
        (("nothing", "--extract", ".", "--as-of", "2027-01-01"), "one of none, got nothing"),
    ],
)
def test_what_cannot_be_reported_is_one_sentence(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    assert message in refused(vigie("effect", *arguments, folder=tmp_path), 3)
