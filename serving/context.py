"""What every request needs: settings, store, the model in service, the clock, a read session."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from serving.actors import Actor
from serving.predictor.champion import ModelInService
from serving.settings import Settings
from serving.store import audit, suspensions
from serving.store.audit import Action
from serving.store.engine import Connection, Store, open_store
from serving.store.suspensions import Suspension


def system_clock() -> datetime:
    """Return the moment it is: the only clock of the service."""
    return datetime.now(UTC)  # noqa: TID251  # the interface is where time comes in


@dataclass
class AuditedWrite:
    """A write under way, and what its line of the audit is going to say.

    `details` hold counts, versions and codes; nothing personal ever.
    """

    connection: Connection
    actor: Actor
    subject: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    happened: bool = True

    def did_nothing(self) -> None:
        """Say that there was nothing to write after all: there is no line then."""
        self.happened = False


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

    @contextmanager
    def reading(self, actor: Actor) -> Iterator["ReadSession"]:
        """Open a read session for an actor. Raises StoreError when the database fails."""
        with self.store.reading() as connection:
            yield ReadSession(self, connection, actor)

    @contextmanager
    def audited(
        self, actor: Actor, action: Action, *, subject: str | None = None
    ) -> Iterator[AuditedWrite]:
        """A writing transaction that ends with its line of the audit: both are stored, or neither.

        Raises StoreError when the database, or the audit alone, refuses.
        """
        with self.store.writing() as connection:
            write = AuditedWrite(connection, actor, subject)
            yield write
            if write.happened:
                audit.write(
                    connection,
                    at=self.now(),
                    actor=write.actor.name,
                    action=action,
                    subject=write.subject,
                    details=write.details,
                )

    def close(self) -> None:
        """Give the connections back."""
        self.store.close()


@dataclass(frozen=True)
class ReadSession:
    """One transaction in which one request reads, for one actor, all that it shows.

    It ends before anything is written: a request that held a connection while it waited for another
    would make everybody wait.
    """

    context: AppContext
    connection: Connection
    actor: Actor

    @property
    def today(self) -> date:
        """The day it is where the programme is."""
        return self.context.today

    @cached_property
    def suspension(self) -> Suspension | None:
        """The suspension that stands, read once; None when scores are shown."""
        return suspensions.current(self.connection)
