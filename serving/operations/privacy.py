"""Erasing a person, on request or when the retention period is over.

The audit keeps that it was done: its lines on the person name them by a keyed hash from then on.
Who holds the service's secret and the id again can find them; nobody can read the id off them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from features.common.errors import NotFoundError
from features.point_in_time.past_ruptures import ExposureIncrements
from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import AppContext
from serving.operations.aliases import alias_of
from serving.operations.import_jobs import forget_rejects
from serving.operations.record_writer import increments
from serving.store import audit, contract_summaries, erasure, history, imports, outbox, records
from serving.store.audit import Action
from serving.store.engine import Connection
from serving.store.erasure import DuePerson

PERSONS_AT_ONCE = 50
DAYS_PER_YEAR = 365.25
MESSAGES_RETENTION = timedelta(days=30)


@dataclass(frozen=True)
class Erased:
    """How many persons were erased, and how many rows by table."""

    persons: int
    counts: dict[str, int]


def erase_person(context: AppContext, *, actor: Actor, person_id: str) -> Erased:
    """Remove all that is stored of a person: records, assessments, answers, messages, names.

    The past of their employers, sectors and centres is counted without them from then on.
    Sending their records again would bring them back; backups hold them until they are replaced.

    Raises NotFoundError when nothing is stored of such a person; ForbiddenError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.store.writing() as connection:
        _lock(connection, [person_id])
        counts = _erase(connection, context, actor=actor, person_id=person_id, why="request")
        if not any(counts.values()):
            raise NotFoundError("person: expected one that is stored, got another id")
    return Erased(1, counts)


def persons_due(context: AppContext, *, actor: Actor) -> list[DuePerson]:
    """Whom `retain` would erase today; changes nothing."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.store.reading() as connection:
        return erasure.due_persons(connection, before=_limit(context))


def retain(
    context: AppContext, *, actor: Actor, progress: Callable[[int], None] | None = None
) -> Erased:
    """Erase every person whose last contact is older than `retention_years`.

    Names without a contract go when they are as old, webhook messages and the refused rows of
    imports 30 days after they ended. A few persons at a time, each batch whole or not at all; what
    was cut off goes on the next time.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    due = [person.person_id for person in persons_due(context, actor=actor)]
    due += _names_due(context)
    whole = Erased(0, {})
    for start in range(0, len(due), PERSONS_AT_ONCE):
        part = due[start : start + PERSONS_AT_ONCE]
        whole = _sum(whole, _retain_part(context, actor=actor, person_ids=part))
        if progress is not None:
            progress(len(part))
    _forget_messages(context, actor=actor)
    forget_rejects(context, actor=actor)
    return whole


def _retain_part(context: AppContext, *, actor: Actor, person_ids: Sequence[str]) -> Erased:
    """Erase those of a batch who are still due: somebody may have been in contact meanwhile."""
    erased = Erased(0, {})
    with context.store.writing() as connection:
        _lock(connection, person_ids)
        due = erasure.due_persons(connection, before=_limit(context), person_ids=person_ids)
        still = {person.person_id for person in due}
        for person_id in person_ids:
            if person_id in still or not erasure.contracts_of(connection, [person_id]):
                counts = _erase(
                    connection, context, actor=actor, person_id=person_id, why="retention"
                )
                erased = _sum(erased, Erased(int(any(counts.values())), counts))
    return erased


def _lock(connection: Connection, person_ids: Sequence[str]) -> None:
    """Make those who write of these persons wait: who keeps a record, and who rescores."""
    contract_ids = erasure.contracts_of(connection, person_ids)
    records.lock(connection, contract_ids)
    contract_summaries.lock(connection, contract_ids)


def _erase(
    connection: Connection, context: AppContext, *, actor: Actor, person_id: str, why: str
) -> dict[str, int]:
    contract_ids = erasure.contracts_of(connection, [person_id])
    for contract_id in contract_ids:
        share = increments(records.versions(connection, [contract_id]))
        history.replace_increments(connection, before=share, after=ExposureIncrements.of_rows([]))
    counts = erasure.delete_rows(connection, person_ids=[person_id], contract_ids=contract_ids)
    if not any(counts.values()):
        return counts
    imports.forget_rejects_of(connection, [person_id, *contract_ids])
    alias = alias_of(context)
    erasure.rename_in_draws(connection, person_id, contract_ids, alias=alias)
    subjects = [f"person:{person_id}", *(f"contract:{number}" for number in contract_ids)]
    erasure.rename_in_audit(connection, subjects, alias=alias)
    audit.write(
        connection,
        at=context.now(),
        actor=actor.name,
        action=Action.ERASE_PERSON,
        subject=alias(subjects[0]),
        details={"why": why, "rows": counts},
    )
    return counts


def _limit(context: AppContext) -> date:
    """Return the first day of last contact that is still kept."""
    return context.today - timedelta(days=round(context.settings.retention_years * DAYS_PER_YEAR))


def _names_due(context: AppContext) -> list[str]:
    limit = datetime.combine(_limit(context), time(), tzinfo=context.settings.zone)
    with context.store.reading() as connection:
        return erasure.forgotten_names(connection, before=limit)


def _forget_messages(context: AppContext, *, actor: Actor) -> None:
    with context.store.writing() as connection:
        forgotten = outbox.forget(connection, before=context.now() - MESSAGES_RETENTION)
        if forgotten:
            audit.write(
                connection,
                at=context.now(),
                actor=actor.name,
                action=Action.FORGET_MESSAGES,
                details={"messages": forgotten},
            )


def _sum(one: Erased, other: Erased) -> Erased:
    names = {**one.counts, **other.counts}
    counts = {name: one.counts.get(name, 0) + other.counts.get(name, 0) for name in names}
    return Erased(one.persons + other.persons, counts)
