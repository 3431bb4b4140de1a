"""Who saw a case: a line of the audit, at most one an hour for each person and contract."""

from datetime import timedelta

from features.common.errors import NotFoundError
from serving.actors import Actor
from serving.context import House
from serving.store import audit, records, standings

ONCE_IN = timedelta(hours=1)
ACTION = "view_case"


def record_view(house: House, *, actor: Actor, contract_id: str) -> bool:
    """Keep that the actor was shown a case; answers whether a line was added.

    Loading a page again within the hour adds nothing, and then nothing is written at all. Call it
    before showing: raises NotFoundError for a contract the actor may not see, StoreError when the
    line cannot be written, and then the case is not to be shown.
    """
    since, subject = house.now() - ONCE_IN, f"contract:{contract_id}"
    with house.store.reading() as connection:
        seen = standings.visible_to(actor)
        if standings.find(connection, contract_id, seen=seen) is None:
            raise NotFoundError("contract: expected one that is yours to see, got another id")
        if audit.is_told(connection, actor=actor.name, action=ACTION, subject=subject, since=since):
            return False
    with house.store.writing() as connection:
        records.lock_contract(connection, contract_id)  # two pages at once add one line
        if audit.is_told(connection, actor=actor.name, action=ACTION, subject=subject, since=since):
            return False
        audit.write(connection, at=house.now(), actor=actor.name, action=ACTION, subject=subject)
    return True
