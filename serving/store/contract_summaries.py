"""Where each contract stands: one row per contract for lists, rewritten with every write."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    false,
    func,
    insert,
    select,
    true,
    update,
)

from features.records.rows import ContractRow, OutcomeRow, Versions, in_force
from serving.actors import Actor, Role, Scope
from serving.store.tables import accounts, contract_summaries, contracts

Seen = ColumnElement[bool]
Row = dict[str, Any]


@dataclass(frozen=True)
class ContractSummary:
    """A contract as lists show it."""

    contract_id: str
    person_id: str
    advisor_id: str | None
    known_on: date
    started_on: date
    planned_end_on: date
    employer_siret: str | None
    training_centre_uai: str | None
    ended_on: date | None
    last_held_on: date | None
    last_contact_on: date
    records_seq: int
    assessment_id: int | None
    as_of: date | None
    status: str | None
    level: str | None
    risk: float | None
    model_version: str | None
    scored_seq: int | None
    history_seq: int | None
    withdrawn: bool = False
    last_seen_on: date | None = None
    not_transmitted_since: date | None = None

    def is_open(self, morning: date) -> bool:
        """Return whether the contract still runs that morning: no end of it has passed."""
        over = self.ended_on is not None and self.ended_on < morning
        return not (over or self.withdrawn) and self.planned_end_on > morning

    def without_score(self) -> "ContractSummary":
        """Return the same contract with neither level nor risk."""
        return replace(self, level=None, risk=None)


def visible_to(actor: Actor) -> Seen:
    """Return which contracts an actor may see, as a condition on `contract_summaries`.

    An advisor: their own; a coordinator: those of their site's advisors; a machine that may read
    and a command: all; anybody else: none.
    """
    if actor.is_command or actor.scopes & {Scope.ASSESSMENTS_READ, Scope.ADMIN}:
        return true()
    if actor.role is Role.ADVISOR and actor.advisor_id is not None:
        return contract_summaries.c.advisor_id == actor.advisor_id
    if actor.role is Role.COORDINATOR and actor.site is not None:
        of_site = select(accounts.c.advisor_id).where(accounts.c.site == actor.site)
        return contract_summaries.c.advisor_id.in_(
            of_site.where(accounts.c.advisor_id.is_not(None))
        )
    return false()


def open_on(morning: date) -> Seen:
    """Contracts known before a morning, of which no end, declared or planned, has passed."""
    t = contract_summaries.c
    return (t.known_on < morning) & running_on(morning)


def running_on(morning: date) -> Seen:
    """Contracts that run on a morning; one whose known end still lies ahead does."""
    t = contract_summaries.c
    not_ended = t.ended_on.is_(None) | (t.ended_on >= morning)
    return (t.planned_end_on > morning) & not_ended & t.withdrawn.is_(False)


def due_on(morning: date) -> Seen:
    """Contracts to assess for a morning: the open ones, and those whose announced end came."""
    t = contract_summaries.c
    just_ended = (t.ended_on < morning) & (t.as_of <= t.ended_on) & t.level.is_not(None)
    return open_on(morning) | (just_ended & t.withdrawn.is_(False))


def find(
    connection: Connection, contract_id: str, *, seen: Seen | None = None
) -> ContractSummary | None:
    """Return one contract's contract_summary.

    None when there is none, or none that satisfies `seen`.
    """
    query = _FIND if seen is None else _FIND.where(seen)
    row = connection.execute(query, {"wanted": contract_id}).first()
    return None if row is None else ContractSummary(*row)


def where(
    connection: Connection, condition: Seen, *, limit: int | None = None
) -> list[ContractSummary]:
    """Standings that satisfy a condition, by contract."""
    query = (
        select(contract_summaries)
        .where(condition)
        .order_by(contract_summaries.c.contract_id)
        .limit(limit)
    )
    return [ContractSummary(*row) for row in connection.execute(query)]


def of_ids(connection: Connection, contract_ids: Sequence[str]) -> list[ContractSummary]:
    """Standings of some contracts, by contract."""
    return where(connection, contract_summaries.c.contract_id.in_(contract_ids))


def open_after(
    connection: Connection, contract_id: str, *, morning: date, limit: int
) -> list[ContractSummary]:
    """Return the next open contracts in order of id."""
    t = contract_summaries.c
    return where(
        connection,
        (t.contract_id > contract_id) & due_on(morning),
        limit=limit,
    )


def lock(connection: Connection, contract_ids: list[str]) -> dict[str, int]:
    """Hold these rows to the end of the transaction and return their `records_seq` as it is now."""
    t = contract_summaries.c
    query = (
        select(t.contract_id, t.records_seq)
        .where(t.contract_id.in_(contract_ids))
        .order_by(t.contract_id)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return {row[0]: row[1] for row in connection.execute(query)}


def count_open(connection: Connection, *, morning: date) -> int:
    """Number of open contracts."""
    query = select(func.count()).select_from(contract_summaries).where(due_on(morning))
    return int(connection.execute(query).scalar_one())


def save_all(connection: Connection, *, new: dict[str, Row], old: dict[str, Row]) -> None:
    """Write what the records say of many contracts, by contract."""
    if new:
        connection.execute(
            insert(contract_summaries), [{"contract_id": i, **v} for i, v in new.items()]
        )
    save_scores(connection, [{"key": i, **v} for i, v in old.items()])


def all_ids(connection: Connection) -> list[str]:
    """Return every contract that is stored."""
    return list(connection.execute(select(contract_summaries.c.contract_id)).scalars())


def all_persons(connection: Connection) -> list[str]:
    """Return every person with a contract that is stored."""
    return list(connection.execute(select(contract_summaries.c.person_id).distinct()).scalars())


def all_organisations(connection: Connection) -> tuple[dict[str, str | None], list[str]]:
    """Activity (NAF) of every employer by SIRET, and every training centre's UAI."""
    t = contracts.c
    employers = select(t.employer_siret, t.employer_naf).where(t.employer_siret.is_not(None))
    centres = select(t.training_centre_uai).where(t.training_centre_uai.is_not(None))
    return (
        {row[0]: row[1] for row in connection.execute(employers.distinct())},
        list(connection.execute(centres.distinct()).scalars()),
    )


