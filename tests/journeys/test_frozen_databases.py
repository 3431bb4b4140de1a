"""A database filled by an old commit, brought up to date, answers what it answered then.

Later versions may say more (a key of JSON, a column of a table); what was said stays.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from serving.app import create_app
from tests.lib import frozen
from tests.lib.api import Api
from tests.lib.commands import BINARIES, ENVIRONMENT
from tests.lib.contexts import SECRET, Clock, open_context
from tests.lib.databases import bare_database
from tests.lib.frozen import Rows, rows_of
from tests.lib.sign_in_site import token_of

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)  # of the day the old commit was asked
KINDS = ("sqlite", "postgresql")
GIVEN, BEFORE = frozen.frozen()["given"], frozen.frozen()["answers"]
PROJECTIONS = {"standings", "history_steps"}  # can be rebuilt from the other tables
USED = {"last_seen_at", "last_used_at"}  # of sessions and keys: the tests use them


@dataclass(frozen=True)
class Old:
    """A database of the old commit at a URL, brought up to date, and its rows before that."""

    url: str
    folder: Path
    rows: Rows

    def command(self, *words: object) -> str:
        """Return what a command prints."""
        return _run(self.url, self.folder, *words)

    @contextmanager
    def site(self, bundles: Path | None = None) -> Iterator["Site"]:
        """Open the service at the moment the old commit was asked; without a model unless given."""
        clock = Clock(NOON)
        with open_context(self.url, bundles or self.folder / "none", clock=clock) as context:
            site = Site(create_app(context), [])
            try:
                yield site
            finally:
                for asked in site.made:
                    asked.close()


@dataclass(frozen=True)
class Site:
    """The service, and those who ask it with what the old commit gave them."""

    app: Any
    made: list[Api]

    def with_key(self, name: str) -> Api:
        """Ask with an API key of then."""
        return self._made(headers={"Authorization": f"Bearer {GIVEN[name]}"})

    def signed_in(self, name: str) -> Api:
        """Ask in a browser that was signed in then."""
        return self._made(headers={"Cookie": f"vigie={GIVEN['sessions'][name]}"})

    def stranger(self) -> Api:
        """Ask in a new browser."""
        return self._made()

    def _made(self, **options: Any) -> Api:
        self.made.append(Api(self.app, **options))
        return self.made[-1]


@pytest.fixture(scope="module", params=KINDS)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Old]:
    """An old database for tests that keep nothing in it but views and sign-ins."""
    with _brought_up_to_date(request.param, tmp_path_factory.mktemp("old")) as old:
        yield old


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    """An old database of the test's own."""
    with _brought_up_to_date(request.param, tmp_path) as made:
        yield made


@contextmanager
def _brought_up_to_date(kind: str, folder: Path) -> Iterator[Old]:
    with bare_database(kind, folder) as url:
        frozen.load(kind, url)
        before = rows_of(url)
        _run(url, folder, "migrate")
        yield Old(url, folder, before)


