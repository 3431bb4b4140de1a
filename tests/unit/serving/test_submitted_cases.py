"""Cases sent together: each is scored as it would be alone, and audited on its own line."""

import asyncio
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from features.common.errors import InputError
from serving.actors import COMMAND, Actor, Scope
from serving.context import AppContext
from serving.operations.records import keep_contract, keep_outcome
from serving.operations.suspension import suspend_scoring
from serving.predictor.scorer import Assessment
from serving.scoring.micro_batching import Result, ScoringQueue, Unscored
from serving.scoring.submitted import SubmittedCase, score_case, score_cases
from serving.store import audit
from serving.store.audit import Action
from tests.lib.contexts import TODAY, contract, event, interview, outcome, submitted_case

MACHINE = Actor("key:test", scopes=frozenset({Scope.SCORE}))
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def cases(context: AppContext) -> list[SubmittedCase]:
    """Cases that share names, entities and mornings in every way, with a past in the store."""
    known = date(2025, 9, 12)
    keep_contract(context, actor=COMMAND, record=contract("C0", known_on=known))
    keep_outcome(context, actor=COMMAND, record=outcome("C0"))
    mine, other = contract(), contract("C0", known_on=known)
    heard, absence = [interview(), interview("I2")], [event()]
    return [
        submitted_case(mine, heard, absence, as_of=TOMORROW),
        submitted_case(mine, [interview(rating_tutor=5.0)], absence, as_of=TOMORROW),
        submitted_case(other, heard, as_of=TOMORROW),
        submitted_case(mine, heard, absence, as_of=TODAY - timedelta(days=10)),
        submitted_case(contract("1", employer_siret=None), as_of=TOMORROW),
    ]


def comparable(assessment: Assessment) -> dict[str, Any]:
    """An assessment as comparable values."""
    plain = asdict(assessment)
    contributions = plain.pop("contributions")
    return {**plain, "contributions": None if contributions is None else contributions.tolist()}


def served(context: AppContext, cases: list[SubmittedCase]) -> list[Result | BaseException]:
    """Return what a queue returns when the cases come at the same moment."""

    async def ask() -> list[Result | BaseException]:
        queue = ScoringQueue(context)
        answers = (queue.score(case, actor=MACHINE) for case in cases)
        found = await asyncio.gather(*answers, return_exceptions=True)
        queue.close()
        return found

    return asyncio.run(ask())


def audited(context: AppContext) -> list[dict[str, Any]]:
    with context.store.reading() as connection:
        lines = audit.search(connection, actor=MACHINE.name, action=Action.SCORE_CASE)
        return [line.details for line in lines]


def test_the_company_a_case_is_in_changes_nothing(
    context: AppContext, cases: list[SubmittedCase]
) -> None:
    alone = [comparable(score_case(context, case)) for case in cases]
    together = [comparable(assessment) for assessment in score_cases(context, cases)]
    assert together == alone
    assert len({assessment["row_digest"] for assessment in alone}) == len(cases)


def test_what_comes_at_once_is_answered_in_its_order_with_a_line_of_audit_each(
    context: AppContext, cases: list[SubmittedCase]
) -> None:
    found = served(context, cases)
    assert [result.contract_id for result in found if isinstance(result, Assessment)] == [
        case.contract_id for case in cases
    ]
    assert [result.as_of for result in found if isinstance(result, Assessment)] == [
        case.as_of for case in cases
    ]
    assert audited(context) == [{"cases": 1, "suspended": False}] * len(cases)


def test_a_case_that_fails_takes_no_other_with_it(
    context: AppContext, cases: list[SubmittedCase]
) -> None:
    unknown = submitted_case(contract(known_on=TOMORROW), as_of=TOMORROW)
    first, failed, last = served(context, [cases[0], unknown, cases[1]])
    assert isinstance(failed, InputError)
    assert isinstance(first, Assessment)
    assert isinstance(last, Assessment)
    assert np.isfinite([first.risk or np.nan, last.risk or np.nan]).all()


def test_nothing_is_scored_while_scoring_is_suspended(
    context: AppContext, cases: list[SubmittedCase]
) -> None:
    suspend_scoring(context, actor=COMMAND, why="contrôle")
    assert served(context, cases[:2]) == [Unscored("contrôle")] * 2
    assert audited(context) == [{"cases": 1, "suspended": True}] * 2
