"""Erasing leaves nothing of a person but that it was done."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import COMMAND, Actor, Role, Scope
from serving.auth.errors import ForbiddenError
from serving.context import AppContext
from serving.operations.directory import name_person
from serving.operations.feedback import give_feedback
from serving.operations.follow_ups import Answer, keep_follow_up
from serving.operations.privacy import erase_person, persons_due, retain
from serving.operations.records import keep_contract, keep_event, keep_interview, keep_outcome
from serving.operations.suspension import resume_scoring, suspend_scoring
from serving.store import history, outbox
from serving.store.tables import audit, metadata
from tests.lib.contexts import Clock, contract, event, interview, open_context, outcome
from tests.lib.databases import database
from tests.lib.enrolments import drawn, small_plan
from tests.lib.every_operation import some_endpoint

MARK = "Zphyrine"


def fill(context: AppContext, *, mark: str = MARK) -> None:
    """A person with everything that can be stored of somebody."""
    ids = {"contract_id": f"C-{mark}"}
    record = contract(f"C-{mark}", person_id=f"P-{mark}")
    keep_contract(context, actor=COMMAND, record=record)
    note = {"note": f"{mark} parle", **ids}
    keep_interview(context, actor=COMMAND, record=interview(f"I-{mark}", **note))
    keep_event(context, actor=COMMAND, record=event(f"E-{mark}", **ids))
    name_person(
        context, actor=COMMAND, person_id=f"P-{mark}", given_name=mark, family_name=f"Du{mark}"
    )
    give_feedback(context, actor=COMMAND, kind="agree", comment=mark, **ids)
    keep_outcome(context, actor=COMMAND, record=outcome(f"C-{mark}"))


def content(context: AppContext) -> dict[str, list[tuple[object, ...]]]:
    with context.store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def sums(context: AppContext) -> dict[tuple[str, str], tuple[float, ...]]:
    """What is known of the past of every entity, those with no past left out."""
    with context.store.reading() as connection:
        rows = history.all_sums_before(connection, day=100_000)
    return {(row[0], row[1]): tuple(row[2:]) for row in rows if any(row[2:])}


def test_nothing_of_the_person_is_left_in_any_table(context: AppContext) -> None:
    some_endpoint(context)
    fill(context)
    assert any(MARK in repr(rows) for rows in content(context).values())
    with context.store.reading() as connection:
        assert outbox.depth(connection).waiting > 0

    erased = erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")

    assert erased.counts["contracts"] == erased.counts["interviews"] == 1
    assert [name for name, rows in content(context).items() if MARK in repr(rows)] == []


def test_of_who_was_drawn_the_log_keeps_an_alias_alone(context: AppContext) -> None:
    """The others' places in the log depend on theirs."""
    drawn(context, small_plan(), 1, person_id=f"P-{MARK}")
    line = content(context)["draws"][0]
    erased = erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")

    assert erased.counts["enrolments"] == 3
    assert [name for name, rows in content(context).items() if MARK in repr(rows)] == []
    [left] = content(context)["draws"]
    assert [a for a, b in zip(line, left, strict=True) if a != b] == [f"P-{MARK}", "C1"]


def test_who_a_programme_asked_lately_stays(context: AppContext, clock: Clock) -> None:
    ends = {"started_on": date(2025, 9, 8), "planned_end_on": date(2026, 3, 20)}
    drawn(context, small_plan(), 1, **ends)
    clock.move(days=400)
    reply = Answer("P-C1", "12_months", context.today, "unreachable")
    keep_follow_up(context, actor=COMMAND, reply=reply)
    clock.move(days=700)
    assert persons_due(context, actor=COMMAND) == []
    clock.move(days=40)
    assert retain(context, actor=COMMAND).persons == 1
    assert content(context)["follow_ups"] == content(context)["enrolments"] == []


def test_the_others_are_left_as_if_the_person_had_never_been(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract("C-other"))
    before, rows = sums(context), content(context)["contracts"]
    fill(context)
    assert sums(context) != before
    erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")

    assert sums(context) == before
    assert content(context)["contracts"] == rows


def test_the_audit_keeps_that_it_was_done_and_what_was_done_before(context: AppContext) -> None:
    fill(context)
    erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")

    with context.store.reading() as connection:
        lines = connection.execute(select(audit).order_by(audit.c.id)).mappings().all()
    last = lines[-1]
    assert last["action"] == "erase_person"
    assert last["subject"].startswith("person:erased-")
    assert last["details"]["rows"]["events"] == 1
    actions = [
        line["action"] for line in lines if (line["subject"] or "").startswith("contract:era")
    ]
    assert actions[0] == "keep_contract"
    assert len({line["subject"] for line in lines if line["action"].startswith("keep_")}) == 1