def save_scores(connection: Connection, rows: list[Row]) -> None:
    """Write the last assessment of contracts; each row holds `key` and the columns to set."""
    if rows:
        names = [name for name in rows[0] if name != "key"]
        statement = update(contract_summaries).where(
            contract_summaries.c.contract_id == bindparam("key")
        )
        connection.execute(statement.values({n: bindparam(n) for n in names}), rows)


def summary(versions: Versions) -> Row:
    """Return what a list shows of a contract, off all versions of its records."""
    contract = versions.contracts[-1]
    outcome = next(iter(in_force(versions.outcomes, "contract_id")), None)
    interviews = in_force(versions.interviews, "interview_id")
    return {
        "person_id": contract.person_id,
        "advisor_id": contract.advisor_id,
        "known_on": versions.contracts[0].known_on,
        "started_on": contract.started_on,
        "planned_end_on": contract.planned_end_on,
        "employer_siret": contract.employer_siret,
        "training_centre_uai": contract.training_centre_uai,
        "ended_on": None if outcome is None else outcome.ended_on,
        "last_held_on": max((i.held_on for i in interviews if i.status == "held"), default=None),
        "last_contact_on": _last_contact(versions, contract, outcome),
        "records_seq": len(versions),
        "withdrawn": contract.withdrawn,
        "last_seen_on": contract.known_on,
    }


def of_row(contract_id: str, row: Row) -> ContractSummary:
    """Return the summary that a row made of records will be, not assessed yet."""
    blank = dict.fromkeys(field.name for field in fields(ContractSummary))
    return ContractSummary(**{**blank, "contract_id": contract_id, **row})


def _last_contact(versions: Versions, contract: ContractRow, outcome: OutcomeRow | None) -> date:
    """The latest day anything was learnt or done, or the end of the contract when that is later."""
    days = [row.known_on for row in versions]
    days += [row.held_on for row in versions.interviews]
    days += [row.happened_on for row in versions.events]
    days.append(contract.planned_end_on if outcome is None else outcome.ended_on)
    return max(days)


_FIND: Any = select(contract_summaries).where(
    contract_summaries.c.contract_id == bindparam("wanted")
)
