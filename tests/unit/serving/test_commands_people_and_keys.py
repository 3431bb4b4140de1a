"""`vigie user` and `vigie key`, as an administrator types them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer import Typer
from typer.testing import CliRunner, Result

from features.common.errors import ConflictError, NotFoundError, SettingsError
from serving.auth import api_keys
from serving.commands import keys, people
from serving.context import AppContext
from serving.operations.sign_in import sign_in
from serving.settings import Settings
from tests.lib.contexts import SECRET
from tests.lib.sign_in_site import ADDRESS, NAME


@pytest.fixture
def context(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppContext]:
    """The service that the environment names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_SECRET_KEY", SECRET)
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "300")
    opened = AppContext.open(Settings.read())
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are not folded, whatever the terminal the tests run in."""
    monkeypatch.setattr(people, "out", Console(width=200))
    monkeypatch.setattr(keys, "out", Console(width=200))


def run(app: Typer, *words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def add_camille() -> str:
    """Open an account and answer the one-time password that was shown."""
    done = run(
        people.app, "add", ADDRESS, "--name", NAME, "--role", "advisor", "--advisor-id", "A1"
    )
    assert done.exit_code == 0, done.output
    [password] = re.findall(r"shown only now: (\S+)", done.output)
    return str(password)


def test_the_password_that_is_shown_opens_the_account_and_is_shown_once(
    context: AppContext,
) -> None:
    password = add_camille()

    assert sign_in(context, email=ADDRESS, password=password, network="").must_change_password
    assert password not in run(people.app, "list").output


@pytest.mark.usefixtures("context")
def test_people_are_listed_with_their_state() -> None:
    add_camille()
    assert "one-time password" in run(people.app, "list").output
    run(people.app, "disable", ADDRESS)
    shown = run(people.app, "list").output

    assert re.search(rf"{ADDRESS}.*{NAME}.*advisor.*A1.*disabled", shown)


def test_a_reset_shows_another_password_and_enable_lets_in_again(context: AppContext) -> None:
    first = add_camille()
    run(people.app, "disable", ADDRESS)
    assert run(people.app, "enable", ADDRESS).exit_code == 0
    done = run(people.app, "reset-password", ADDRESS)
    [second] = re.findall(r"shown only now: (\S+)", done.output)

    assert second != first
    assert sign_in(context, email=ADDRESS, password=second, network="").must_change_password


@pytest.mark.usefixtures("context")
def test_an_account_for_the_provider_only_shows_no_password() -> None:
    done = run(people.app, "add", ADDRESS, "--name", NAME, "--role", "data", "--no-with-password")
    assert "the OpenID provider lets them in" in done.output
    assert "shown only now" not in done.output


@pytest.mark.usefixtures("context")
def test_mistakes_are_reported_by_the_errors_of_the_service() -> None:
    add_camille()
    again = run(people.app, "add", ADDRESS, "--name", NAME, "--role", "data")

    assert isinstance(again.exception, ConflictError)
    assert isinstance(run(people.app, "disable", "nobody@example.org").exception, NotFoundError)
    assert run(people.app, "add", ADDRESS, "--name", NAME, "--role", "king").exit_code == 2


def test_a_key_is_shown_once_listed_and_revoked(context: AppContext) -> None:
    scopes = ("--scope", "score", "--scope", "records:write")
    done = run(keys.app, "add", "--name", "Ypareo", *scopes, "--expires-days", "30")
    [shown] = re.findall(r"Shown only now: (\S+)", done.output)
    with context.store.reading() as connection:
        key = api_keys.verify(connection, settings=context.settings, text=shown, now=context.now())

    assert key.scopes == {"score", "records:write"}
    listed = run(keys.app, "list").output
    assert re.search(rf"{key.key_id}.*Ypareo.*records:write score.*never.*in use", listed)
    assert shown not in listed
    run(keys.app, "revoke", key.key_id)
    assert "revoked" in run(keys.app, "list").output


@pytest.mark.usefixtures("context")
def test_a_key_needs_a_scope_that_exists() -> None:
    assert run(keys.app, "add", "--name", "Ypareo").exit_code == 2
    assert run(keys.app, "add", "--name", "Ypareo", "--scope", "everything").exit_code == 2


@pytest.mark.parametrize("secret", [None, "too short"])
def test_without_a_secret_no_command_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIGIE_SECRET_KEY", raising=False)
    if secret:
        monkeypatch.setenv("VIGIE_SECRET_KEY", secret)
    for app in (people.app, keys.app):
        refused = run(app, "list").exception
        assert isinstance(refused, SettingsError)
        assert str(refused).startswith("settings: VIGIE_SECRET_KEY")
        assert "too short" not in str(refused)
    assert list(tmp_path.iterdir()) == [], "nothing was opened"


def test_every_option_of_these_commands_has_help() -> None:
    from typer.main import get_command

    for app in (people.app, keys.app):
        for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
            assert (command.help or "").endswith("."), name
            assert [p.name for p in command.params if not getattr(p, "help", None)] == []
