"""A backup is one moment of the store, and comes back whole or not at all, on either database."""

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from features.common.errors import ConflictError, InputError, StorageError, StoreError
from serving.actors import COMMAND, Actor, Scope
from serving.auth.errors import ForbiddenError
from serving.context import AppContext
from serving.operations.backup import back_up, restore
from serving.operations.directory import name_organisation, name_person
from serving.operations.records import keep_contract, keep_interview
from serving.queries.assessments import changed_assessments
from serving.store.tables import metadata
from tests.laws.test_every_operation import FAILING_AUDIT
from tests.lib.contexts import contract, interview, open_context
from tests.lib.databases import database
from tests.lib.read_once import read

Content = dict[str, list[tuple[object, ...]]]
MOVED = ("audit", "assessments")  # a line more; the server's own numbers of transactions


def content(context: AppContext) -> Content:
    with context.store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def fill(context: AppContext) -> None:
    for number in range(3):
        keep_contract(context, actor=COMMAND, record=contract(f"C{number}"))
    note = "« accentué »\u2028 et sur\ndeux lignes"
    keep_interview(context, actor=COMMAND, record=interview(contract_id="C1", note=note))
    name_person(context, actor=COMMAND, person_id="P-C1", given_name="Ada", family_name="L'Été")


@contextmanager
def another_context(kind: str, folder: Path, bundles: Path) -> Iterator[AppContext]:
    with database(kind, folder) as url, open_context(url, bundles) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_comes_back_the_same_on_either_database(
    context: AppContext, kind: str, tmp_path: Path, bundles: Path
) -> None:
    fill(context)
    path = tmp_path / "backup.zip"
    written = back_up(context, actor=COMMAND, path=path)
    before = content(context)
    with another_context(kind, tmp_path, bundles) as other:
        assert restore(other, actor=COMMAND, path=path) == written
        after = content(other)
        saved = keep_contract(other, actor=COMMAND, record=contract("C9"))
        seen = read(other, changed_assessments, after_id=0, limit=100)

    same = [name for name in before if name not in MOVED]
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert [row[:-1] for row in after["assessments"]] == [row[:-1] for row in before["assessments"]]
    assert len(after["audit"]) == len(before["audit"]) + 1
    assert saved.assessment is not None
    assert saved.assessment.id > max(int(str(row[0])) for row in before["assessments"])
    assert [one.contract_id for one in seen] == ["C0", "C1", "C2", "C1", "C9"]


def test_only_its_owner_may_read_a_backup(context: AppContext, tmp_path: Path) -> None:
    back_up(context, actor=COMMAND, path=tmp_path / "backup.zip")

    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0


def test_a_backup_made_during_writes_is_one_moment(
    context: AppContext, tmp_path: Path, bundles: Path
) -> None:
    """An organisation is always written after its person: never the one without the other."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            name_person(
                context, actor=COMMAND, person_id=f"P{number:05}", given_name="A", family_name="B"
            )
            name_organisation(context, actor=COMMAND, organisation_id=f"{number:05}", name="C")
            number += 1
            if number > 20:
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(60)
    back_up(context, actor=COMMAND, path=tmp_path / "backup.zip")
    stop.set()
    writer.join()
    with another_context("sqlite", tmp_path, bundles) as other:
        restore(other, actor=COMMAND, path=tmp_path / "backup.zip")
        stored = content(other)

    persons, organisations = len(stored["persons"]), len(stored["organisations"])
    assert persons - organisations in {0, 1}
    assert len(stored["audit"]) == persons + organisations + 2
    assert len(content(context)["persons"]) > 20


def test_a_store_that_holds_rows_is_replaced_only_when_asked(
    context: AppContext, tmp_path: Path
) -> None:
    fill(context)
    path = tmp_path / "backup.zip"
    back_up(context, actor=COMMAND, path=path)
    stored = content(context)
    keep_contract(context, actor=COMMAND, record=contract("C-late"))
    later = content(context)
    with pytest.raises(ConflictError, match="--replace"):
        restore(context, actor=COMMAND, path=path)
    assert content(context) == later
    restore(context, actor=COMMAND, path=path, replace=True)

    assert content(context)["contracts"] == stored["contracts"]


def test_a_restore_that_fails_leaves_what_was_there(context: AppContext, tmp_path: Path) -> None:
    fill(context)
    path = tmp_path / "backup.zip"
    back_up(context, actor=COMMAND, path=path)
    keep_contract(context, actor=COMMAND, record=contract("C-late"))
    with context.store.writing() as connection:
        for statement in FAILING_AUDIT[connection.dialect.name]:
            connection.execute(text(statement))
    before = content(context)
    with pytest.raises((DBAPIError, StoreError)):
        restore(context, actor=COMMAND, path=path, replace=True)

    assert content(context) == before


@pytest.fixture
def small(tmp_path: Path, bundles: Path) -> Iterator[AppContext]:
    with another_context("sqlite", tmp_path, bundles) as opened:
        fill(opened)
        yield opened


def rewritten(path: Path, *, member: str, change: tuple[bytes, bytes]) -> Path:
    """The same archive with one member changed, its checksums right."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(*change) if name == member else data)
    return other


def test_a_file_that_is_no_whole_backup_is_refused(small: AppContext, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    back_up(small, actor=COMMAND, path=path)
    data = path.read_bytes()
    before = content(small)
    faulty = {
        "altered": rewritten(path, member="persons.ndjson", change=(b"Ada", b"Eve")),
        "other columns": rewritten(path, member="manifest.json", change=(b'"columns": "', b'"c')),
        "cut": tmp_path / "cut.zip",
        "text": tmp_path / "text.zip",
    }
    faulty["cut"].write_bytes(data[: len(data) // 2])
    faulty["text"].write_text("no archive")
    for file in faulty.values():
        with pytest.raises(InputError, match="backup: expected"):
            restore(small, actor=COMMAND, path=file, replace=True)
    with pytest.raises(StorageError):
        restore(small, actor=COMMAND, path=tmp_path / "nowhere.zip", replace=True)

    assert content(small) == before


def test_no_machine_and_no_person_may(small: AppContext, tmp_path: Path) -> None:
    key = Actor("key:1", scopes=frozenset(Scope))
    with pytest.raises(ForbiddenError):
        back_up(small, actor=key, path=tmp_path / "backup.zip")
    with pytest.raises(ForbiddenError):
        restore(small, actor=key, path=tmp_path / "backup.zip", replace=True)

    assert not (tmp_path / "backup.zip").exists()
