"""Deliveries of training centres: what the next one no longer says, and who is no longer in it.

A delivery is partial unless it is said to be full. Both rules look at days, never at the order of
import: the same deliveries leave the same store, in whatever order they come.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from features.common.errors import InputError
from features.records.rows import OutcomeRow, Row, Versions
from serving.actors import Actor
from serving.context import AppContext
from serving.store import contract_summaries, deliveries
from serving.store.contract_summaries import ContractSummary
from serving.store.deliveries import Delivery
from serving.store.engine import Connection

MOST_LOST = 0.2  # more of a centre's learners than this do not vanish between two deliveries
NEAREST_DAYS = 92  # a start that was corrected moves less; two contracts of one employer lie apart
FIRST_MONTH = 8  # a school year begins in August


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def with_stored_ids(connection: Connection, incoming: Versions) -> Versions:
    """Return a delivery under the contract ids of the store.

    A contract is its learner, its employer and the nearest start: one whose start was corrected
    since comes under another id, while the stored one is not in the delivery any more.
    """
    sent = {row.contract_id: row for row in incoming.contracts}
    stored = deliveries.contracts_of_persons(connection, {row.person_id for row in sent.values()})
    known = {one.contract_id for one in stored}
    names: dict[str, str] = {}
    for contract_id, row in sent.items():
        same = [
            (abs((one.started_on - row.started_on).days), one.contract_id)
            for one in stored
            if (one.person_id, one.employer_siret) == (row.person_id, row.employer_siret)
            and one.contract_id not in sent
            and one.contract_id not in names.values()
        ]
        if contract_id not in known and same and min(same)[0] <= NEAREST_DAYS:
            names[contract_id] = min(same)[1]
    return _renamed(incoming, names) if names else incoming


def _renamed(incoming: Versions, names: Mapping[str, str]) -> Versions:
    def moved(rows: Iterable[Row]) -> list[Row]:
        return [r._replace(contract_id=names.get(r.contract_id, r.contract_id)) for r in rows]

    return Versions.by_type(
        {
            "contracts": moved(incoming.contracts),
            "interviews": moved(incoming.interviews),
            "events": moved(incoming.events),
            "outcomes": moved(incoming.outcomes),
        }
    )


def with_gone_ends(connection: Connection, incoming: Versions, before: Versions) -> Versions:
    """Return a delivery with a withdrawal for each end that it, or a later one, no longer tells.

    An end that was recorded otherwise (by an advisor, by the API) is left alone.
    """
    ids = sorted({row.contract_id for row in incoming.contracts})
    seen, reported = deliveries.delivered_days(connection, ids)
    for contract in incoming.contracts:
        seen.setdefault(contract.contract_id, set()).add(contract.known_on)
    for end in incoming.outcomes:
        reported.setdefault(end.contract_id, set()).add(end.known_on)
    gone: list[OutcomeRow] = []
    for contract_id, ends in _ends(before, incoming).items():
        days = reported.get(contract_id, set())
        for day in sorted(seen.get(contract_id, set()) - days):
            earlier = [end for end in ends if end.known_on < day]
            if earlier and earlier[-1].known_on in days:
                gone.append(earlier[-1]._replace(known_on=day, withdrawn=True))
    return Versions(
        incoming.contracts, incoming.interviews, incoming.events, [*incoming.outcomes, *gone]
    )


def _ends(before: Versions, incoming: Versions) -> dict[str, list[OutcomeRow]]:
    """Every end that was reported of each contract, by day."""
    found: dict[str, list[OutcomeRow]] = {}
    for end in sorted((*before.outcomes, *incoming.outcomes), key=lambda row: row.known_on):
        if not end.withdrawn:
            found.setdefault(end.contract_id, []).append(end)
    return found


def expect_whole(connection: Connection, incoming: Versions, *, confirm: bool) -> list[Delivery]:
    """Return the full deliveries of a file, one per centre, unless they lose too many learners.

    Raises InputError: rows of several days; or a centre of which more than a fifth of the learners
    vanished, without `confirm`.
    """
    found = []
    for centre in sorted(deliveries.centres_of(incoming)):
        rows = [row for row in incoming.contracts if row.training_centre_uai == centre]
        days = {row.known_on for row in rows}
        if len(days) > 1:
            raise InputError(
                f"import: expected a full delivery of one day, got rows of {len(days)}; "
                "import older deliveries by themselves"
            )
        delivery = Delivery(centre, school_year(day := days.pop()), day, len(rows))
        _expect_most(connection, delivery, {row.contract_id for row in rows}, confirm=confirm)
        found.append(delivery)
    return found


def _expect_most(
    connection: Connection, delivery: Delivery, sent: set[str], *, confirm: bool
) -> None:
    ids = deliveries.contracts_of_centre(connection, delivery.training_centre_uai)
    running = [
        one.contract_id
        for one in contract_summaries.of_ids(connection, ids)
        if one.known_on < delivery.received_on and _should_be_in(one, delivery.received_on)
    ]
    lost = len(set(running) - sent)
    if lost > MOST_LOST * len(running) and not confirm:
        raise InputError(
            f"import: expected most of the {len(running)} learners of a centre in its full "
            f"delivery, got one without {lost} of them; confirm it if that is right"
        )


def record_full(
    connection: Connection, context: AppContext, *, actor: Actor, found: Sequence[Delivery]
) -> list[str]:
    """Store full deliveries and return the contracts that are in, or out of, one anew."""
    changed: list[str] = []
    for delivery in found:
        deliveries.add(connection, delivery, recorded_at=context.now(), recorded_by=actor.name)
        centre = delivery.training_centre_uai
        days = deliveries.days_by_centre(connection, [centre])
        ids = deliveries.contracts_of_centre(connection, centre)
        rows = [
            {"key": one.contract_id, "not_transmitted_since": since}
            for one in contract_summaries.of_ids(connection, ids)
            if (since := not_transmitted_since(one, days)) != one.not_transmitted_since
        ]
        contract_summaries.save_scores(connection, rows)
        changed += [str(row["key"]) for row in rows]
    return changed


def not_transmitted_since(
    contract: ContractSummary, days: Mapping[str, Sequence[date]]
) -> date | None:
    """Return the day of the first full delivery that a contract should be in and is not."""
    if contract.last_seen_on is None:
        return None
    missing = (
        day
        for day in days.get(contract.training_centre_uai or "", ())
        if day > contract.last_seen_on and _should_be_in(contract, day)
    )
    return next(missing, None)


def _should_be_in(contract: ContractSummary, day: date) -> bool:
    ended = contract.ended_on is not None and contract.ended_on < day
    return contract.started_on <= day < contract.planned_end_on and not ended
