"""Marked values sent through every operation leave no trace in logs, errors and audit details."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from features.common.errors import VigieError
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.directory import name_person
from serving.operations.export import export_extract
from serving.operations.feedback import give_feedback
from serving.operations.handout import hand_out
from serving.operations.privacy import erase_person
from serving.operations.records import keep_contract, keep_event, keep_interview, keep_outcome
from serving.scoring.nightly_run import rescore
from tests.lib.markers import (
    CONTRACT_ID,
    MARK,
    assert_unmarked,
    audit_details,
    marked_contract,
    marked_event,
    marked_interview,
    marked_outcome,
)

PERSON = f"person_id-{MARK}"


def send_everything(context: AppContext, folder: Path) -> None:
    keep_contract(context, actor=COMMAND, record=marked_contract())
    keep_interview(context, actor=COMMAND, record=marked_interview())
    keep_event(context, actor=COMMAND, record=marked_event())
    name_person(context, actor=COMMAND, person_id=PERSON, given_name=MARK, family_name=MARK)
    give_feedback(context, actor=COMMAND, contract_id=CONTRACT_ID, kind="agree", comment=MARK)
    rescore(context, actor=COMMAND)
    hand_out(context, actor=COMMAND, contract_id=CONTRACT_ID)
    keep_outcome(context, actor=COMMAND, record=marked_outcome())
    export_extract(context, actor=COMMAND, folder=folder / "extract", key=b"k" * 32)


def test_no_trace_of_a_marked_value_is_left(
    context: AppContext,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    send_everything(context, tmp_path)
    erase_person(context, actor=COMMAND, person_id=PERSON)
    printed = capfd.readouterr()

    assert len(audit_details(context)) >= 9
    assert_unmarked(audit_details(context))
    assert_unmarked([record.getMessage() for record in caplog.records])
    assert_unmarked([printed.out, printed.err])


FAULTS: dict[str, Callable[[AppContext], object]] = {
    "another person's contract": lambda context: keep_contract(
        context, actor=COMMAND, record=marked_contract(person_id=f"other-{MARK}")
    ),
    "known tomorrow": lambda context: keep_contract(
        context, actor=COMMAND, record=marked_contract(known_on=context.today + timedelta(days=1))
    ),
    "no such contract": lambda context: keep_interview(
        context, actor=COMMAND, record=marked_interview(contract_id=f"none-{MARK}")
    ),
    "no such person": lambda context: erase_person(
        context, actor=COMMAND, person_id=f"none-{MARK}"
    ),
    "no such case": lambda context: hand_out(context, actor=COMMAND, contract_id=f"none-{MARK}"),
    "an unknown answer": lambda context: give_feedback(
        context, actor=COMMAND, contract_id=CONTRACT_ID, kind=MARK, comment=MARK
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_repeats_no_marked_value(context: AppContext, fault: str) -> None:
    keep_contract(context, actor=COMMAND, record=marked_contract())
    with pytest.raises(VigieError) as caught:
        FAULTS[fault](context)

    assert_unmarked([str(caught.value)])
