"""Every file of ../shared/cases by POST /v1/imports: read or refused as on the command line."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.intake import Intake, take_in
from serving.actors import COMMAND, Scope
from serving.app import create_app
from serving.operations.keys import add_key
from tests.lib.api import Api
from tests.lib.contexts import Clock, open_context
from tests.lib.databases import database
from tests.lib.dossiers_v3 import CASES, KEY

TODAY = datetime(2026, 11, 27, 12, tzinfo=UTC)
WAIT = {"Prefer": "wait=60"}
DELIVERIES = sorted(
    {
        file if file.suffix in {".json", ".zip"} else file.parent
        for file in CASES.rglob("*")
        if file.is_file() and file.name != "expected.md"
    }
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DELIVERIES, reason=f"no cases in {CASES}"),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, bundles: Path) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("cases")
    key = f"{KEY.id}:{KEY.secret.decode()}"
    with (
        database("sqlite", folder) as url,
        open_context(url, bundles, clock=Clock(TODAY), person_key=key) as context,
    ):
        app = create_app(context)
        text = add_key(context, actor=COMMAND, name="cases", scopes=list(Scope)).text
        api = Api(app, headers={"Authorization": f"Bearer {text}"})
        yield api
        api.close()
        app.state.import_runner.close()
        app.state.scoring_queue.close()


@pytest.mark.parametrize("delivery", DELIVERIES, ids=lambda path: str(path.relative_to(CASES)))
def test_a_case_is_read_or_refused_as_on_the_command_line(service: Api, delivery: Path) -> None:
    here = _taken_in(delivery)

    answer = service.post("/v1/imports", files={"file": _sent(delivery)}, headers=WAIT)

    assert answer.status_code == (422 if here is None else 200), answer.text
    result = answer.json()
    if here is None:
        assert result["type"].startswith("urn:vigie:problem:")
        assert "Traceback" not in answer.text
        return
    assert result["read"] == here.read
    for table, read in result["read"].items():
        accepted, repeated = result["accepted"][table], result["repeated"][table]
        assert read == accepted + repeated + result["refused"][table]
        assert result["refused"][table] >= here.refused[table]
    assert len(result["left_out"]) == len(here.left_out)


def _taken_in(delivery: Path) -> Intake | None:
    try:
        return take_in(delivery, person_key=KEY, received_on=pd.Timestamp(TODAY.date()))
    except InputError:
        return None


def _sent(delivery: Path) -> tuple[str, bytes]:
    if delivery.is_file():
        return delivery.name, delivery.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(delivery.iterdir()):
            archive.write(file, file.name)
    return "tables.zip", packed.getvalue()
