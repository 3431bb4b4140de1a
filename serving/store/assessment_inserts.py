"""Adding assessments: for the assessment writer alone, as an import contract holds."""

from typing import Any

from sqlalchemy import BigInteger, Connection, Text, cast, func, insert

from serving.store.tables import assessments


def add(connection: Connection, rows: list[dict[str, Any]]) -> list[int]:
    """Add assessments and return their numbers, in the order of `rows`."""
    if connection.dialect.name == "postgresql":
        statement = insert(assessments).values(
            transaction_id=cast(cast(func.pg_current_xact_id(), Text), BigInteger)
        )
    else:
        statement = insert(assessments)
    returning = statement.returning(assessments.c.id, sort_by_parameter_order=True)
    return [int(number) for number in connection.execute(returning, rows).scalars()]
