"""What the service tells Prometheus: what went through it, and how the service is doing.

Counters and latencies add up over the workers of a machine when PROMETHEUS_MULTIPROC_DIR names a
folder (`use_folder` sets it); without it they are those of the worker that answers. How the service
is doing is read from the store at each scrape, so that every worker tells the same. No label ever
holds an id.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from features.common.errors import BundleError, StoreError
from models.bundle import MANIFEST
from models.sufficiency import NotAssessed
from serving.context import AppContext
from serving.runtime.metrics_folder import FOLDER
from serving.store import figures, outbox, rescores, suspensions
from serving.store.engine import Connection

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Around what is aimed at: 10 ms in the middle, 40 ms for one in a hundred.
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.3, 2.5, 5, 10, 30)
OTHER = "other"


class Metrics:
    """The counters of one worker; safe to use from several threads. Make one per process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "vigie_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "vigie_request_seconds",
            "Time to answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._assessments = Counter(
            "vigie_assessments",
            "Assessments answered, by status and, where there is no score, why.",
            ("status", "why_not"),
            registry=self._registry,
        )

    def observe_request(
        self, *, method: str, route: str | None, status: int, seconds: float
    ) -> None:
        """Count an answered request. `route` is its template; None for an unknown address."""
        named = (method, route or OTHER)
        self._requests.labels(*named, str(status)).inc()
        self._seconds.labels(*named).observe(seconds)

    def observe_assessment(self, *, status: str, why_not: NotAssessed | None = None) -> None:
        """Count an assessment that was made or looked up."""
        self._assessments.labels(status, why_not or "").inc()

    def render(self, context: AppContext) -> bytes:
        """Everything in Prometheus' text format, the state of the service as of now."""
        registry: CollectorRegistry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # ships no types for it
        contract_summary = CollectorRegistry()
        contract_summary.register(_Standing(context))
        return generate_latest(registry) + generate_latest(contract_summary)


class _Standing(Collector):
    """How the service is doing at the moment of the scrape."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        yield from self._model()
        try:
            with self._context.store.reading() as connection:
                metrics = list(self._store(connection))
        except StoreError:
            yield _gauge("vigie_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("vigie_database_up", "Whether the database answers.", 1)
        yield from metrics

    def _model(self) -> Iterator[Metric]:
        model = self._context.model
        usable = GaugeMetricFamily(
            "vigie_bundle_usable", "Whether a model is in service.", labels=("version",)
        )
        try:
            usable.add_metric((model.current().bundle.version,), 1)
        except BundleError:
            usable.add_metric(("",), 0)
        yield usable
        refused = int(model.refusal is not None)
        yield _gauge("vigie_bundle_refused", "Whether the promoted model was refused.", refused)
        written = _written_at(model.folder / MANIFEST)
        if written is not None:
            age = (self._context.now() - written).total_seconds()
            yield _gauge("vigie_bundle_age_seconds", "Time since the model was promoted.", age)

    def _store(self, connection: Connection) -> Iterator[Metric]:
        suspended = suspensions.current(connection) is not None
        yield _gauge("vigie_scoring_suspended", "Whether scoring is suspended.", int(suspended))
        depth = outbox.depth(connection)
        yield _by(
            "vigie_outbox_messages",
            "Webhook messages that wait, or were given up.",
            "state",
            {"waiting": depth.waiting, "dead": depth.dead},
        )
        if not suspended:
            yield _by(
                "vigie_contracts",
                "Contracts without a known end, by level.",
                "level",
                figures.open_by_level(connection),
            )
        yield from self._rescore(connection)

    def _rescore(self, connection: Connection) -> Iterator[Metric]:
        run = rescores.last_finished(connection)
        if run is None or run.finished_at is None:
            return
        lasted = (run.finished_at - run.started_at).total_seconds()
        age = (self._context.now() - run.finished_at).total_seconds()
        yield _gauge("vigie_rescore_seconds", "How long the last rescoring took.", lasted)
        yield _gauge("vigie_rescore_age_seconds", "Time since the last rescoring ended.", age)
        yield _by(
            "vigie_rescore_contracts",
            "Contracts of the last rescoring.",
            "result",
            {"scored": run.scored, "unchanged": run.unchanged},
        )


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _by(name: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family


def _written_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
