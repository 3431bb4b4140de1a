"""What every refusal of the API has in common: a whole problem, nothing quoted, nothing kept."""

from typing import Any

from sqlalchemy import func, select

from serving.context import AppContext
from serving.store.tables import (
    assessments,
    contracts,
    events,
    feedback,
    interviews,
    organisations,
    outcomes,
    persons,
)

MARK = "ZZmarquéZZ"
TABLES_OF_RECORDS = (
    contracts,
    interviews,
    events,
    outcomes,
    persons,
    organisations,
    assessments,
    feedback,
)


def rows(context: AppContext) -> int:
    """How many rows of records and assessments the store holds."""
    with context.store.reading() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES_OF_RECORDS
        )


def refused(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem of an answer, which is whole, stable, and quotes nothing marked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = dict(answer.json())
    assert problem["type"] == f"urn:vigie:problem:{kind}"
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["x-request-id"]
    assert MARK not in answer.text
    return problem
