"""A service for tests: a real database, a real model, and a clock that tests can move."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import row_from
from models.bundle import save
from serving.context import AppContext
from serving.predictor.champion import ModelInService
from serving.scoring.submitted import SubmittedCase
from serving.settings import Settings
from serving.store.engine import open_store
from tests.lib.programmes import bundle
from training.promotion import install

SECRET = "a secret of the tests, of more than 32 characters"  # noqa: S105  # opens nothing
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
TODAY = NOON.date()


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **delta: float) -> None:
        """Move by `timedelta(**delta)`."""
        self.moment += timedelta(**delta)


@contextmanager
def open_context(
    database_url: str, bundles: Path, *, clock: Clock | None = None, **settings: Any
) -> Iterator[AppContext]:
    """A context on a database, with the bundle of `bundles/champion`."""
    chosen = Settings(
        _env_file=None,
        secret_key=SECRET,
        database_url=database_url,
        bundles=bundles,
        **{"secure_cookies": False, "webhook_allow_private": True, **settings},
    )
    context = AppContext(
        chosen, open_store(database_url), ModelInService(bundles), clock or Clock()
    )
    yield context
    context.close()


def contract(contract_id: str = "C1", **values: Any) -> dict[str, Any]:
    """A contract under way, typed as an operation takes it."""
    return {
        "contract_id": contract_id,
        "person_id": f"P-{contract_id}",
        "advisor_id": "A1",
        "kind": "apprenticeship",
        "form": "fixed_term",
        "signed_on": date(2025, 9, 1),
        "started_on": date(2025, 9, 8),
        "planned_end_on": date(2027, 8, 31),
        "pay_percent_smic": 43.0,
        "weekly_hours": 35.0,
        "employer_siret": "12345678900011",
        "employer_naf": "56.10A",
        "employer_headcount": 7.0,
        "training_rncp": "RNCP31114",
        "level_prepared": 3.0,
        "training_centre_uai": "0442199T",
        "born_on": date(2008, 5, 17),
        "diploma_10103": "25",
        "known_on": date(2025, 9, 10),
        **values,
    }


def interview(interview_id: str = "I1", contract_id: str = "C1", **values: Any) -> dict[str, Any]:
    """An interview that was held, typed as an operation takes it."""
    return {
        "interview_id": interview_id,
        "contract_id": contract_id,
        "held_on": TODAY - timedelta(days=3),
        "status": "held",
        "channel": "phone",
        "with_young_person": True,
        "rating_motivation": 4.0,
        "rating_tutor": 2.0,
        "known_on": TODAY - timedelta(days=2),
        **values,
    }


def event(event_id: str = "E1", contract_id: str = "C1", **values: Any) -> dict[str, Any]:
    """An absence at work, typed as an operation takes it."""
    return {
        "event_id": event_id,
        "contract_id": contract_id,
        "happened_on": TODAY - timedelta(days=5),
        "kind": "absence_work",
        "value": 7.0,
        "known_on": TODAY - timedelta(days=4),
        **values,
    }


def outcome(contract_id: str = "C1", **values: Any) -> dict[str, Any]:
    """A rupture, typed as an operation takes it."""
    return {
        "contract_id": contract_id,
        "ended_on": TODAY - timedelta(days=1),
        "how": "rupture",
        "initiator": "young_person",
        "known_on": TODAY,
        **values,
    }


def submitted_case(
    of_contract: dict[str, Any],
    interviews: Sequence[dict[str, Any]] = (),
    events: Sequence[dict[str, Any]] = (),
    *,
    as_of: date,
) -> SubmittedCase:
    """A case as it is sent, from typed values by column name."""
    return SubmittedCase(
        row_from(CONTRACT, of_contract),
        [row_from(INTERVIEW, one) for one in interviews],
        [row_from(EVENT, one) for one in events],
        as_of,
    )


def shared_bundles(folder: Path) -> Path:
    """A folder of bundles with a champion, made once for all processes that share `folder`."""
    with (folder / "bundles.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bundles = folder / "bundles"
        if not bundles.exists():
            save(bundle(), folder / "made" / "first")
            install(folder / "made" / "first", bundles, version="first")
    return bundles
