"""A programme on the command line, from who may enter to the report of its effect."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from features.common.errors import VigieError, exit_code
from serving.actors import COMMAND
from serving.operations.records import keep_contract
from tests.lib.contexts import SECRET, contract, open_context
from tests.lib.databases import database
from vigie import app

PLAN = """
code = "essai"
version = "1"
design = "randomised"
title = { fr = "Essai", en = "Trial" }
eligibility = { under_age = 30, kinds = ["apprenticeship"], levels = [3] }
arms = { supported = 2, comparison = 2 }
draw = { block_sizes = [2, 4] }
outcomes = [{ code = "gross_rupture", role = "primary", horizon_days = 30, wait_days = 1 }]
looks = { method = "confidence_sequence", every_days = 7, last_day = 1095 }
floors = { per_arm = 2 }
"""


# The commands ask the real clock what day it is: the contracts run on any day.
ENDS = date(2090, 8, 31)


def vigie(*words: object) -> Result:
    """Run a command in this process: a new one takes seconds, and this is twenty of them."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [*map(str, words)])


def refused(*words: object) -> tuple[int, str]:
    """The exit code and the sentence of a command that refuses."""
    error = vigie(*words).exception
    assert isinstance(error, VigieError), error
    return exit_code(error), str(error)


@pytest.fixture
def folder(tmp_path: Path, bundles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands find a plan of four persons, and a service with five apprentices."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "essai.toml").write_text(PLAN, encoding="utf-8")
    with database("sqlite", tmp_path) as url, open_context(url, bundles) as opened:
        variables = {"SECRET_KEY": SECRET, "DATABASE_URL": url, "BUNDLES": str(bundles)}
        for name, value in variables.items():
            monkeypatch.setenv(f"VIGIE_{name}", value)
        for number in range(1, 6):
            record = contract(f"C{number}", planned_end_on=ENDS)
            keep_contract(opened, actor=COMMAND, record=record)
        old = contract("C6", planned_end_on=ENDS, born_on=date(1980, 1, 1))
        keep_contract(opened, actor=COMMAND, record=old)
    return tmp_path


def test_from_who_may_enter_to_the_report_of_the_effect(folder: Path) -> None:
    def run(*words: object) -> str:
        done = vigie(*words)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def ours(*words: object) -> str:
        return run("programme", *words)

    seen = ours("eligible", "essai")
    assert "5 eligible" in seen
    assert "1: the age limit is reached" in seen
    assert "age limit" in ours("eligible", "essai", "--person", "P-C6")
    for number in range(1, 6):
        assert "informed" in ours("inform", "essai", f"P-C{number}", "--notice", "2026-1")
        answer = "--declined" if number == 5 else "--agreed"
        ours("enrol", "essai", f"P-C{number}", answer)
    drawn = ours("draw", "essai")
    assert len(re.findall(r"^P-C\d: (?:supported|comparison)", drawn, re.MULTILINE)) == 4
    assert "the draw is closed" in drawn
    assert "seed " in ours("log", "essai")
    assert "4 lines" in ours("log", "essai", "--out", "log.json")
    assert "P-C1" not in (folder / "log.json").read_text(encoding="utf-8")
    assert "4 lines, the same allocation" in ours("replay", "log.json")
    assert "No follow-up is due" in ours("follow-ups")
    assert "12 follow-ups due" in ours("follow-ups", "--on", "2092-01-01")

    run("export", "extract", "--key-file", "key")
    run("effect", "essai", "--extract", "extract", "--as-of", "2089-01-01", "--no-track")
    report = folder / "var" / "reports" / "essai-2089-01-01" / "effect.json"
    effect = json.loads(report.read_text(encoding="utf-8"))
    arms = effect["flow"]["arms"]
    assert [arms[arm]["drawn"] for arm in ("supported", "comparison")] == [2, 2]
    assert effect["flow"]["screened"]["declined"] == 1


def test_a_log_that_was_altered_is_refused(folder: Path) -> None:
    for words in (
        ("inform", "essai", "P-C1", "--notice", "1"),
        ("enrol", "essai", "P-C1", "--agreed"),
        ("draw", "essai", "P-C1"),
        ("log", "essai", "--out", "open.json"),
        ("close", "essai"),
        ("log", "essai", "--out", "log.json"),
    ):
        assert vigie("programme", *words).exit_code == 0
    code, message = refused("programme", "replay", "open.json")
    assert code == 3
    assert "once the draw is closed" in message
    text = (folder / "log.json").read_text(encoding="utf-8")
    arms = {"supported": "comparison", "comparison": "supported"}
    altered = re.sub(r'(?<="arm": ")\w+', lambda found: arms[found[0]], text)
    (folder / "log.json").write_text(altered, encoding="utf-8")
    code, message = refused("programme", "replay", "log.json")
    assert code == 9
    assert "the first is number 1" in message
    (folder / "log.json").write_text("{", encoding="utf-8")
    assert refused("programme", "replay", "log.json")[0] == 3


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("eligible", "nothing"), 3, "one of essai, got nothing"),
        (("eligible", "essai", "--person", "P-nobody"), 9, "got none"),
        (("inform", "essai", "P-nobody", "--notice", "1"), 9, "got another id"),
        (("inform", "essai", "P-C6", "--notice", "1"), 9, "too_old"),
        (("enrol", "essai", "P-C1"), 3, "--agreed or --declined"),
        (("enrol", "essai", "P-C1", "--agreed"), 9, "informed"),
        (("withdraw", "essai", "P-C1"), 9, "informed"),
        (("draw", "essai"), 9, "got nobody"),
        (("draw", "essai", "P-C1"), 9, "informed"),
        (("close", "essai"), 9, "got none"),
        (("replay", "nowhere.json"), 3, "log of a draw"),
        (("follow-up", "P-C1", "--moment", "end", "--answer", "unreachable"), 9, "drawn"),
        (("follow-up", "P-C1", "--moment", "end", "--answer", "no"), 3, "answered"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_done_is_one_sentence(
    words: tuple[str, ...], code: int, message: str
) -> None:
    found = refused("programme", *words)
    assert found[0] == code
    assert message in found[1]


def test_nobody_eligible_is_stated_and_no_error(folder: Path) -> None:
    plan = PLAN.replace("levels = [3]", "levels = [8]")
    (folder / "programmes" / "essai.toml").write_text(plan, encoding="utf-8")
    done = vigie("programme", "eligible", "essai")
    assert done.exit_code == 0
    assert "Nobody eligible" in done.output
