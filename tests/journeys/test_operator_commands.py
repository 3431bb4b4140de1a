"""What an operator types: webhooks, backup, restore, suspension, export, explanation, erasure."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from serving.actors import COMMAND
from serving.commands import backup, privacy, webhooks
from serving.context import AppContext
from serving.operations.records import keep_contract
from tests.lib.contexts import SECRET, contract, open_context
from tests.lib.databases import database

app = typer.Typer(pretty_exceptions_enable=False)
app.add_typer(webhooks.app)
for command in (privacy.erase, privacy.retain, privacy.export, privacy.explain):
    app.command()(command)
for command in (privacy.suspend_scoring, privacy.resume_scoring, backup.backup, backup.restore):
    app.command()(command)


@pytest.fixture
def context(tmp_path: Path, bundles: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppContext]:
    """The service that the environment names, with one contract."""
    with database("sqlite", tmp_path) as url, open_context(url, bundles) as opened:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VIGIE_SECRET_KEY", SECRET)
        monkeypatch.setenv("VIGIE_DATABASE_URL", url)
        monkeypatch.setenv("VIGIE_BUNDLES", str(bundles))
        monkeypatch.setenv("VIGIE_WEBHOOK_ALLOW_PRIVATE", "true")
        keep_contract(opened, actor=COMMAND, record=contract())
        yield opened


def run(*words: object, code: int = 0, answer: str | None = None) -> str:
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*map(str, words)], input=answer)
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.usefixtures("context")
def test_an_endpoint_is_added_listed_and_removed() -> None:
    printed = run("webhooks", "add", "http://127.0.0.1:9/hook")
    secret = printed.split()[-1]
    assert secret.startswith("whsec_")
    assert "http://127.0.0.1:9/hook" in (listed := run("webhooks", "list"))
    assert secret not in listed
    assert "0 messages sent" in run("webhooks", "deliver")
    assert "0 messages" in run("webhooks", "retry", 1)
    run("webhooks", "dead")
    run("webhooks", "remove", 1)
    assert "127.0.0.1" not in run("webhooks", "list")


@pytest.mark.usefixtures("context")
def test_a_backup_is_written_and_comes_back(tmp_path: Path) -> None:
    assert "rows of" in run("backup", tmp_path / "backup.zip")
    assert "rows restored" in run("restore", tmp_path / "backup.zip", "--replace")
    run("restore", tmp_path / "backup.zip", code=1)


@pytest.mark.usefixtures("context")
def test_an_extract_and_an_explanation_are_written(tmp_path: Path) -> None:
    assert "1 contracts" in run("export", tmp_path / "extract", "--key-file", tmp_path / "key")
    assert json.loads((tmp_path / "extract" / "manifest.json").read_text())["files"]
    page = tmp_path / "C1.html"
    run("explain", "C1", "--out", page)
    assert "Qui décide" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("context")
def test_scoring_is_suspended_and_resumed() -> None:
    run("suspend-scoring", "--why", "contrôle")
    run("suspend-scoring", "--why", "encore", code=1)
    run("resume-scoring")


@pytest.mark.usefixtures("context")
def test_a_person_is_erased_only_when_sure() -> None:
    run("erase", "P-C1", code=1, answer="n\n")
    assert "1 contracts" in run("erase", "P-C1", answer="y\n")
    run("erase", "P-C1", "--yes", code=1)


def test_retaining_shows_before_it_erases(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_RETENTION_YEARS", "0.01")
    long_ago = {
        "signed_on": None,
        "started_on": date(2020, 1, 6),
        "planned_end_on": date(2021, 1, 5),
        "known_on": date(2020, 1, 6),
    }
    keep_contract(context, actor=COMMAND, record=contract("C-old", **long_ago))
    assert "P-C-old" in (shown := run("retain"))
    assert "1 persons" in shown
    old = Path("var/rejects/rejects.csv")
    old.parent.mkdir(parents=True)
    old.write_text("table,line\n")
    os.utime(old, (0, 0))
    assert "1 old files of refused rows removed" in (done := run("retain", "--yes"))
    assert "1 persons erased" in done
    assert not old.exists()
    assert "0 persons" in run("retain")
