"""Reading what a test looks at, in a session of its own."""

from collections.abc import Callable
from typing import Any, TypeVar

from serving.actors import COMMAND, Actor
from serving.context import AppContext

T = TypeVar("T")


def read(
    context: AppContext, query: Callable[..., T], *, actor: Actor = COMMAND, **asked: Any
) -> T:
    """What a query returns to an actor, a command unless another is named."""
    with context.reading(actor) as reads:
        return query(reads, **asked)
