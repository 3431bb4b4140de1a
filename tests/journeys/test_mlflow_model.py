"""The champion from MLflow's side: the probabilities of the bundle, with the ids they are of."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.bundle import load
from tests.lib.commands import BINARIES, ENVIRONMENT
from tests.lib.tables import cases_of, records_of
from tests.lib.trained_programme import TrainedProgramme

pytestmark = pytest.mark.slow
MODEL = "models:/vigie@champion"
PATIENCE_SECONDS = 120


def programme() -> Records:
    """Two contracts; the employer of one has no known headcount, the other's is a whole number."""
    return records_of(
        contracts="""
            contract_id | level_prepared | employer_headcount | pay_percent_smic
            C1          | 4              | 12                 | 53
            C2          | 5              | -                  | 61
        """,
        interviews="""
            contract_id | held_on    | status | rating_tutor
            C1          | 2023-10-02 | missed | -
            C2          | 2023-10-02 | held   | 2
        """,
    )


def rows() -> pd.DataFrame:
    """Contract ids and inputs; of a third contract nothing is known."""
    cases = cases_of(("C1", "2024-01-15"), ("C2", "2024-01-15"))
    matrix = build_matrix(Index.of(programme()), cases)[CATALOGUE.inputs].reset_index()
    nothing = pd.DataFrame({"contract_id": ["C3"]})
    return pd.concat([matrix.drop(columns="as_of"), nothing], ignore_index=True)


def expected(trained_programme: TrainedProgramme) -> list[float]:
    """Risks of the bundle in service."""
    bundle = load(trained_programme.champion, catalogue=CATALOGUE)
    risk = bundle.explainer.explain(rows()[CATALOGUE.inputs].to_numpy("float64")).risk
    return [float(value) for value in risk]


def environment(trained_programme: TrainedProgramme) -> dict[str, str]:
    store = trained_programme.folder / "var" / "mlflow" / "mlflow.db"
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    return ENVIRONMENT | quiet | {"MLFLOW_TRACKING_URI": f"sqlite:///{store}"}


LOAD = """
import json, sys
import mlflow, pandas as pd
rows = pd.DataFrame(**json.load(sys.stdin))
answer = mlflow.pyfunc.load_model("models:/vigie@champion").predict(rows)
print(json.dumps(answer.to_dict("list")))
"""


def test_the_loaded_model_answers_ids_and_the_bundle_s_probabilities(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    """In a process of its own, away from our checkout, as another team would load it."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [BINARIES / "python", "-c", LOAD],
        input=json.dumps(sent()),
        cwd=tmp_path,
        env=environment(trained_programme),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    check(json.loads(done.stdout.splitlines()[-1]), trained_programme)


def test_the_served_model_answers_the_same_over_http(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    with serving(trained_programme, tmp_path) as address:
        answer = post(f"{address}/invocations", {"dataframe_split": sent()})

    served = pd.DataFrame(answer["predictions"])
    check({str(name): list(column) for name, column in served.items()}, trained_programme)


def sent() -> dict[str, list[Any]]:
    """Rows as clients send them: unknowns null, for JSON has no NaN, and whole numbers whole."""
    frame = rows()
    position = list(frame).index("employer_headcount")
    data = [[_plain(value) for value in row] for row in frame.astype(object).to_numpy()]
    assert [repr(row[position]) for row in data] == ["12", "None", "None"]
    return {"columns": list(frame), "data": data}


def _plain(value: object) -> object:
    if not isinstance(value, float):
        return value
    if np.isnan(value):
        return None
    return int(value) if value.is_integer() else value


def check(answer: dict[str, list[Any]], trained_programme: TrainedProgramme) -> None:
    assert answer["contract_id"] == ["C1", "C2", "C3"]
    np.testing.assert_allclose(answer["risk"], expected(trained_programme), rtol=0, atol=1e-12)
    assert set(answer["model_version"]) == {trained_programme.champion.resolve().name}


@contextmanager
def serving(trained_programme: TrainedProgramme, folder: Path) -> Iterator[str]:
    """Serve the champion on loopback until it was used; whatever happens, stop it."""
    port = free_port()
    options = ("--model-uri", MODEL, "--env-manager", "local", "--host", "127.0.0.1")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [BINARIES / "mlflow", "models", "serve", *options, "--port", str(port)],
            cwd=folder,
            env=environment(trained_programme),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/ping", server, folder / "log")
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers; fail when it stopped, or takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"no answer within {PATIENCE_SECONDS} s: {log.read_text()}")


def post(address: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - loopback
        address, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        return dict(json.load(answer))
