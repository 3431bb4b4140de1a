"""The service under load, beside `mlflow models serve` answering the same model.

`python -m benchmarks.serving score` needs the demo's folder (`make demo`): it serves the demo's
champion. `rescore` and `soak` fill a database of their own.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer
from rich.console import Console

from benchmarks.cases import case, row
from benchmarks.load import Request, measure
from benchmarks.processes import is_running, memory_of, worker_memory
from serving.actors import COMMAND, Scope
from serving.context import AppContext
from serving.settings import Settings
from serving.store.migrate import upgrade

application = typer.Typer(add_completion=False, no_args_is_help=True)
out = Console()
BINARIES = Path(sys.executable).parent
SECRET = "s" * 40
DEMO = Path("var/demo")
Seconds = Annotated[float, typer.Option(help="Seconds of each run.")]
Kind = Annotated[str, typer.Option(help="sqlite or postgresql.")]


@application.command()
def score(seconds: Seconds = 20, workers: int = 2) -> None:
    """`POST /v1/score` of one case against MLflow's server on a ready-made row."""
    with tempfile.TemporaryDirectory() as temporary:
        context = _context(f"sqlite:///{temporary}/vigie.sqlite3", DEMO / "bundles")
        key = _key(context)
        with serving(context, workers=workers) as (port, ready, process):
            body = json.dumps(case()).encode()
            request = Request(port, "/v1/score", body, (f"Authorization: Bearer {key}",))
            ours = [measure(request, clients=n, seconds=seconds) for n in (1, 8)]
            memory = max(worker_memory(process))
        out.print(f"Vigie ({workers} workers, ready in {ready:.1f} s, worker {memory:.0f} MiB)")
        for timing in ours:
            out.print(f"  {timing}")
    for words, tuned in (("as it comes", False), ("with one OpenMP thread", True)):
        with mlflow_serving(workers=workers, tuned=tuned) as (port, ready):
            request = Request(port, "/invocations", json.dumps(row()).encode())
            theirs = [measure(request, clients=n, seconds=seconds) for n in (1, 8)]
        out.print(f"mlflow models serve {words} ({workers} workers, ready in {ready:.1f} s)")
        for timing in theirs:
            out.print(f"  {timing}")
        out.print(
            f"  Vigie's median at one client: {ours[0].median_ms / theirs[0].median_ms:.2f} of it; "
            f"throughput at eight: {ours[1].per_second / theirs[1].per_second:.1f} times it"
        )


@application.command()
def rescore(kind: Kind = "sqlite", contracts: int = 100_000) -> None:
    """`vigie rescore` of open contracts with 20 dynamic records each, then again."""
    import benchmarks.speed as speed
    from features.intake.extract import write_extract
    from serving.operations.imports import import_records

    speed.CONTRACTS = contracts
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as temporary, database(kind) as url:
        context = _context(url, DEMO / "bundles", now=lambda: noon)
        folder = Path(temporary) / "many"
        write_extract(speed.many_records(), folder, source="benchmark")
        start = time.perf_counter()
        import_records(context, actor=COMMAND, path=folder, score=False)
        out.print(f"{kind}: import of {contracts} contracts {time.perf_counter() - start:.0f} s")
        _timed_rescore(context, "rescore")
        _timed_rescore(context, "second run of the day")
        out.print(f"  peak {psutil.Process().memory_info().rss / 2**20:.0f} MiB")
        context.close()


def _timed_rescore(context: AppContext, words: str) -> None:
    from serving.scoring.nightly_run import rescore as rescore_all

    start = time.perf_counter()
    run = rescore_all(context, actor=COMMAND)
    took = time.perf_counter() - start
    out.print(f"  {words}: {took:.1f} s, {run.scored} assessed, {run.unchanged} unchanged")


@application.command()
def soak(minutes: float = 10, per_second: int = 100, kind: Kind = "sqlite") -> None:
    """Mixed reads and writes from Locust; then every acknowledged write is looked for."""
    with tempfile.TemporaryDirectory() as temporary, database(kind) as url:
        context = _context(url, DEMO / "bundles")
        key, written = _key(context), Path(temporary) / "written.ndjson"
        with serving(context, workers=2) as (port, _, process):
            out.print(f"memory of the workers, MiB: {memory_of(process)}")
            with _locust(port, key, written, minutes=minutes, per_second=per_second) as load:
                while is_running(load, seconds=60):
                    out.print(f"  a minute later: {memory_of(process)}")
            out.print(f"  at the end: {memory_of(process)}")
        _look_for(context, written)
        context.close()


