"""The draw: concealed, once, for good; its log gives the same arms to whoever has the seed."""

import threading
from datetime import date
from pathlib import Path

import pytest

from features.common.errors import ConflictError, InputError, NotFoundError
from features.programme.draw import commitment, disagreements
from features.programme.draw_log import read_log, replay, write_log
from features.programme.plan import Design, Programme
from serving.actors import COMMAND, Actor, Role
from serving.auth.errors import ForbiddenError
from serving.context import AppContext
from serving.operations.aliases import alias_of
from serving.operations.draws import close_draw, draw_person
from serving.operations.enrolments import ProgrammeRefusal
from serving.operations.privacy import erase_person
from serving.operations.records import keep_contract, keep_outcome
from serving.queries.programme import DrawLog, draw_log, for_an_outsider, waiting_for_draw
from serving.store import audit, programme
from serving.store.audit import Action
from tests.lib.contexts import TODAY, contract, outcome
from tests.lib.enrolments import agreed, drawn, informed, small_plan
from tests.lib.read_once import read

PLAN = small_plan()
REFUSED = ProgrammeRefusal


def draw(context: AppContext, person_id: str, plan: Programme = PLAN, **how: bool) -> None:
    draw_person(context, actor=COMMAND, plan=plan, person_id=person_id, **how)


def refused_draw(
    context: AppContext, person_id: str, plan: Programme = PLAN, **how: bool
) -> ProgrammeRefusal:
    """Why a draw was refused; the attempt has its line of the audit."""
    with pytest.raises(ConflictError) as refusal:
        draw(context, person_id, plan, **how)
    with context.store.reading() as connection:
        [line] = audit.search(connection, action=Action.REFUSE_DRAW, limit=1)
    assert line.subject == f"person:{person_id}"
    assert line.details == {"programme": plan.code, "why": refusal.value.code}
    assert isinstance(refusal.value.code, ProgrammeRefusal)
    return refusal.value.code


def log_of(context: AppContext) -> DrawLog:
    return read(context, draw_log, code=PLAN.code)


def test_the_arms_fill_as_the_seed_says_and_the_draw_closes(context: AppContext) -> None:
    made = [drawn(context, PLAN, number) for number in range(1, 5)]

    assert [one.froze_plan for one in made] == [True, False, False, False]
    assert [one.closed for one in made] == [False, False, False, True]
    assert sorted(one.line.arm for one in made) == ["comparison"] * 2 + ["supported"] * 2
    log = log_of(context)
    [frozen] = log.plans
    assert log.lines == tuple(one.line for one in made)
    assert disagreements(log.lines, plan=PLAN, seed=frozen.seed) == ()
    assert commitment(frozen.seed) == frozen.commitment
    assert refused_draw(context, agreed(context, PLAN, 5)) is REFUSED.DRAW_CLOSED


def test_nobody_is_drawn_twice_and_the_attempt_is_audited(context: AppContext) -> None:
    first = drawn(context, PLAN)
    assert refused_draw(context, "P-C1") is REFUSED.DRAWN_ALREADY
    assert log_of(context).lines == (first.line,)


def test_who_was_erased_is_not_drawn_again_and_keeps_the_places_of_the_others(
    context: AppContext,
) -> None:
    drawn(context, PLAN)
    before = drawn(context, PLAN, 2)
    erase_person(context, actor=COMMAND, person_id="P-C1")
    log = log_of(context)
    assert log.lines[1] == before.line
    assert "P-C1" not in repr(log.lines)
    assert disagreements(log.lines, plan=PLAN, seed=log.plans[0].seed) == ()
    assert refused_draw(context, agreed(context, PLAN)) is REFUSED.DRAWN_ALREADY


def test_only_who_agreed_with_a_signed_contract_still_running_is_drawn(
    context: AppContext,
) -> None:
    assert refused_draw(context, informed(context, PLAN)) is REFUSED.NOT_IN_QUEUE
    unsigned = agreed(context, PLAN, 2, signed_on=None)
    assert read(context, waiting_for_draw, plan=PLAN) == []
    assert refused_draw(context, unsigned) is REFUSED.NOT_ELIGIBLE
    ended = agreed(context, PLAN, 3)
    assert read(context, waiting_for_draw, plan=PLAN) == [ended]
    keep_outcome(context, actor=COMMAND, record=outcome("C3"))
    assert refused_draw(context, ended) is REFUSED.NOT_ELIGIBLE
    with pytest.raises(NotFoundError):
        draw(context, "P-nobody")
    assert log_of(context) == DrawLog((), ())


