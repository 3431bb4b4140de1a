"""Browsers that ask the site in-process, and sign in or send forms as a page shows them."""

import re

from serving.actors import Role
from serving.context import AppContext
from tests.lib.sign_in_site import PASSWORD, TestClient, settle

THEIRS = "SOMEBODY-ELSES"  # no token holds it by chance


def as_role(visitor: TestClient, context: AppContext, role: Role) -> TestClient:
    """Somebody of another role, signed in at the same site."""
    settle(
        context, "autre@example.org", role=role, advisor_id="A7" if role is Role.ADVISOR else None
    )
    typed = {"email": "autre@example.org", "password": PASSWORD, "suite": "/"}
    visitor.post("/connexion", data={**typed, "csrf_token": token_of(visitor, "/connexion")})
    return visitor


def token_of(client: TestClient, path: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)


def form_of(client: TestClient, path: str, **typed: str) -> dict[str, str]:
    """What is typed into the form of a page, with what the page hides in it."""
    record_id = re.search(r'name="record_id" value="([^"]+)"', client.get(path).text)
    return {
        "csrf_token": token_of(client, "/suivis"),
        **({"record_id": record_id.group(1)} if record_id else {}),
        **typed,
    }
