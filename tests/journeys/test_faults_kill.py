"""Kill -9 at any moment loses nothing that was acknowledged and leaves nothing half-done."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from serving.actors import COMMAND
from serving.context import AppContext, system_clock
from serving.operations.imports import import_records
from serving.store.tables import assessments, rescores
from tests.lib.concurrent_clients import as_json, contract_row, traffic, wait_until
from tests.lib.contexts import Clock
from tests.lib.service import environment_of, free_port, kill, started
from tests.lib.store_integrity import assert_stored, assert_whole

pytestmark = pytest.mark.slow
WORKERS, ENOUGH = 2, 25
CONTRACTS, CHUNK = 3_000, 100


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


def test_a_killed_service_has_lost_no_acknowledged_write(context: AppContext) -> None:
    """Killed while clients write, started again, written to again: all of it is there, whole."""
    port = free_port()
    url, environment = (
        f"http://127.0.0.1:{port}",
        environment_of(context, port=port, workers=WORKERS),
    )
    with ExitStack() as stack:
        first = stack.enter_context(started(environment))
        flow = stack.enter_context(traffic(context, url))
        flow.wait_for_stored(ENOUGH)
        kill(first)
        before = len(flow.stored)
        stack.enter_context(started(environment))
        flow.wait_for_stored(ENOUGH)

    assert flow.statuses[None] > 0, "nobody was writing when it was killed"
    assert len(flow.stored) >= before + ENOUGH
    assert set(flow.statuses) <= {None, 200, 201, 404}  # 404: of a contract that was not stored
    assert_stored(context, flow.sent)
    assert assert_whole(context) > 0


def test_a_killed_rescore_goes_on_and_assesses_each_contract_once(
    context: AppContext, tmp_path: Path
) -> None:
    import_records(context, actor=COMMAND, path=_programme(context, tmp_path), score=False)
    with _rescoring(context) as dying:
        wait_until(lambda: _gone_through(context) >= 5 * CHUNK)
        dying.kill()
    done = _gone_through(context)
    assert _assessed(context) == done < CONTRACTS
    assert assert_whole(context, audited=False) == CONTRACTS

    with _rescoring(context) as resumed:
        printed, _ = resumed.communicate()

    assert resumed.returncode == 0
    assert f"{CONTRACTS} open contracts" in printed
    assert _assessed(context) == _gone_through(context) == CONTRACTS
    assert assert_whole(context, audited=False) == CONTRACTS
    with context.store.reading() as connection:
        (run,) = connection.execute(select(rescores)).all()  # the same run, gone on with
        counts = select(func.count(assessments.c.id)).group_by(assessments.c.contract_id)
        assert set(connection.execute(counts).scalars()) == {1}
    assert (run.contracts, run.scored, run.unchanged) == (CONTRACTS, CONTRACTS, 0)
    assert run.finished_at is not None


def _programme(context: AppContext, folder: Path) -> Path:
    rows = [
        contract_row(f"C{n:05}", context.today, pay_percent_smic=30.0 + n % 70, person_id=f"P{n}")
        for n in range(CONTRACTS)
    ]
    lines = [json.dumps(as_json(row)) + "\n" for row in rows]
    (folder / "programme").mkdir()
    (folder / "programme" / "contracts.ndjson").write_text("".join(lines))
    return folder / "programme"


def _rescoring(context: AppContext) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # our own command
        [Path(sys.executable).with_name("vigie"), "rescore", "--chunk", str(CHUNK)],
        env={**environment_of(context, port=0), "COLUMNS": "1000"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _gone_through(context: AppContext) -> int:
    with context.store.reading() as connection:
        return int(connection.execute(select(func.sum(rescores.c.contracts))).scalar() or 0)


def _assessed(context: AppContext) -> int:
    with context.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(assessments)).scalar_one())