def test_the_file_of_the_database_holds_nothing_either(tmp_path: Path, bundles: Path) -> None:
    """SQLite would leave what was deleted readable in its free pages."""
    with database("sqlite", tmp_path) as url:
        path = Path(str(make_url(url).database))
        with open_context(url, bundles) as context:
            fill(context)
            erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    assert MARK.encode() not in path.read_bytes()


def test_a_person_who_is_not_stored_is_not_found_and_leaves_no_line(context: AppContext) -> None:
    with pytest.raises(NotFoundError):
        erase_person(context, actor=COMMAND, person_id="P-nobody")

    assert content(context)["audit"] == []


def test_a_number_is_never_given_twice(context: AppContext) -> None:
    """Who follows the feed by number would miss an assessment under an old number."""
    fill(context)
    last = max(row[0] for row in content(context)["assessments"])
    erase_person(context, actor=COMMAND, person_id=f"P-{MARK}")
    saved = keep_contract(context, actor=COMMAND, record=contract())

    assert saved.assessment is not None
    assert saved.assessment.id > last


def test_two_years_after_the_last_contact_a_person_is_forgotten(
    context: AppContext, clock: Clock
) -> None:
    fill(context)
    keep_contract(context, actor=COMMAND, record=contract("C-kept"))
    clock.move(days=700)
    assert persons_due(context, actor=COMMAND) == []
    clock.move(days=40)
    [due] = persons_due(context, actor=COMMAND)
    assert due.person_id == f"P-{MARK}"
    erased = retain(context, actor=COMMAND)

    assert erased.persons == 1
    assert [name for name, rows in content(context).items() if MARK in repr(rows)] == []
    assert len(content(context)["contracts"]) == 1


def test_a_person_with_a_later_contract_stays_whole(context: AppContext, clock: Clock) -> None:
    fill(context)
    clock.move(days=740)
    days = {"started_on": date(2027, 9, 1), "planned_end_on": date(2028, 8, 31)}
    record = contract("C-new", person_id=f"P-{MARK}", known_on=date(2027, 9, 1), **days)
    keep_contract(context, actor=COMMAND, record=record)

    assert retain(context, actor=COMMAND).persons == 0
    assert len(content(context)["contracts"]) == 2


def test_many_persons_go_in_batches(context: AppContext, clock: Clock) -> None:
    for number in range(60):
        name_person(context, actor=COMMAND, person_id=f"P{number}", given_name="A", family_name="B")
    clock.move(days=731)
    done: list[int] = []
    erased = retain(context, actor=COMMAND, progress=done.append)

    assert erased.persons == 60
    assert done == [50, 10]
    assert content(context)["persons"] == []


def test_old_messages_are_forgotten(context: AppContext, clock: Clock) -> None:
    number = some_endpoint(context)
    with context.store.writing() as connection:
        outbox.enqueue(connection, [{"contract_id": "C1"}], topic="t", now=context.now())
        outbox.mark_all_dead(connection, endpoint_id=number, error="status 410", now=context.now())
    retain(context, actor=COMMAND)
    assert len(content(context)["outbox"]) == 1
    clock.moment += timedelta(days=31)
    retain(context, actor=COMMAND)

    assert content(context)["outbox"] == []


@pytest.mark.parametrize(
    "actor",
    [
        Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1"),
        Actor("account:2", role=Role.DATA, account_id=2),
        Actor("key:1", scopes=frozenset({Scope.RECORDS_WRITE, Scope.ASSESSMENTS_READ})),
    ],
    ids=lambda actor: actor.name,
)
def test_only_an_administrator_may(context: AppContext, actor: Actor) -> None:
    fill(context)
    before = content(context)
    with pytest.raises(ForbiddenError):
        erase_person(context, actor=actor, person_id=f"P-{MARK}")
    with pytest.raises(ForbiddenError):
        retain(context, actor=actor)
    with pytest.raises(ForbiddenError):
        suspend_scoring(context, actor=actor, why="pour voir")

    assert content(context) == before


def test_scoring_is_suspended_once_with_a_reason_and_lifted_once(context: AppContext) -> None:
    with pytest.raises(InputError):
        suspend_scoring(context, actor=COMMAND, why="  ")
    with pytest.raises(ConflictError):
        resume_scoring(context, actor=COMMAND)
    suspend_scoring(context, actor=COMMAND, why="contrôle")
    with pytest.raises(ConflictError):
        suspend_scoring(context, actor=COMMAND, why="encore")
    assert keep_contract(context, actor=COMMAND, record=contract()).assessment is None
    resume_scoring(context, actor=COMMAND)

    assert keep_contract(
        context, actor=COMMAND, record=contract(weekly_hours=30.0, known_on=context.today)
    ).assessment
