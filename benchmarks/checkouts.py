"""A checkout of Vigie with a .venv of its own, used as operators use it: by command and by HTTP.

Two checkouts of different commits can so be measured beside each other; nothing of theirs is
imported here.
"""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pandas as pd
import psutil

from benchmarks.cases import case
from benchmarks.load import Request

ADDRESS, PASSWORD = "banc@example.org", "une phrase pour mesurer"
PATIENCE_SECONDS = 120
# Few cutoffs and draws, and gates that every model passes: the model's price counts, not its worth.
RECIPE = """
[snapshots]
every_days = 90
[backtest]
cutoffs = 2
every_months = 6
[candidates]
names = ["base_rate", "blend"]
trees_minimum_ruptures = 1
[training]
bootstrap_draws = 20
[gates]
calibration_slope = [-100, 100]
calibration_ratio = [0, 100]
group_floor_auc = 0
"""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Spent:
    """Seconds that something took: by the clock on the wall, and of processors."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Checkout:
    """A checkout at `path`, and a folder for its model, its store and its settings."""

    path: Path
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def store(self) -> Path:
        """Return the SQLite file of the service."""
        return self.folder / "vigie.sqlite3"

    @property
    def untouched(self) -> Path:
        """Return the SQLite file that holds the records and no assessment."""
        return self.folder / "untouched.sqlite3"

    def vigie(self, *words: object, store: Path | None = None) -> str:
        """Run a command and return what it printed. Raises RuntimeError when it fails."""
        done = subprocess.run(  # noqa: S603 - our own command
            [self._program, *map(str, words)],
            cwd=self.folder,
            env=self._environment(store or self.store),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{self.path}: vigie {words[0]}: {done.stderr[-500:]}")
        return done.stdout

    def prepare(self, extract: Path) -> None:
        """Train and promote a model, keep the records, and assess them in the service's store."""
        (self.folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
        self.vigie("train", extract, "--recipe", "recipe.toml")
        self.vigie("promote")
        self.vigie("import", extract, "--no-score", store=self.untouched)
        shutil.copy(self.untouched, self.store)
        self.vigie("rescore")

    def rescored(self) -> Spent:
        """Assess every open contract of the untouched store anew, the command's start included."""
        fresh = self.folder / "fresh.sqlite3"
        for file in self.folder.glob("fresh.sqlite3*"):
            file.unlink()
        shutil.copy(self.untouched, fresh)
        start, used = time.perf_counter(), _children_seconds()
        self.vigie("rescore", store=fresh)
        return Spent(time.perf_counter() - start, _children_seconds() - used)

    @contextmanager
    def serving(self) -> Iterator[psutil.Process]:
        """Run the service, and yield its process once it is ready."""
        with subprocess.Popen(  # noqa: S603 - our own command
            [self._program, "serve"],
            cwd=self.folder,
            env=self._environment(self.store),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                self._wait_until_ready(process)
                yield psutil.Process(process.pid)
            finally:
                process.terminate()

    def score_request(self) -> Request:
        """Return a request to score one case, with a new key."""
        printed = self.vigie("key", "add", "--name", "banc", "--scope", "score")
        key = f"Authorization: Bearer {printed.split()[-1]}"
        return Request(self.port, "/v1/score", json.dumps(case()).encode(), (key,))

    def worklist_request(self, extract: Path) -> Request:
        """Return a request for the list of the advisor with the largest caseload, signed in."""
        advisor = pd.read_parquet(extract / "contracts")["advisor_id"].mode()[0]
        profile = (
            "--name",
            "Banc",
            "--role",
            "advisor",
            "--advisor-id",
            advisor,
            "--site",
            "Nantes",
        )
        once = self.vigie("user", "add", ADDRESS, *profile).split()[-1]
        with httpx.Client(base_url=self._url) as browser:
            first = {"email": ADDRESS, "password": once}
            _send_form(browser, "/connexion", first)
            chosen = {"current_password": once, "new_password": PASSWORD}
            _send_form(browser, "/mot-de-passe", chosen)
            cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        return Request(self.port, "/suivis", headers=(f"Cookie: {cookies}",), method="GET")

    @property
    def _program(self) -> Path:
        return self.path / ".venv" / "bin" / "vigie"

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _environment(self, store: Path) -> dict[str, str]:
        ours = ("VIGIE_", "MLFLOW_")
        others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return others | {
            "VIGIE_SECRET_KEY": "s" * 40,
            "VIGIE_DATABASE_URL": f"sqlite:///{store}",
            "VIGIE_BUNDLES": str(self.folder / "var" / "bundles"),
            "VIGIE_PORT": str(self.port),
            "VIGIE_WORKERS": "1",
            "VIGIE_SECURE_COOKIES": "false",
            "VIGIE_LOG_LEVEL": "WARNING",
            "OMP_NUM_THREADS": "1",
            "COLUMNS": "1000",
        }

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self._url}/health/ready").status_code == httpx.codes.OK:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"{self.path}: expected the service to be ready, got none")


def _send_form(browser: httpx.Client, path: str, fields: dict[str, str]) -> None:
    """Fill in a form with its CSRF token. Raises RuntimeError when it is shown again."""
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)[:1]
    sent = browser.post(path, data={**fields, "csrf_token": token})
    if sent.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"{path}: expected the form to be taken, got {sent.status_code}")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