def test_a_plan_changed_after_the_draw_is_a_new_version(context: AppContext) -> None:
    drawn(context, PLAN)
    person_id = agreed(context, PLAN, 2)
    longer = small_plan(per_arm=3)
    assert refused_draw(context, person_id, longer, new_version=True) is REFUSED.PLAN_CHANGED
    renamed = small_plan(per_arm=3, version="2026.2")
    assert refused_draw(context, person_id, renamed) is REFUSED.PLAN_CHANGED
    draw(context, person_id, renamed, new_version=True)
    assert refused_draw(context, agreed(context, PLAN, 3)) is REFUSED.OLDER_PLAN
    old, new = log_of(context).plans
    assert old.closed_at is not None
    assert new.closed_at is None
    assert old.seed != new.seed
    assert {line.plan_hash for line in log_of(context).lines} == {PLAN.hash, renamed.hash}


def test_each_stratum_has_blocks_of_its_own(context: AppContext) -> None:
    groups = {"level_3": ("3",), "level_4": ("4", "5")}
    plan = small_plan(per_arm=10, strata=({"column": "level_prepared", "groups": groups},))
    lines = [
        drawn(context, plan, number, level_prepared=level).line
        for number, level in enumerate((3.0, 3.0, 4.0), start=1)
    ]
    assert [(line.stratum, line.position) for line in lines] == [
        ("level_3", 0),
        ("level_3", 1),
        ("level_4", 0),
    ]


def test_the_contract_of_the_draw_is_the_one_that_was_signed(context: AppContext) -> None:
    """Somebody is informed with one contract and signs another."""
    person_id = agreed(context, PLAN, signed_on=None)
    other = contract("C9", person_id=person_id, training_centre_uai="0491234A")
    keep_contract(context, actor=COMMAND, record=other)
    draw(context, person_id)
    with context.store.reading() as connection:
        [row] = programme.enrolments_in_force(connection, person_id=person_id)
    assert (row.contract_id, row.site, row.status) == ("C9", "0491234A", "drawn")


def test_a_programme_without_a_draw_draws_nobody(context: AppContext) -> None:
    plan = small_plan(design=Design.MATCHED, draw=None)
    person_id = agreed(context, plan)
    with pytest.raises(InputError, match="randomised"):
        draw(context, person_id, plan)
    assert log_of(context) == DrawLog((), ())


def test_a_coordinator_draws_and_only_others_close(context: AppContext) -> None:
    person_id = agreed(context, PLAN)
    advisor = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
    with pytest.raises(ForbiddenError):
        draw_person(context, actor=advisor, plan=PLAN, person_id=person_id)
    draw(context, person_id)
    coordinator = Actor("account:2", role=Role.COORDINATOR, account_id=2, site="Nantes")
    with pytest.raises(ForbiddenError):
        close_draw(context, actor=coordinator, code=PLAN.code)
    administrator = Actor("account:3", role=Role.ADMINISTRATOR, account_id=3)
    close_draw(context, actor=administrator, code=PLAN.code)
    assert refused_draw(context, agreed(context, PLAN, 2)) is REFUSED.DRAW_CLOSED
    with pytest.raises(ConflictError):
        close_draw(context, actor=administrator, code=PLAN.code)


def test_the_seed_is_shown_once_the_draw_is_closed(context: AppContext, tmp_path: Path) -> None:
    drawn(context, PLAN)
    alias = alias_of(context, purpose="log")
    write_log(tmp_path / "log.json", for_an_outsider(log_of(context), alias=alias))
    text = (tmp_path / "log.json").read_text(encoding="utf-8")
    seed = log_of(context).plans[0].seed
    assert seed not in text
    assert seed not in repr(log_of(context))
    [logged] = read_log(tmp_path / "log.json")
    with pytest.raises(InputError, match="closed"):
        replay(logged)
    close_draw(context, actor=COMMAND, code=PLAN.code)
    write_log(tmp_path / "log.json", for_an_outsider(log_of(context), alias=alias))
    [logged] = read_log(tmp_path / "log.json")
    assert replay(logged).hash == PLAN.hash
    assert "P-C1" not in text


def test_two_who_draw_the_same_person_at_once_draw_them_once(context: AppContext) -> None:
    persons = [agreed(context, PLAN, number) for number in (1, 2)]
    refusals: list[ConflictError] = []

    def both() -> None:
        for person_id in persons:
            try:
                draw(context, person_id)
            except ConflictError as refusal:
                refusals.append(refusal)

    threads = [threading.Thread(target=both) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = log_of(context)
    assert sorted(line.person_id for line in log.lines) == persons
    assert [refusal.code for refusal in refusals] == [REFUSED.DRAWN_ALREADY] * 2
    assert disagreements(log.lines, plan=PLAN, seed=log.plans[0].seed) == ()


def test_the_day_of_the_draw_is_the_day_it_was_made(context: AppContext) -> None:
    assert drawn(context, PLAN).line.drawn_on == TODAY
    assert date(2026, 3, 16) == TODAY
