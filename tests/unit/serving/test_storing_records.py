"""Keeping records in a real store, and the assessment that follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.special import logit

from features.common.errors import ConflictError, InputError, NotFoundError
from models.sufficiency import NotAssessed
from serving.actors import COMMAND, Actor, Role, Scope
from serving.context import AppContext
from serving.operations.records import (
    SavedRecord,
    keep_contract,
    keep_event,
    keep_interview,
    keep_outcome,
)
from serving.operations.suspension import resume_scoring, suspend_scoring
from serving.predictor.champion import ModelInService
from serving.queries.assessments import assessment_history, changed_assessments, latest_assessment
from serving.queries.cases import case_file
from serving.queries.visibility import visible_contract
from serving.scoring.submitted import score_case
from serving.store import assessments
from tests.lib.contexts import (
    TODAY,
    Clock,
    contract,
    event,
    interview,
    outcome,
    submitted_case,
)
from tests.lib.read_once import read

MACHINE = Actor("key:test", scopes=frozenset({Scope.RECORDS_WRITE}))


def save(
    keep: Callable[..., SavedRecord], context: AppContext, record: dict[str, Any]
) -> SavedRecord:
    return keep(context, actor=COMMAND, record=record)


def test_a_contract_is_stored_and_assessed_for_tomorrow_morning(context: AppContext) -> None:
    done = save(keep_contract, context, contract())
    assert done.changed
    assert done.assessment is not None
    assert done.assessment.as_of == TODAY + timedelta(days=1)
    assert done.assessment.status == "assessed"
    assert read(context, latest_assessment, contract_id="C1") == done.assessment


def test_what_is_stored_adds_up_to_the_risk_that_is_shown(context: AppContext) -> None:
    save(keep_contract, context, contract())
    save(keep_interview, context, interview())
    found = read(context, latest_assessment, contract_id="C1")
    assert found.contributions is not None
    assert found.base_value is not None
    assert found.risk is not None
    total = found.base_value + found.contributions.sum()
    assert total == pytest.approx(logit(found.risk), abs=1e-9)


def test_sending_a_record_again_changes_nothing(context: AppContext) -> None:
    for keep, record in (
        (keep_contract, contract()),
        (keep_interview, interview()),
        (keep_event, event()),
        (keep_outcome, outcome()),
    ):
        first, again = save(keep, context, record), save(keep, context, record)
        assert first.changed
        assert not again.changed
        assert first.assessment is not None
        assert again.assessment is not None
        assert again.assessment.id == first.assessment.id


def test_without_known_on_a_repeat_on_a_later_day_changes_nothing(
    context: AppContext, clock: Clock
) -> None:
    record = contract(known_on=None)
    assert save(keep_contract, context, record).changed
    clock.move(days=2)
    assert not save(keep_contract, context, record).changed


def test_a_correction_of_the_same_day_is_the_version_that_counts(context: AppContext) -> None:
    save(keep_contract, context, contract())
    low = save(keep_interview, context, interview(rating_tutor=1.0)).assessment
    high = save(keep_interview, context, interview(rating_tutor=5.0)).assessment
    assert low is not None
    assert high is not None
    assert low.row_digest != high.row_digest
    versions = read(context, case_file, contract_id="C1").versions.interviews
    assert [version.rating_tutor for version in versions] == [1.0, 5.0]


def test_a_record_learnt_today_counts_tomorrow_and_not_before(context: AppContext) -> None:
    case = submitted_case(contract(), [interview(known_on=TODAY)], as_of=TODAY)
    this_morning = score_case(context, case)
    without = score_case(context, replace(case, interviews=[]))
    tomorrow = score_case(context, replace(case, as_of=TODAY + timedelta(days=1)))
    assert this_morning.row_digest == without.row_digest
    assert tomorrow.row_digest != without.row_digest


def test_the_stored_case_and_the_case_of_a_call_get_the_same_score(context: AppContext) -> None:
    save(keep_contract, context, contract("C0", known_on=date(2025, 9, 12)))
    save(keep_outcome, context, outcome("C0"))
    save(keep_contract, context, contract())
    stored = save(keep_interview, context, interview()).assessment
    case = submitted_case(contract(), [interview()], as_of=context.next_morning)
    called = score_case(context, case)
    assert stored is not None
    assert stored.row_digest == called.row_digest
    assert stored.risk == called.risk


def test_a_rupture_at_the_same_employer_moves_the_row_of_its_other_contracts(
    context: AppContext,
) -> None:
    first = save(keep_contract, context, contract()).assessment
    save(keep_contract, context, contract("C2", person_id="P2"))
    save(keep_outcome, context, outcome("C2"))
    again = save(keep_event, context, event()).assessment
    alone = save(keep_contract, context, contract("C3", employer_siret="99999999900011")).assessment
    assert first is not None
    assert again is not None
    assert alone is not None
    assert np.isfinite([first.risk or np.nan, again.risk or np.nan]).all()
    assert len({first.row_digest, again.row_digest, alone.row_digest}) == 3


def test_a_contract_that_ended_is_not_assessed_and_says_so(context: AppContext) -> None:
    save(keep_contract, context, contract())
    done = save(keep_outcome, context, outcome()).assessment
    assert done is not None
    assert (done.status, done.risk, done.level) == ("not_assessed", None, None)
    assert done.why_not is NotAssessed.ENDED


@pytest.mark.parametrize(
    ("keep", "record", "error"),
    [
        (keep_contract, contract(person_id="another"), ConflictError),
        (keep_interview, interview(contract_id="C2"), ConflictError),
        (keep_interview, interview("I9", "unknown"), NotFoundError),
        (keep_event, event("E9", "unknown"), NotFoundError),
        (keep_outcome, outcome("unknown"), NotFoundError),
        (keep_contract, contract(known_on=TODAY + timedelta(days=1)), InputError),
        (keep_interview, interview("I9", held_on=TODAY), InputError),
    ],
)
def test_what_contradicts_the_store_is_refused_and_not_stored(
    context: AppContext,
    keep: Callable[..., SavedRecord],
    record: dict[str, Any],
    error: type[Exception],
) -> None:
    save(keep_contract, context, contract())
    save(keep_contract, context, contract("C2"))
    save(keep_interview, context, interview())
    before = [read(context, case_file, contract_id=i).versions for i in ("C1", "C2")]
    with pytest.raises(error):
        save(keep, context, record)
    assert before == [read(context, case_file, contract_id=i).versions for i in ("C1", "C2")]


def test_without_a_usable_model_the_record_is_stored_and_the_case_not_assessed(
    context: AppContext, tmp_path: Any
) -> None:
    bare = replace(context, model=ModelInService(tmp_path))
    done = save(keep_contract, bare, contract())
    assert done.changed
    assert done.assessment is None
    assert done.why_not is NotAssessed.NO_MODEL


def test_a_suspension_hides_every_score_until_it_is_lifted(context: AppContext) -> None:
    save(keep_contract, context, contract())
    suspend_scoring(context, actor=COMMAND, why="essai")
    done = save(keep_interview, context, interview())
    assert done.changed
    assert done.assessment is None
    hidden = [
        read(context, latest_assessment, contract_id="C1"),
        *read(context, assessment_history, contract_id="C1"),
        *read(context, changed_assessments, after_id=0, limit=10),
    ]
    for assessment in hidden:
        assert assessment.status == "suspended"
        assert assessment.risk is assessment.level is assessment.contributions is None
        assert assessment.reasons == assessment.changes == []
    contract_summary = read(context, visible_contract, contract_id="C1")
    assert contract_summary.risk is contract_summary.level is None
    resume_scoring(context, actor=COMMAND)
    assert read(context, latest_assessment, contract_id="C1").risk is not None


def test_a_machine_that_may_write_only_may_not_read(context: AppContext) -> None:
    keep_contract(context, actor=MACHINE, record=contract())
    assert keep_interview(context, actor=MACHINE, record=interview()).changed
    with pytest.raises(NotFoundError):
        read(context, latest_assessment, actor=MACHINE, contract_id="C1")


def test_an_advisor_sees_and_writes_their_own_cases_only(context: AppContext) -> None:
    save(keep_contract, context, contract())
    own = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
    other = Actor("account:2", role=Role.ADVISOR, account_id=2, advisor_id="A2")
    none = Actor("account:3", role=Role.ADVISOR, account_id=3)
    data = Actor("account:4", role=Role.DATA, account_id=4)
    assert read(context, visible_contract, actor=own, contract_id="C1").contract_id == "C1"
    assert keep_interview(context, actor=own, record=interview()).changed
    for stranger in (other, none, data):
        with pytest.raises(NotFoundError):
            read(context, visible_contract, actor=stranger, contract_id="C1")
        with pytest.raises(NotFoundError):
            keep_interview(context, actor=stranger, record=interview("I2"))
        assert read(context, changed_assessments, actor=stranger, after_id=0, limit=10) == []


def test_changes_since_the_previous_assessment_are_reported_by_group(context: AppContext) -> None:
    save(keep_contract, context, contract())
    done = save(keep_interview, context, interview(rating_tutor=1.0)).assessment
    assert done is not None
    assert done.previous_id is not None
    assert done.contributions is not None
    with context.store.reading() as connection:
        first = assessments.by_ids(connection, [done.previous_id])[done.previous_id]
    assert first.contributions is not None
    moved = (done.contributions - first.contributions).sum()
    assert sum(change.change for change in done.changes) == pytest.approx(moved)
