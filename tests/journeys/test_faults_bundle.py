"""A bundle that is spoilt never takes the place of a good one, and a good one needs no restart."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from features.families import CATALOGUE
from models.bundle import MANIFEST, Bundle, load, save
from serving.context import AppContext, system_clock
from serving.queries.cases import case_file
from tests.lib.concurrent_clients import (
    as_json,
    assert_problem,
    client,
    contract_row,
    key_of,
    wait_until,
)
from tests.lib.contexts import Clock, open_context
from tests.lib.databases import database
from tests.lib.read_once import read
from tests.lib.service import environment_of, free_port, running_service, started
from training.promotion import install

pytestmark = pytest.mark.slow
IN_A_ROW = 8  # answers, so that both workers have been asked
ALONE = {"Connection": "close"}  # the workers share connections, not requests
WORKERS = 2


@pytest.fixture
def context(tmp_path: Path, bundles: Path) -> Iterator[AppContext]:
    """A context with bundles of its own, to spoil."""
    own = tmp_path / "bundles"
    shutil.copytree(bundles, own, symlinks=True)
    with (
        database("sqlite", tmp_path) as url,
        open_context(url, own, clock=Clock(system_clock())) as opened,
    ):
        yield opened


@pytest.fixture
def good(bundles: Path) -> Bundle:
    """What is in service at first."""
    return load(bundles / "champion", catalogue=CATALOGUE)


def promote(context: AppContext, bundle: Bundle, *, name: str) -> None:
    """Save a bundle and make it champion."""
    made = context.settings.bundles.parent / "made" / name
    save(bundle, made, replace=True)
    install(made, context.settings.bundles, version=name)


def garbage(context: AppContext, _: Bundle) -> None:
    champion(context).joinpath(MANIFEST).write_bytes(b"\x00\xff garbage")


def other_json(context: AppContext, _: Bundle) -> None:
    champion(context).joinpath(MANIFEST).write_text("[1, 2]")


def truncated(context: AppContext, _: Bundle) -> None:
    members = champion(context) / "members.npz"
    members.write_bytes(members.read_bytes()[:1_000])


def other_catalogue(context: AppContext, good: Bundle) -> None:
    promote(context, replace(good, catalogue_hash="0" * 64), name="stranger")


def no_champion(context: AppContext, _: Bundle) -> None:
    (context.settings.bundles / "champion").unlink()


SPOILT = (garbage, other_json, truncated, other_catalogue, no_champion)


def champion(context: AppContext) -> Path:
    return context.settings.bundles / "champion"


def case_of(context: AppContext) -> dict[str, Any]:
    return {"contract": as_json(contract_row("C-seen", context.today))}


def always(http: httpx.Client, holds: Callable[[dict[str, Any]], bool]) -> Callable[[], bool]:
    """Whether /v1/model answers something many times in a row, each on a connection of its own."""

    def asked() -> bool:
        return all(holds(http.get("/v1/model", headers=ALONE).json()) for _ in range(IN_A_ROW))

    return asked


def test_what_is_spoilt_leaves_the_former_model_in_service(
    context: AppContext, good: Bundle
) -> None:
    key = key_of(context)
    with running_service(context, workers=WORKERS) as url, client(url, key) as http:
        for spoil in SPOILT:
            spoil(context, good)
            wait_until(always(http, lambda state: bool(state["refusal"])))
            scored = http.post("/v1/score", json=case_of(context))
            assert scored.status_code == httpx.codes.OK, spoil.__name__
            assert scored.json()["model_version"] == good.version
            assert http.get("/v1/model").json()["version"] == good.version
            assert http.get("/health/ready").status_code == httpx.codes.OK
            promote(context, good, name="first")
            wait_until(always(http, lambda state: state["refusal"] is None))


@pytest.mark.parametrize("spoil", [garbage, no_champion])
def test_started_without_a_model_records_are_stored_until_one_comes(
    context: AppContext, good: Bundle, spoil: Callable[[AppContext, Bundle], None]
) -> None:
    spoil(context, good)
    environment = environment_of(context, port=free_port(), workers=WORKERS)
    url, key = f"http://127.0.0.1:{environment['VIGIE_PORT']}", key_of(context)
    row = as_json(contract_row("C1", context.today))
    with started(environment, path="/health/live"), client(url, key) as http:
        ready = http.get("/health/ready")
        assert (ready.status_code, ready.json()["missing"]) == (503, ["model"])
        for refused in (http.get("/v1/model"), http.post("/v1/score", json=case_of(context))):
            assert_problem(refused.status_code, refused.headers)
            assert "champion" in refused.json()["reason"]
        stored = http.put("/v1/contracts/C1", json=row)
        assert stored.status_code == httpx.codes.CREATED
        assert stored.json()["assessment"] is None
        assert stored.json()["why_no_assessment"]
        promote(context, good, name="second")
        wait_until(lambda: all(is_ready(http) for _ in range(IN_A_ROW)))
        assert http.post("/v1/score", json=case_of(context)).status_code == httpx.codes.OK
    assert len(read(context, case_file, contract_id="C1").versions.contracts) == 1


def is_ready(http: httpx.Client) -> bool:
    return http.get("/health/ready", headers=ALONE).status_code == httpx.codes.OK


@contextmanager
def scoring(context: AppContext, url: str, key: str) -> Iterator[list[tuple[int, Any, Any]]]:
    """Clients that score the same case without end; what each answer said of its model."""
    stop, answers = threading.Event(), list[tuple[int, Any, Any]]()

    def score() -> None:
        with client(url, key) as http:
            while not stop.is_set():
                answer = http.post("/v1/score", json=case_of(context))
                score = answer.json()
                version, rate = score.get("model_version"), score.get("base_rate")
                answers.append((answer.status_code, version, rate))

    threads = [threading.Thread(target=score) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_promoted_model_is_taken_up_under_load_without_a_dropped_request(
    context: AppContext, good: Bundle
) -> None:
    """Each answer is wholly of one model: its version goes with its base rate."""
    better = replace(good, base_rate=good.base_rate / 2)
    key = key_of(context)
    with (
        running_service(context, workers=WORKERS) as url,
        scoring(context, url, key) as answers,
        client(url, key) as http,
    ):
        wait_until(lambda: len(answers) >= IN_A_ROW)
        promote(context, better, name="second")
        version = load(champion(context), catalogue=CATALOGUE).version
        wait_until(always(http, lambda state: state["version"] == version))
        wait_until(lambda: {state[1] for state in answers[-IN_A_ROW:]} == {version})

    assert set(answers) == {(200, good.version, good.base_rate), (200, version, better.base_rate)}
    assert version != good.version
