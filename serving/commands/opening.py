"""The live house for one command: settings read, store opened, and given back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving.context import House


@contextmanager
def opened_house() -> "Iterator[House]":
    """A house of the settings in the environment, its tables up to date.

    Raises SettingsError without a secret key, StoreError when the database does not answer.
    """
    from serving.context import House
    from serving.settings import Settings
    from serving.store.migrate import upgrade

    house = House.open(Settings.read())
    try:
        upgrade(house.store)
        yield house
    finally:
        house.close()
