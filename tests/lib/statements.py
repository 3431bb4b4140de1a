"""Counting what a request asks of the database: transactions that begin, and statements in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from serving.store.engine import WRITES, Store


@dataclass
class Counted:
    """The transactions of a request in their order, `read` or `write`, and its statements."""

    transactions: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@contextmanager
def counting(store: Store) -> Iterator[Counted]:
    """Count whatever any thread asks of a store."""
    counted = Counted()

    def begun(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        counted.transactions.append("write" if writes else "read")

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted.statements.append(statement)

    event.listen(store.engine, "begin", begun)
    event.listen(store.engine, "before_cursor_execute", executed)
    try:
        yield counted
    finally:
        event.remove(store.engine, "begin", begun)
        event.remove(store.engine, "before_cursor_execute", executed)
