"""People signed in at the real application, without a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from serving.actors import COMMAND, Role
from serving.app import create_app
from serving.context import AppContext
from serving.operations import records
from tests.lib.contexts import contract
from tests.lib.sign_in_site import PASSWORD, TestClient, browser, settle

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@contextmanager
def visiting(context: AppContext, role: Role = Role.ADVISOR) -> Iterator[TestClient]:
    """Somebody of a role at Nantes, signed in, who asks as a browser does.

    An advisor is A1, who follows C1; a coordinator sees C1 too, because A1 is at their site.
    """
    with browser(create_app(context)) as client:
        sign_in(client, context, role)
        yield client


def sign_in(client: TestClient, context: AppContext, role: Role = Role.ADVISOR) -> None:
    """Sign somebody of a role in, once C1 and the accounts of Nantes are there."""
    settle(context, "a1@example.org", advisor_id="A1")
    if role is not Role.ADVISOR:
        settle(context, f"{role}@example.org", role=role, advisor_id=None)
    records.keep_contract(context, actor=COMMAND, record=contract())
    client.headers.update(HTML)
    email = "a1@example.org" if role is Role.ADVISOR else f"{role}@example.org"
    typed = {"email": email, "password": PASSWORD, "csrf_token": token_of(client, "/connexion")}
    assert client.post("/connexion", data=typed).status_code == 303


def token_of(client: TestClient, path: str) -> str:
    """The token that the forms of a page repeat."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)
