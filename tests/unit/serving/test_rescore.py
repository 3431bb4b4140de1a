"""Rescoring every open contract: whole, resumable, and silent when nothing changed."""

from datetime import timedelta

import pytest

from features.common.errors import InputError
from features.records.rows import EventRow
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract, keep_event, keep_interview, keep_outcome
from serving.operations.suspension import suspend_scoring
from serving.queries.assessments import assessment_history, latest_assessment
from serving.queries.cases import case_file
from serving.scoring import nightly_run
from serving.scoring.nightly_run import rescore
from tests.lib.contexts import TODAY, Clock, contract, event, interview, outcome
from tests.lib.read_once import read

NUMBER = 7


@pytest.fixture
def caseload(context: AppContext) -> AppContext:
    for number in range(NUMBER):
        keep_contract(context, actor=COMMAND, record=contract(f"C{number}"))
    keep_interview(context, actor=COMMAND, record=interview(contract_id="C1"))
    keep_outcome(context, actor=COMMAND, record=outcome("C2"))
    return context


def events_of(context: AppContext, contract_id: str) -> list[EventRow]:
    return read(context, case_file, contract_id=contract_id).versions.events


def test_a_second_run_of_the_day_adds_nothing(caseload: AppContext) -> None:
    rescore(caseload, actor=COMMAND, chunk=3)
    run = rescore(caseload, actor=COMMAND, chunk=3)
    assert (run.contracts, run.scored, run.unchanged) == (NUMBER - 1, 0, NUMBER - 1)


def test_the_next_day_every_open_contract_is_assessed_anew(
    caseload: AppContext, clock: Clock
) -> None:
    clock.move(days=1)
    run = rescore(caseload, actor=COMMAND, chunk=3)
    assert (run.contracts, run.scored) == (NUMBER - 1, NUMBER - 1)
    for number in (0, 1, 3):
        latest = read(caseload, latest_assessment, contract_id=f"C{number}")
        assert latest.as_of == TODAY + timedelta(days=2)
    ended = read(caseload, latest_assessment, contract_id="C2")
    assert ended.as_of == TODAY + timedelta(days=1)


def test_a_batch_gives_what_writing_one_by_one_gives(caseload: AppContext, clock: Clock) -> None:
    clock.move(days=1)
    rescore(caseload, actor=COMMAND)
    in_batch = read(caseload, latest_assessment, contract_id="C1")
    alone = keep_event(caseload, actor=COMMAND, record=event("E0", "C3")).assessment
    assert alone is not None
    saved = keep_event(caseload, actor=COMMAND, record=event("E0", "C3")).assessment
    assert saved is not None
    assert saved.id == alone.id
    rescore(caseload, actor=COMMAND)
    assert read(caseload, latest_assessment, contract_id="C3").id == alone.id
    assert read(caseload, latest_assessment, contract_id="C1").id == in_batch.id


def test_a_run_that_was_cut_short_goes_on_where_it_stopped(
    caseload: AppContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(days=1)

    class PowerCutError(Exception):
        """Stands for whatever stops a process between two chunks."""

    def stop(done: int, _total: int) -> None:
        if done >= 3:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        rescore(caseload, actor=COMMAND, chunk=3, progress=stop)
    looked_at: list[int] = []
    whole = nightly_run.write_chunk

    def counting(*args: object, **options: object) -> int:
        looked_at.append(len(options["done"].due))  # type: ignore[attr-defined]  # a Chunk
        return whole(*args, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(nightly_run, "write_chunk", counting)
    run = rescore(caseload, actor=COMMAND, chunk=3)
    assert sum(looked_at) == NUMBER - 1 - 3
    assert (run.contracts, run.scored) == (NUMBER - 1, NUMBER - 1)
    for number in (0, 1, 3, 4, 5, 6):
        history = read(caseload, assessment_history, contract_id=f"C{number}")
        assert [a.as_of for a in history if a.as_of > TODAY + timedelta(days=1)] == [
            TODAY + timedelta(days=2)
        ]


def test_what_was_recorded_during_the_run_is_not_overwritten(
    caseload: AppContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk that was read before a record came in must not hide that record."""
    clock.move(days=1)
    whole = nightly_run.write_chunk

    def recorded_meanwhile(*args: object, **options: object) -> int:
        keep_event(caseload, actor=COMMAND, record=event("E1", "C3"))
        return whole(*args, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(nightly_run, "write_chunk", recorded_meanwhile)
    run = rescore(caseload, actor=COMMAND)
    assert (run.scored, run.unchanged) == (NUMBER - 2, 1)
    latest = read(caseload, latest_assessment, contract_id="C3")
    monkeypatch.undo()
    assert [version.event_id for version in events_of(caseload, "C3")] == ["E1"]
    rescore(caseload, actor=COMMAND)
    after = read(caseload, latest_assessment, contract_id="C3")
    assert after.row_digest == latest.row_digest


def test_nothing_is_scored_while_scoring_is_suspended(caseload: AppContext) -> None:
    suspend_scoring(caseload, actor=COMMAND, why="essai")
    with pytest.raises(InputError, match="suspension"):
        rescore(caseload, actor=COMMAND)
