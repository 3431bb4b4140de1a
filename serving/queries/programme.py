"""Who may enter a programme on a morning and why not, the log of its draws, follow-ups due."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from features.programme.draw import Assignment
from features.programme.draw_log import LoggedPlan
from features.programme.eligibility import Rule, draw_rules, failing_rules
from features.programme.plan import Programme
from features.programme.records import EnrolmentRow, FollowUpRow
from features.programme.strata import stratum_of
from features.records.declarations import CONTRACT, OUTCOME
from features.records.rows import ContractRow, OutcomeRow
from serving.actors import Role
from serving.auth.rights import require
from serving.context import ReadSession
from serving.queries.case_summary import names_of
from serving.store import contract_summaries, programme, records
from serving.store.contract_summaries import ContractSummary
from serving.store.programme import FrozenPlan

PERSONS_WHO_ENROL = (Role.ADVISOR, Role.COORDINATOR)
FOLLOW_UP_DAYS = {"end": 0, "6_months": 183, "12_months": 365}  # after the planned end
LATE_DAYS = 90  # after which an answer is about another moment
ANSWERED = ("answered", "refused")
R = TypeVar("R", ContractRow, OutcomeRow)


@dataclass(frozen=True)
class Candidate:
    """A contract as known on a morning, and what stands against its person entering."""

    contract: ContractRow
    stratum: str | None
    status: str | None  # of the enrolment, None where there is none
    unmet: tuple[Rule, ...]  # of the rules about the contract
    against_entry: tuple[Rule, ...]  # those, and being in the programme already
    against_draw: tuple[Rule, ...]  # those about the contract, and its signature


def candidates(
    reads: ReadSession, plan: Programme, *, as_of: date, person_id: str | None = None
) -> list[Candidate]:
    """Return the contracts under way on a morning that the actor may see, by contract.

    Known is what was recorded before that morning. With `person_id`, only theirs, over or not.
    Raises ForbiddenError unless the actor may enrol.
    """
    require(reads.actor, roles=PERSONS_WHO_ENROL)
    enrolled = programme.enrolments_in_force(
        reads.connection, programme=plan.code, person_id=person_id
    )
    statuses = {row.person_id: row.status for row in enrolled}
    found = (
        _candidate(plan, contract, outcome, statuses.get(contract.person_id), as_of)
        for contract, outcome in _known_contracts(reads, as_of, person_id)
    )
    return [one for one in found if person_id is not None or Rule.CONTRACT_ENDED not in one.unmet]


def _candidate(
    plan: Programme,
    contract: ContractRow,
    outcome: OutcomeRow | None,
    status: str | None,
    as_of: date,
) -> Candidate:
    facts = {**contract._asdict(), "ended_on": outcome.ended_on if outcome else None}
    return Candidate(
        contract,
        stratum_of(plan, facts),
        status,
        failing_rules(plan, facts, as_of=as_of),
        failing_rules(plan, facts, as_of=as_of, already_in=status is not None),
        draw_rules(plan, facts, as_of=as_of),
    )


def _known_contracts(
    reads: ReadSession, as_of: date, person_id: str | None
) -> Iterator[tuple[ContractRow, OutcomeRow | None]]:
    seen = contract_summaries.visible_to(reads.actor)
    ids = programme.known_contracts(reads.connection, seen=seen, before=as_of, person_id=person_id)
    for part in records.slices(ids):
        contracts = _last(records.of_type(reads.connection, CONTRACT, part), as_of)
        outcomes = _last(records.of_type(reads.connection, OUTCOME, part), as_of)
        for contract_id, contract in sorted(contracts.items()):
            yield contract, outcomes.get(contract_id)


def _last(rows: Iterable[R], as_of: date) -> dict[str, R]:
    """Return the version of each contract that was in force on a morning."""
    known = {row.contract_id: row for row in rows if row.known_on < as_of}
    return {contract_id: row for contract_id, row in known.items() if not row.withdrawn}


@dataclass(frozen=True)
class DrawLog:
    """The draws of a programme: the plans they were made under and the lines in their order.

    A plan that is not closed comes without its seed.
    """

    plans: tuple[FrozenPlan, ...]
    lines: tuple[Assignment, ...]


def draw_log(reads: ReadSession, *, code: str) -> DrawLog:
    """Return the log of a programme; empty before the first draw. Raises ForbiddenError."""
    require(reads.actor, roles=(Role.COORDINATOR, Role.ADMINISTRATOR))
    return DrawLog(
        tuple(programme.plans(reads.connection, code)),
        tuple(programme.draw_log(reads.connection, code)),
    )


def for_an_outsider(log: DrawLog, *, alias: Callable[[str], str]) -> list[LoggedPlan]:
    """Return the log by plan, as a file may hold it: persons under an alias, seeds when closed."""
    return [
        LoggedPlan(
            frozen.plan,
            frozen.commitment,
            frozen.seed if frozen.closed_at is not None else None,
            tuple(
                replace(line, person_id=alias(f"person:{line.person_id}"), contract_id="")
                for line in log.lines
                if line.plan_hash == frozen.plan_hash
            ),
        )
        for frozen in log.plans
    ]


def waiting_for_draw(reads: ReadSession, plan: Programme) -> list[str]:
    """Return the persons who agreed and whose contract is signed, the first to agree first."""
    found = candidates(reads, plan, as_of=reads.context.next_morning)
    ready = {one.contract.person_id for one in found if not one.against_draw}
    queue = [
        row
        for row in programme.enrolments_in_force(reads.connection, programme=plan.code)
        if row.status == "agreed" and row.person_id in ready
    ]
    return [row.person_id for row in sorted(queue, key=lambda row: str(row.answered_on))]


@dataclass(frozen=True)
class DueFollowUp:
    """A person to ask at a moment: since when, how often nobody was reached, by whom."""

    name: str  # to show
    person_id: str
    contract_id: str
    advisor_id: str | None
    moment: str
    due_on: date
    attempts: int
    is_late: bool


def due_follow_ups(reads: ReadSession, *, on: date) -> list[DueFollowUp]:
    """Return the follow-ups due on a day of contracts the actor may see, the longest due first.

    Of everybody who was drawn, in either arm, and has not left the programme. One that nobody
    answered stays due.
    """
    require(reads.actor, roles=PERSONS_WHO_ENROL)
    drawn = [
        row
        for row in programme.enrolments_in_force(reads.connection)
        if row.drawn_on is not None and row.status != "withdrawn"
    ]
    if not drawn:
        return []
    asked: dict[tuple[str, str], list[FollowUpRow]] = {}
    for answer in programme.follow_ups_in_force(reads.connection):
        asked.setdefault((answer.person_id, answer.moment), []).append(answer)
    seen = contract_summaries.visible_to(reads.actor)
    summaries = programme.summaries_of_drawn(reads.connection, seen=seen)
    names = names_of(reads, list(summaries.values()))
    due = (
        replace(one, name=names.of_person(summaries[row.contract_id]))
        for row in {row.person_id: row for row in drawn}.values()
        if row.contract_id in summaries
        for one in _due(row, summaries[row.contract_id], asked, on)
    )
    return sorted(due, key=lambda one: (one.due_on, one.person_id, one.moment))


def _due(
    row: EnrolmentRow,
    contract: ContractSummary,
    asked: dict[tuple[str, str], list[FollowUpRow]],
    on: date,
) -> Iterator[DueFollowUp]:
    for moment in FOLLOW_UP_DAYS:
        due_on = follow_up_day(contract, moment)
        before = asked.get((row.person_id, moment), [])
        if due_on > on or any(answer.answer in ANSWERED for answer in before):
            continue
        late = on > due_on + timedelta(days=LATE_DAYS)
        advisor = contract.advisor_id
        yield DueFollowUp(
            row.person_id,
            row.person_id,
            row.contract_id,
            advisor,
            moment,
            due_on,
            len(before),
            late,
        )


def follow_up_day(contract: ContractSummary, moment: str) -> date:
    """Return the day from which a person is asked: 6 and 12 months count from the planned end."""
    if moment == "end" and contract.ended_on is not None:
        return min(contract.ended_on, contract.planned_end_on)
    return contract.planned_end_on + timedelta(days=FOLLOW_UP_DAYS[moment])
