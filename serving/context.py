"""What every request needs: settings, store, the model in service, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from serving.predictor.champion import ModelInService
from serving.settings import Settings
from serving.store.engine import Store, open_store


def system_clock() -> datetime:
    """Return the moment it is: the only clock of the service."""
    return datetime.now(UTC)  # noqa: TID251  # the interface is where time comes in


@dataclass(frozen=True)
class AppContext:
    """The service, opened. `now` is the only source of time below the interface."""

    settings: Settings
    store: Store
    model: ModelInService
    now: Callable[[], datetime] = field(default=system_clock)

    @classmethod
    def open(
        cls, settings: Settings, *, now: Callable[[], datetime] = system_clock
    ) -> "AppContext":
        """Open the store; the model is loaded at first use or by `model.load()`."""
        store = open_store(settings.database_url.get_secret_value())
        return cls(settings, store, ModelInService(settings.bundles), now)

    @property
    def today(self) -> date:
        """The day it is where the programme is."""
        return self.now().astimezone(self.settings.zone).date()

    @property
    def next_morning(self) -> date:
        """The `as_of` of a live score: tomorrow, so that what was recorded today counts at once."""
        return self.today + timedelta(days=1)

    def close(self) -> None:
        """Give the connections back."""
        self.store.close()
