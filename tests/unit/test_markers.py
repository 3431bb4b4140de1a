"""Marked values sent through every operation leave no trace in logs, errors and audit details."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from features.common.errors import VigieError
from serving.actors import COMMAND
from serving.context import House
from serving.operations.directory import name_person
from serving.operations.export import export_extract
from serving.operations.feedback import give_feedback
from serving.operations.privacy import erase_person
from serving.operations.records import keep_contract, keep_event, keep_interview, keep_outcome
from serving.queries.handout import explanation
from serving.scoring.rescoring import rescore
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


def send_everything(house: House, folder: Path) -> None:
    keep_contract(house, actor=COMMAND, record=marked_contract())
    keep_interview(house, actor=COMMAND, record=marked_interview())
    keep_event(house, actor=COMMAND, record=marked_event())
    name_person(house, actor=COMMAND, person_id=PERSON, given_name=MARK, family_name=MARK)
    give_feedback(house, actor=COMMAND, contract_id=CONTRACT_ID, kind="agree", comment=MARK)
    rescore(house, actor=COMMAND)
    explanation(house, actor=COMMAND, contract_id=CONTRACT_ID)
    keep_outcome(house, actor=COMMAND, record=marked_outcome())
    export_extract(house, actor=COMMAND, folder=folder / "extract", key=b"k" * 32)


def test_no_trace_of_a_marked_value_is_left(
    house: House,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    send_everything(house, tmp_path)
    erase_person(house, actor=COMMAND, person_id=PERSON)
    printed = capfd.readouterr()

    assert len(audit_details(house)) >= 9
    assert_unmarked(audit_details(house))
    assert_unmarked([record.getMessage() for record in caplog.records])
    assert_unmarked([printed.out, printed.err])


FAULTS: dict[str, Callable[[House], object]] = {
    "another person's contract": lambda house: keep_contract(
        house, actor=COMMAND, record=marked_contract(person_id=f"other-{MARK}")
    ),
    "known tomorrow": lambda house: keep_contract(
        house, actor=COMMAND, record=marked_contract(known_on=house.today + timedelta(days=1))
    ),
    "no such contract": lambda house: keep_interview(
        house, actor=COMMAND, record=marked_interview(contract_id=f"none-{MARK}")
    ),
    "no such person": lambda house: erase_person(house, actor=COMMAND, person_id=f"none-{MARK}"),
    "no such case": lambda house: explanation(house, actor=COMMAND, contract_id=f"none-{MARK}"),
    "an unknown answer": lambda house: give_feedback(
        house, actor=COMMAND, contract_id=CONTRACT_ID, kind=MARK, comment=MARK
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_repeats_no_marked_value(house: House, fault: str) -> None:
    keep_contract(house, actor=COMMAND, record=marked_contract())
    with pytest.raises(VigieError) as caught:
        FAULTS[fault](house)

    assert_unmarked([str(caught.value)])
