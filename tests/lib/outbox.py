"""Messages put into the outbox, and what became of them."""

from sqlalchemy import RowMapping, select

from serving.context import AppContext
from serving.store import outbox
from serving.store.tables import outbox as messages

PAYLOAD = {"contract_id": "C1", "level": "eleve", "previous_level": "faible"}


def enqueue(context: AppContext, *, times: int = 1, then_fail: bool = False) -> None:
    """Put a message into the outbox, or several; `then_fail` undoes the transaction."""
    with context.store.writing() as connection:
        for _ in range(times):
            outbox.enqueue(connection, [PAYLOAD], topic=outbox.LEVEL_CHANGED, now=context.now())
        if then_fail:
            raise RuntimeError


def rows(context: AppContext) -> list[RowMapping]:
    """Every message with its state, in order."""
    with context.store.reading() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)).mappings())
