"""The real service in processes of its own, over a socket."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from serving.context import AppContext

PATIENCE_SECONDS = 60.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(
    context: AppContext, *, port: int, workers: int = 1, **more: str
) -> dict[str, str]:
    """The variables that make a service of a context's settings; `more` are VIGIE_ settings."""
    settings = context.settings
    return {
        **os.environ,
        "VIGIE_SECRET_KEY": settings.secret_key.get_secret_value(),
        "VIGIE_DATABASE_URL": settings.database_url.get_secret_value(),
        "VIGIE_BUNDLES": str(settings.bundles),
        "VIGIE_PORT": str(port),
        "VIGIE_WORKERS": str(workers),
        "VIGIE_SECURE_COOKIES": "false",
        "VIGIE_WEBHOOK_ALLOW_PRIVATE": "true",
        "OMP_NUM_THREADS": "1",
        **{f"VIGIE_{name.upper()}": value for name, value in more.items()},
    }


@contextmanager
def started(
    environment: dict[str, str], *, path: str = "/health/ready"
) -> Iterator["subprocess.Popen[bytes]"]:
    """`vigie serve` in an environment, once `path` is answered; killed at the end if it is left."""
    process = start(environment)
    try:
        wait_until_ready(f"http://127.0.0.1:{environment['VIGIE_PORT']}", process, path=path)
        yield process
    finally:
        kill(process)


@contextmanager
def running_service(
    context: AppContext, *, workers: int = 1, log: Path | None = None, **settings: str
) -> Iterator[str]:
    """`vigie serve` on a context's database; answers its address, and stops it at the end."""
    port = free_port()
    process = start(environment_of(context, port=port, workers=workers, **settings), log=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        stop(process)


def start(environment: dict[str, str], *, log: Path | None = None) -> "subprocess.Popen[bytes]":
    """Start `vigie serve`; its log goes to a file, or nowhere."""
    with (log or Path(os.devnull)).open("ab") as target:
        return subprocess.Popen(  # noqa: S603  # our own command
            [str(Path(sys.executable).with_name("vigie")), "serve"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=target,
            start_new_session=True,
        )


def wait_until_ready(
    url: str, process: "subprocess.Popen[bytes]", *, path: str = "/health/ready"
) -> None:
    """Return once the service answers a path well."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service stopped by itself"
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}{path}").status_code == httpx.codes.OK:
                return
        time.sleep(0.1)
    raise AssertionError("the service was not ready in time")


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill -9 the service and all its workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the service to stop, and wait until it has."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            kill(process)
