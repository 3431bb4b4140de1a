"""What advisors answered to an assessment; never changes a score by itself."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from serving.store.tables import feedback


@dataclass(frozen=True)
class Feedback:
    """An answer as it is stored."""

    id: int
    contract_id: str
    assessment_id: int | None
    kind: str
    reason: str | None
    comment: str | None = field(repr=False)
    until: date | None
    actor: str
    made_at: datetime


def add(
    connection: Connection,
    *,
    contract_id: str,
    assessment_id: int | None,
    kind: str,
    reason: str | None,
    comment: str | None,
    until: date | None,
    actor: str,
    now: datetime,
) -> int:
    """Keep an answer and return its number."""
    row = {
        "contract_id": contract_id,
        "assessment_id": assessment_id,
        "kind": kind,
        "reason": reason,
        "comment": comment,
        "until": until,
        "actor": actor,
        "made_at": now,
    }
    return int(connection.execute(insert(feedback).returning(feedback.c.id), row).scalar_one())


def of_contract(connection: Connection, contract_id: str) -> list[Feedback]:
    """Return every answer on a contract, the latest first."""
    query = select(feedback).where(feedback.c.contract_id == contract_id)
    return [Feedback(*row) for row in connection.execute(query.order_by(feedback.c.id.desc()))]
