"""What a database refuses is an error of ours, and no error quotes what it refused."""

import traceback

import pytest
from sqlalchemy import insert

from features.common.errors import StoreError
from serving.context import AppContext
from serving.store.tables import persons
from tests.lib.api import Api
from tests.lib.write_paths import everything, zipped

MARK = "ZZmarquéZZ"
CONTROL = [chr(code) for code in (0, 1, 7, 8, 11, 12, 27, 31, 127)]


def test_a_refused_row_is_a_store_error_without_its_values(context: AppContext) -> None:
    row = {"person_id": MARK, "given_name": None, "family_name": MARK, "recorded_at": context.now()}
    with pytest.raises(StoreError) as raised, context.store.writing() as connection:
        connection.execute(insert(persons), row)
    assert MARK not in "".join(traceback.format_exception(raised.value))


def test_half_a_character_is_a_store_error(context: AppContext) -> None:
    row = {"person_id": "P", "given_name": "\ud83d", "family_name": MARK}
    with pytest.raises(StoreError), context.store.writing() as connection:
        connection.execute(insert(persons), {**row, "recorded_at": context.now()})


@pytest.mark.parametrize("control", CONTROL, ids=lambda c: f"{ord(c):02x}")
def test_a_control_character_is_taken_out_of_a_note_whichever_way_it_comes(
    context: AppContext, api: Api, control: str, caplog: pytest.LogCaptureFixture
) -> None:
    note = f"{MARK}{control}suite"
    contract = {
        "contract_id": "C1",
        "person_id": "P1",
        "kind": "apprenticeship",
        "started_on": "2025-09-01",
        "planned_end_on": "2027-08-31",
        "known_on": "2025-09-10",
    }
    interview = {
        "interview_id": "I1",
        "contract_id": "C1",
        "held_on": "2026-01-05",
        "status": "held",
        "note": note,
        "known_on": "2026-01-06",
    }
    body = zipped({"contracts": [contract], "interviews": [interview]})
    answer = api.post(
        "/v1/imports",
        content=body,
        headers={"Content-Type": "application/zip", "Prefer": "wait=60"},
    )
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["accepted"]["contracts"] == 1
    assert done["accepted"]["interviews"] == 1
    by_json = api.post("/v1/interviews", json=interview)
    assert (by_json.status_code, by_json.json()["changed"]) == (200, False)
    [stored] = everything(context)["interviews"]
    assert f"{MARK}suite" in stored
    assert MARK not in answer.text + by_json.text + caplog.text
