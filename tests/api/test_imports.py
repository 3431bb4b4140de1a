"""Importing a file: good rows are stored, others reported without values, never twice."""

import io
import json
import zipfile

import pytest

from tests.lib.api import Api

CONTRACTS = """contract_id,person_id,kind,started_on,planned_end_on,known_on
C1,P1,apprenticeship,2025-09-01,2027-08-31,2025-09-10
C2,P2,ZZmarquéZZ,2025-09-01,2027-08-31,2025-09-10
"""
EVENTS = """event_id,contract_id,happened_on,kind,value,known_on
E1,C1,2025-11-03,absence_work,7,2025-11-04
"""


WAIT = {"Prefer": "wait"}


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", text)
    return packed.getvalue()


def send(
    api: Api, body: bytes, media_type: str = "application/zip"
) -> tuple[int, dict[str, object]]:
    answer = api.post("/v1/imports", content=body, headers={"Content-Type": media_type, **WAIT})
    assert "ZZmarquéZZ" not in answer.text
    return answer.status_code, answer.json()


def test_a_zip_of_tables_is_stored_row_by_row(api: Api) -> None:
    body = zipped(contracts=CONTRACTS, events=EVENTS)

    status, done = send(api, body)
    assert status == 200
    assert done["accepted"] == {"contracts": 1, "interviews": 0, "events": 1, "outcomes": 0}
    assert done["refused"]["contracts"] == 1  # type: ignore[index]  # a dict
    (reject,) = done["rejects"]  # type: ignore[misc]  # a list
    assert (reject["line"], reject["column"]) == (3, "kind")
    assert api.get("/v1/contracts/C1/assessment").status_code == 200

    _, again = send(api, body)
    assert again["accepted"] == {"contracts": 0, "interviews": 0, "events": 0, "outcomes": 0}


def test_a_form_brings_the_same_file(api: Api) -> None:
    files = {"file": ("export.zip", zipped(tables__contracts=CONTRACTS), "application/zip")}

    answer = api.post("/v1/imports", files=files, headers=WAIT)
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"]["contracts"] == 1


@pytest.mark.parametrize(
    ("body", "media_type", "status", "kind"),
    [
        (b"not a zip", "application/zip", 422, "unusable-input"),
        (zipped(), "application/zip", 422, "unusable-input"),
        (zipped(ZZx=CONTRACTS), "application/zip", 422, "unusable-input"),
        (zipped(**{"..__contracts": CONTRACTS}), "application/zip", 422, "unusable-input"),
        (zipped(contracts="a,b\n1,2\n"), "application/zip", 422, "unusable-input"),
        (b"{", "application/json", 422, "unusable-input"),
        (b"[[[", "application/json", 422, "unusable-input"),
        (json.dumps([{}]).encode(), "application/json", 422, "unusable-input"),
        (b"x", "text/plain", 415, "unsupported-media-type"),
        (b"x", "text/csv", 422, "unusable-input"),
        (b"x", "multipart/form-data", 400, "bad-request"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    api: Api, body: bytes, media_type: str, status: int, kind: str
) -> None:
    found, problem = send(api, body, media_type)

    assert (found, problem["type"]) == (status, f"urn:vigie:problem:{kind}")


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_form_that_was_cut_is_refused(api: Api, cut: int) -> None:
    """A part that never ends is no file, and leaves none open."""
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="d.json"\r\n\r\n'
        b"[" + b" " * 300 + b"]\r\n--b--\r\n"
    )

    status, problem = send(api, form[: -cut - 4], "multipart/form-data; boundary=b")

    assert status == 422
    assert "cut" in str(problem) or "form" in str(problem)


def test_one_table_is_taken_by_its_name(api: Api) -> None:
    files = {"file": ("Contracts.csv", CONTRACTS.encode(), "text/csv")}

    answer = api.post("/v1/imports", files=files, headers=WAIT)

    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"]["contracts"] == 1