def _locust(
    port: int, key: str, written: Path, *, minutes: float, per_second: int
) -> subprocess.Popen[bytes]:
    users = 10
    environment = {
        **os.environ,
        "VIGIE_KEY": key,
        "VIGIE_WRITTEN": str(written),
        "VIGIE_PACE": str(users / per_second),
    }
    command = [BINARIES / "locust", "-f", "benchmarks/locustfile.py", "--headless"]
    options = ["-u", str(users), "-r", str(users), "-t", f"{int(60 * minutes)}s", "--only-summary"]
    return subprocess.Popen(  # noqa: S603  # our own command
        [*command, *options, "-H", f"http://127.0.0.1:{port}"], env=environment
    )


def _look_for(context: AppContext, written: Path) -> None:
    """Count the acknowledged writes that the store does not hold."""
    from sqlalchemy import select

    from serving.store.tables import contracts, events, interviews

    with context.store.reading() as connection:
        stored = {
            name: set(connection.execute(select(table.c[column])).scalars())
            for name, table, column in (
                ("contract", contracts, "contract_id"),
                ("interview", interviews, "interview_id"),
                ("event", events, "event_id"),
            )
        }
    lines = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    lost = sum(line["id"] not in stored[line["kind"]] for line in lines)
    out.print(f"{len(lines)} acknowledged writes, {lost} lost")


def _context(url: str, bundles: Path, **options: Any) -> AppContext:
    settings = Settings(secret_key=SECRET, database_url=url, bundles=bundles, secure_cookies=False)
    context = AppContext.open(settings, **options)
    upgrade(context.store)
    return context


def _key(context: AppContext) -> str:
    from serving.operations.keys import add_key

    scopes = [Scope.SCORE, Scope.RECORDS_WRITE, Scope.ASSESSMENTS_READ]
    return add_key(context, actor=COMMAND, name="benchmark", scopes=scopes).text


@contextmanager
def database(kind: str) -> Iterator[str]:
    """An empty database of a kind, removed afterwards."""
    from tests.lib.databases import database as made

    with tempfile.TemporaryDirectory() as temporary, made(kind, Path(temporary)) as url:
        yield url


@contextmanager
def serving(context: AppContext, *, workers: int) -> Iterator[tuple[int, float, psutil.Process]]:
    """`vigie serve` on a context's database: port, seconds to ready, its process."""
    from tests.lib.service import environment_of, free_port

    port = free_port()
    environment = environment_of(context, port=port, workers=workers, log_level="WARNING")
    with _running([str(BINARIES / "vigie"), "serve"], environment) as process:
        ready = _seconds_to(f"http://127.0.0.1:{port}/health/ready")
        yield port, ready, psutil.Process(process.pid)


@contextmanager
def mlflow_serving(*, workers: int, tuned: bool) -> Iterator[tuple[int, float]]:
    """`mlflow models serve` of the demo's champion: port, seconds to ready.

    As it comes, each worker starts an OpenMP thread per core; `tuned` gives it one, as we do.
    """
    from tests.lib.service import free_port

    port = free_port()
    store = (DEMO / "mlflow" / "mlflow.db").resolve()
    environment = {
        **os.environ,
        "MLFLOW_TRACKING_URI": f"sqlite:///{store}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        **({"OMP_NUM_THREADS": "1"} if tuned else {}),
        "PATH": f"{BINARIES}:{os.environ['PATH']}",
    }
    command = ["mlflow", "models", "serve", "-m", "models:/vigie@champion", "-p", str(port)]
    options = ["-w", str(workers), "--env-manager", "local"]
    with _running([str(BINARIES / command[0]), *command[1:], *options], environment):
        yield port, _seconds_to(f"http://127.0.0.1:{port}/ping")


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[Any]:
    with subprocess.Popen(  # noqa: S603  # our own commands
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def _seconds_to(url: str) -> float:
    start = time.perf_counter()
    while time.perf_counter() - start < 120:
        with suppress(httpx.HTTPError):
            if httpx.get(url).status_code == httpx.codes.OK:
                return time.perf_counter() - start
        time.sleep(0.02)
    raise RuntimeError(f"{url}: expected it to be ready in 2 minutes")


if __name__ == "__main__":
    application()
