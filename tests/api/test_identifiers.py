"""An identifier is never read as an address below another one, whichever way it comes."""

import re

import pytest

from features.records.declarations import BELOW_A_CONTRACT
from serving import app
from serving.api import examples
from serving.context import AppContext
from serving.pages import routes as pages
from tests.lib.api import Api
from tests.lib.write_paths import everything, zipped

SLASHES = "OPCO/44/17"  # identifiers of others hold slashes, and are sent as they are


@pytest.mark.parametrize("ending", BELOW_A_CONTRACT)
def test_a_contract_is_not_made_by_a_put_below_another(
    api: Api, context: AppContext, ending: str
) -> None:
    """A caller who mistakes the verb must not create a contract."""
    answer = api.put(f"/v1/contracts/C1/{ending}", json=examples.CONTRACT)

    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == "contract_id"
    assert f"/{ending}" in fault["expected"]
    assert everything(context)["contracts"] == []


def test_an_interview_cannot_name_such_a_contract(api: Api) -> None:
    interview = {**examples.INTERVIEW, "contract_id": "C1/feedback"}
    answer = api.post("/v1/interviews", json=interview)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/contract_id"]


def test_a_row_of_a_file_is_refused_alone(api: Api, context: AppContext) -> None:
    rows = [
        {**examples.CONTRACT, "contract_id": name, "known_on": "2025-09-10"}
        for name in ("C1/assessment", SLASHES, "assessment", "C1/assessment/2")
    ]
    answer = api.post(
        "/v1/imports",
        content=zipped({"contracts": rows}),
        headers={"Content-Type": "application/zip", "Prefer": "wait=60"},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"]["contracts"] == 1
    assert "ends as another address does" in answer.text
    stored = {row[0] for row in everything(context)["contracts"]}
    assert stored == {SLASHES, "assessment", "C1/assessment/2"}


def test_every_address_below_a_contract_is_reserved() -> None:
    """A route that is added below a contract adds its end to the declaration."""
    routes = [route for router in (*app.ROUTERS, *pages.ROUTERS) for route in router.routes]
    found = {
        ending
        for route in routes
        for ending in re.findall(
            r"^/(?:v1/contracts|suivis)/\{\w+:path\}/(.+)$", getattr(route, "path", "")
        )
    }
    assert found == set(BELOW_A_CONTRACT)
