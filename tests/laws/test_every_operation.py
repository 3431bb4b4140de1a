"""Every write is written whole, with its audit line, or not at all."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from features.common.errors import StoreError
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract
from serving.store.tables import audit, metadata
from tests.lib.contexts import contract
from tests.lib.every_operation import OPERATIONS, PREPARE

ROOM = Path("serving")
WAYS_TO_WRITE = (".writing()", ".audited(", "_by(")
NOT_BY_THE_CONTEXT = {
    "auth/last_uses.py": "when a key was last used changes nothing for anybody",
    "store/migrate.py": "before there is an audit",
    "webhooks/delivery.py": "what becomes of a message, whose assessment was audited",
    "scoring/micro_batching.py": "one line for each of several actors",
    "scoring/nightly_run.py": "one line a run, whose number is known on the way only",
    "scoring/rescoring.py": "one line a chunk, of a run or of no run",
    "operations/records.py": "a repeat writes nothing",
    "operations/imports.py": "a file of repeats writes nothing",
    "operations/privacy.py": "the line goes under the name that erasing gives",
    "runtime/import_runner.py": "that an import goes on; what it writes and its end are audited",
    "operations/backup.py": "reads in the writing transaction, and restores the audit itself",
    "operations/export.py": "the line comes first: reading everything takes minutes",
}
FAILING_AUDIT = {
    "sqlite": [
        (
            "CREATE TRIGGER no_audit BEFORE INSERT ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit fails'); END"
        )
    ],
    "postgresql": [
        (
            "CREATE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit fails'; END $$"
        ),
        "CREATE TRIGGER no_audit BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no_audit()",
    ],
}


def everything(context: AppContext) -> dict[str, list[tuple[object, ...]]]:
    """The content of every table."""
    with context.store.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


@pytest.fixture
def started(context: AppContext) -> AppContext:
    keep_contract(context, actor=COMMAND, record=contract())
    return context


def prepare(context: AppContext, name: str) -> None:
    if name in PREPARE:
        PREPARE[name](context)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_failing_audit_leaves_nothing_written(started: AppContext, name: str) -> None:
    prepare(started, name)
    with started.store.writing() as connection:
        for statement in FAILING_AUDIT[connection.dialect.name]:
            connection.execute(text(statement))
    before = everything(started)
    with pytest.raises((DBAPIError, StoreError)):
        OPERATIONS[name](started)
    assert everything(started) == before


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_leaves_an_audit_line_that_names_who_and_when(
    started: AppContext, name: str
) -> None:
    prepare(started, name)
    before = everything(started)["audit"]
    OPERATIONS[name](started)
    with started.store.reading() as connection:
        lines = connection.execute(select(audit).order_by(audit.c.id)).mappings().all()
    added = lines[len(before) :]
    assert added
    assert all(line["actor"] and line["action"] and line["at"] for line in added)


def test_every_function_that_writes_is_in_the_table() -> None:
    """A write that nobody listed would be a write that nobody checks."""
    writers = {
        function.name
        for room in ("operations", "scoring", "queries")
        for path in (ROOM / room).rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and any(way in ast.unparse(function) for way in WAYS_TO_WRITE)
    }
    # `rescore` writes chunk by chunk, `score_cases` is where a file of cases is scored.
    assert writers - {"write_chunk", "score_cases"} <= set(OPERATIONS)


def test_a_write_is_audited_by_the_context_or_says_why_not() -> None:
    """What opens a transaction of its own might forget the audit."""
    bare = {
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        if ".writing()" in path.read_text(encoding="utf-8")
    }
    assert bare - {"context.py"} == set(NOT_BY_THE_CONTEXT)
