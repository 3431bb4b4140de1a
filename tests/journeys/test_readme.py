"""What the README says to type, typed as it is written, in its order.

`make` targets are held by name (`tests/laws`): they are made of the same commands.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_mlflow_model import post, wait_for
from tests.lib.commands import ENVIRONMENT
from tests.lib.service import free_port

pytestmark = pytest.mark.slow
README = Path(__file__).parents[2] / "README.md"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_WORKERS": "1"}
# What goes on until it is stopped: where it says that it is there, and the variable of its port.
SERVERS = {
    "mlflow ui": ("/health", "MLFLOW_PORT"),
    "mlflow models serve": ("/ping", "MLFLOW_PORT"),
    "vigie serve": ("/health/ready", "VIGIE_PORT"),
}


def lines() -> list[str]:
    """Every line of the README's shell blocks but those that `make` and the shell do."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", README.read_text(encoding="utf-8"))
    typed = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in typed if not line.startswith(("make ", ". "))]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator["Terminal"]:
    """A shell where a clone is, but for its code; servers are stopped at the end."""
    shutil.copytree(README.parent / "recipes", tmp_path / "recipes")
    with ExitStack() as servers:
        yield Terminal(tmp_path, servers)


class Terminal:
    """Variables that were exported, and servers that were started."""

    def __init__(self, folder: Path, servers: ExitStack) -> None:
        self.folder, self._servers = folder, servers
        self._environment = ENVIRONMENT | QUIET
        self.addresses: dict[str, str] = {}

    def type(self, line: str) -> None:
        """Do what a line says: export, start a server, or run to the end."""
        server = next((name for name in SERVERS if name in line), None)
        if server is not None:
            self.addresses[server] = self._servers.enter_context(self._serving(server, line))
        elif line.startswith("export "):
            name = line.removeprefix("export ").partition("=")[0]
            self._environment[name] = self._run(f"{line} && printenv {name}").strip()
        else:
            self._run(line.replace("http://127.0.0.1:8000", self.addresses.get("vigie serve", "")))

    def _run(self, line: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own README
            ["bash", "-c", line],  # noqa: S607 - as its readers type it
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout

    @contextmanager
    def _serving(self, name: str, line: str) -> Iterator[str]:
        path, variable = SERVERS[name]
        port, log = free_port(), self.folder / "log"
        with log.open("w") as target:
            server = subprocess.Popen(  # noqa: S603 - likewise
                ["bash", "-c", line],  # noqa: S607
                cwd=self.folder,
                env=self._environment | {variable: str(port)},
                stdout=target,
                stderr=target,
                start_new_session=True,
            )
        try:
            wait_for(f"http://127.0.0.1:{port}{path}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=60)


def test_every_line_does_what_it_says(terminal: Terminal) -> None:
    """The store that `mlflow ui` opens is the one with the runs."""
    typed = lines()
    if shutil.which("curl") is None:
        pytest.skip("the README is typed with curl, which this machine has not")
    assert {line.split()[0] for line in typed} >= {"vigie", "export", "curl", "mlflow"}
    assert set(SERVERS) == {name for name in SERVERS for line in typed if name in line}

    for line in typed:
        terminal.type(line)

    assert _runs(terminal.addresses["mlflow ui"]) == 1
    assert (terminal.folder / "var" / "risks.parquet").is_file()
    assert (terminal.folder / "var" / "vigie.sqlite3").is_file()


def _runs(address: str) -> int:
    """Count what the page of MLflow's server shows of our experiment."""
    api = f"{address}/api/2.0/mlflow"
    url = f"{api}/experiments/get-by-name?experiment_name=vigie"
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - loopback
        experiment: dict[str, Any] = json.load(answer)["experiment"]
    found = post(f"{api}/runs/search", {"experiment_ids": [experiment["experiment_id"]]})
    return len(found.get("runs", []))