def _run(url: str, folder: Path, *words: object) -> str:
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": url, "BUNDLES": str(folder / "none")}
    variables = {f"VIGIE_{name}": value for name, value in settings.items()}
    # A process of its own: a table is as wide as the terminal was when its module was imported.
    done = subprocess.run(  # noqa: S603 - our own command
        [BINARIES / "vigie", *map(str, words)],
        env={**ENVIRONMENT, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_row_is_lost_or_altered(read: Old) -> None:
    now = rows_of(read.url)
    for table in read.rows.keys() - PROJECTIONS:
        before = read.rows[table]
        assert before, f"{table}: the old database has rows in every table"
        columns = before[0].keys() - USED
        stored = {_values(row, columns) for row in now[table]}
        assert [row for row in before if _values(row, columns) not in stored] == [], table


def _values(row: dict[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    """What a row holds in some columns, which it may have lost since."""
    return tuple(repr(row.get(name, "no such column")) for name in sorted(columns))


def test_assessments_and_the_feed_are_what_they_were(read: Old) -> None:
    with read.site() as site:
        machine = site.with_key("machine")
        now = frozen.ask_assessments(machine, list(BEFORE["assessments"]))
        catalogue_hash = machine.get("/v1/features").json()["hash"]
        assert frozen.differences(_named(BEFORE["assessments"], catalogue_hash), now) == []
        assert frozen.differences(BEFORE["feed"], frozen.ask_feed(machine)) == []
        for filters, feed in BEFORE["feeds"].items():
            asked = frozen.ask_feed(machine, **json.loads(filters))
            assert frozen.differences(feed, asked) == [], filters


def _named(before: dict[str, Any], catalogue_hash: str) -> dict[str, Any]:
    """Under another catalogue the contributions of then have lost the names of their features."""
    expected = json.loads(json.dumps(before))
    for answer in expected.values():
        if answer["assessment"] and answer["assessment"]["catalogue_hash"] != catalogue_hash:
            answer["assessment"]["contributions"] = None
    return dict(expected)


def test_the_feed_holds_every_assessment_of_the_histories() -> None:
    numbers = [item["id"] for a in BEFORE["assessments"].values() for item in a["history"] or ()]
    assert sorted(numbers) == BEFORE["feed"]["numbers"]


def test_worklists_are_what_they_were(read: Old) -> None:
    """Rows by contract: the draw of the week has another rule since, and remarks say more."""
    with read.site() as site:
        for name, lists in BEFORE["worklists"].items():
            person = site.signed_in(name)
            for query, rows in lists.items():
                before, now = (
                    frozen.by_contract(rows),
                    frozen.by_contract(frozen.ask_worklist(person, query)),
                )
                assert before.keys() == now.keys(), name
                assert frozen.differences(frozen.facts_of(before), frozen.facts_of(now)) == [], name
                lost = [
                    c
                    for c, row in before.items()
                    if not frozen.remarks_of(row) <= frozen.remarks_of(now[c])
                ]
                assert lost == [], name


def test_cases_are_shown_to_whom_they_were_with_what_was_written(read: Old) -> None:
    with read.site() as site:
        for name, cases in BEFORE["cases"].items():
            now = frozen.ask_cases(site.signed_in(name), list(cases), BEFORE["texts"])
            assert frozen.differences(cases, now) == [], name


def test_the_audit_shows_what_it_showed(read: Old) -> None:
    with read.site() as site:
        now = frozen.ask_audit(site.signed_in("administrator"))
    now = now[-len(BEFORE["audit"]) :]  # newest first: what was added since comes before
    assert [_without_words(line) for line in now] == [_without_words(x) for x in BEFORE["audit"]]
    # Words may be rewritten; two actions never become one, nor one two.
    pairs = {(x["action"], line["action"]) for x, line in zip(BEFORE["audit"], now, strict=True)}
    assert len(pairs) == len({old for old, _ in pairs}) == len({new for _, new in pairs})


def _without_words(line: dict[str, str]) -> dict[str, str]:
    return {name: line[name] for name in ("at", "actor", "subject")}


def test_commands_list_what_they_listed(read: Old) -> None:
    for words, rows in BEFORE["commands"].items():
        now = frozen.table_of(read.command(*words.split()))
        assert frozen.differences(rows, now) == [], words


def test_an_extract_holds_what_it_held(read: Old) -> None:
    key = read.folder / "key"
    key.write_text("0" * 64)
    key.chmod(0o600)
    read.command("export", read.folder / "extract", "--key-file", key)
    assert frozen.differences(BEFORE["extract"], frozen.read_extract(read.folder / "extract")) == []


def test_who_could_come_in_still_can_and_nobody_else(read: Old) -> None:
    with read.site() as site:
        assert site.with_key("lasting").get("/v1/assessments").status_code == 200
        assert site.with_key("expired").get("/v1/features").status_code == 401
        assert site.with_key("revoked").get("/v1/features").status_code == 401
        assert _enter(site.stranger(), GIVEN["emails"]["other"]) == 303
        assert _enter(site.stranger(), "ancien@example.org") == 401
        assert _enter(site.stranger(), GIVEN["failing"]) == 429  # too many failures just before


def _enter(browser: Api, email: str) -> int:
    form = {"email": email, "password": GIVEN["password"]}
    token = token_of(browser.get("/connexion"))
    return browser.post("/connexion", data={**form, "csrf_token": token}).status_code


def test_life_goes_on(old: Old, bundles: Path) -> None:
    """A record sent again is known; a new one is stored, and assessed after what was there."""
    contract_id, last = "X/DEUX:1", BEFORE["feed"]["numbers"][-1]
    before = BEFORE["assessments"][contract_id]["assessment"]
    known = {"event_id": "X-E4", "contract_id": contract_id, "kind": "warning"}
    known |= {"happened_on": "2026-02-24", "known_on": "2026-02-25"}
    with old.site(bundles) as site:
        machine = site.with_key("machine")
        again = machine.post("/v1/events", json=known)
        assert (again.status_code, again.json()["assessment"]["id"]) == (200, before["id"])
        new = machine.post("/v1/events", json={**known, "event_id": "X-E5"})
        assert new.status_code == 201
        made = new.json()["assessment"]
        assert made["id"] > last
        assert made["previous_id"] == before["id"]
        fresh = machine.get(
            "/v1/assessments", params={"changed_since": BEFORE["feed"]["cursors"][-1]}
        )
        assert [item["id"] for item in fresh.json()["items"]] == [made["id"]]
