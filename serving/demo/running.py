"""Starting and stopping the demo's service, in the background, on this machine only."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

from features.common.errors import StorageError
from serving.settings import Settings

PATIENCE_SECONDS = 60


def free_port(first: int = 8000) -> int:
    """Return the first port from `first` on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise StorageError(f"demo: expected a free port from {first} on, got none; stop a service")


def start(settings: Settings, var: Path) -> None:
    """Start `vigie serve` in the background and wait until it is ready.

    Raises StorageError when it is not ready in time; its log says why.
    """
    environment = {
        **os.environ,
        "VIGIE_SECRET_KEY": settings.secret_key.get_secret_value(),
        "VIGIE_DATABASE_URL": settings.database_url.get_secret_value(),
        "VIGIE_BUNDLES": str(settings.bundles),
        "VIGIE_PORT": str(settings.port),
        "VIGIE_PUBLIC_URL": settings.public_url,
        "VIGIE_SECURE_COOKIES": "false",
    }
    with (var / "service.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [str(Path(sys.executable).with_name("vigie")), "serve"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (var / "service.pid").write_text(str(process.pid), encoding="utf-8")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{settings.public_url}/health/ready").status_code == httpx.codes.OK:
                return
        time.sleep(0.2)
    stop(var)
    raise StorageError(f"demo: expected the service to be ready, got none; see {log.name}")


def stop(var: Path) -> bool:
    """Stop the service that was started for this folder and return whether there was one."""
    note = var / "service.pid"
    if not note.exists():
        return False
    pid = int(note.read_text(encoding="utf-8"))
    note.unlink()
    if "serve" not in _command_of(pid):
        return False
    os.killpg(pid, signal.SIGTERM)
    return True


def _command_of(pid: int) -> str:
    """Return the command line of a process; empty when there is none, or none that can be seen."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""
