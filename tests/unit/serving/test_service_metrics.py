"""What Prometheus reads: what went through the service, and how the service is doing."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.sufficiency import NotAssessed
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract
from serving.operations.suspension import suspend_scoring
from serving.runtime.metrics import Metrics
from serving.scoring.nightly_run import rescore
from tests.lib.contexts import Clock, contract, open_context
from tests.lib.databases import database
from tests.lib.every_operation import some_endpoint

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(metrics: Metrics, context: AppContext) -> Samples:
    return parsed(metrics.render(context).decode())


def parsed(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_never_by_address(context: AppContext) -> None:
    metrics = Metrics()
    for status in (200, 200, 404):
        metrics.observe_request(
            method="GET", route="/v1/contracts/{id}", status=status, seconds=0.01
        )
    metrics.observe_request(method="GET", route=None, status=404, seconds=0.001)
    samples = read(metrics, context)

    of = (("method", "GET"), ("route", "/v1/contracts/{id}"))
    assert samples["vigie_requests_total", (*of, ("status", "200"))] == 2
    assert samples["vigie_request_seconds_count", of] == 3
    assert samples["vigie_request_seconds_bucket", (("le", "0.01"), *of)] == 3
    unknown = (("method", "GET"), ("route", "other"), ("status", "404"))
    assert samples["vigie_requests_total", unknown] == 1


def test_assessments_are_counted_by_why_there_is_none(context: AppContext) -> None:
    metrics = Metrics()
    metrics.observe_assessment(status="assessed")
    metrics.observe_assessment(status="not_assessed", why_not=NotAssessed.TOO_LITTLE_KNOWN)
    samples = read(metrics, context)

    assert samples["vigie_assessments_total", (("status", "assessed"), ("why_not", ""))] == 1
    labels = (("status", "not_assessed"), ("why_not", "too_little_known"))
    assert samples["vigie_assessments_total", labels] == 1


def test_the_service_is_as_the_store_and_the_bundle_say(context: AppContext, clock: Clock) -> None:
    some_endpoint(context)
    saved = keep_contract(context, actor=COMMAND, record=contract())
    rescore(context, actor=COMMAND)
    clock.moment += timedelta(hours=5)
    samples = read(Metrics(), context)

    assert saved.assessment is not None
    assert samples["vigie_contracts", (("level", str(saved.assessment.level)),)] == 1
    assert samples["vigie_outbox_messages", (("state", "waiting"),)] == 1
    assert samples["vigie_outbox_messages", (("state", "dead"),)] == 0
    assert samples["vigie_rescore_age_seconds", ()] == 5 * 3600
    assert samples["vigie_rescore_seconds", ()] == 0
    version = context.model.current().bundle.version
    assert samples["vigie_bundle_usable", (("version", version),)] == 1
    assert samples["vigie_bundle_refused", ()] == 0
    assert samples["vigie_database_up", ()] == 1
    assert ("vigie_bundle_age_seconds", ()) in samples


def test_while_scoring_is_suspended_no_level_is_counted(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    suspend_scoring(context, actor=COMMAND, why="contrôle")
    samples = read(Metrics(), context)

    assert samples["vigie_scoring_suspended", ()] == 1
    assert [name for name, _ in samples if name == "vigie_contracts"] == []


def test_without_a_model_and_a_database_it_still_answers(tmp_path: Path) -> None:
    with open_context("postgresql://nobody@127.0.0.1:9/none", tmp_path) as context:
        samples = read(Metrics(), context)

    assert samples["vigie_database_up", ()] == 0
    assert samples["vigie_bundle_usable", (("version", ""),)] == 0
    assert ("vigie_bundle_age_seconds", ()) not in samples


WORKER = """
import sys
from pathlib import Path
from tests.lib.contexts import open_context
from serving.runtime.metrics import Metrics
metrics = Metrics()
metrics.observe_request(method="GET", route="/health/live", status=200, seconds=0.01)
with open_context(sys.argv[1], Path(sys.argv[2])) as context:
    sys.stdout.buffer.write(metrics.render(context))
"""


def test_workers_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever worker Prometheus reaches answers for all of them; earlier starts are not."""
    from serving.runtime.metrics_folder import FOLDER, use_folder

    monkeypatch.setenv(FOLDER, "set by the test, and undone after it")
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"of an earlier start")
    use_folder(tmp_path / "metrics")
    with database("sqlite", tmp_path) as url:
        for _ in range(2):
            done = subprocess.run(  # noqa: S603  # our own code
                [sys.executable, "-c", WORKER, url, str(tmp_path)],
                env={**os.environ, "PYTHONPATH": str(Path.cwd())},
                cwd=Path.cwd(),
                capture_output=True,
                text=True,
                check=True,
            )
    samples = parsed(done.stdout)

    of = (("method", "GET"), ("route", "/health/live"))
    assert samples["vigie_requests_total", (*of, ("status", "200"))] == 2
    assert samples["vigie_request_seconds_count", of] == 2
