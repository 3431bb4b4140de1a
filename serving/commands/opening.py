"""The service for one command: settings read, store opened, and given back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving.context import AppContext


@contextmanager
def opened_context() -> "Iterator[AppContext]":
    """A context of the settings in the environment, its tables up to date.

    Raises SettingsError without a secret key, StoreError when the database does not answer.
    """
    from serving.context import AppContext
    from serving.settings import Settings
    from serving.store.migrate import upgrade

    context = AppContext.open(Settings.read())
    try:
        upgrade(context.store)
        yield context
    finally:
        context.close()
