"""What advisors answered to an assessment; never changes a score by itself."""

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select

from serving.store.tables import feedback


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


def of_contract(connection: Connection, contract_id: str) -> list[RowMapping]:
    """Return every answer on a contract, the latest first."""
    query = select(feedback).where(feedback.c.contract_id == contract_id)
    return list(connection.execute(query.order_by(feedback.c.id.desc())).mappings())
