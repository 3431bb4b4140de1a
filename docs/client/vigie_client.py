"""Push a case to Vigie, follow what changes, and check a webhook: copy this and make it yours.

Needs httpx and standardwebhooks. Set VIGIE_URL and VIGIE_KEY (scopes records:write and
assessments:read). Identifiers are yours: sending a record again changes nothing, so that after a
cut line the safe thing to do is to send everything again.
"""

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

Json = dict[str, Any]


class Vigie:
    """A connection to the service, used for any number of calls."""

    def __init__(self, url: str, key: str, *, tries: int = 5) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "fr"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=30)
        self._tries = tries

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def keep_contract(self, contract: Json) -> Json:
        """Keep a contract or its correction; answers the new assessment."""
        return self._call("PUT", f"/v1/contracts/{contract['contract_id']}", json=contract)

    def keep_interview(self, interview: Json) -> Json:
        """Keep an interview or its correction; answers the new assessment."""
        return self._call("POST", "/v1/interviews", json=interview)

    def changes(self, cursor: str = "") -> Iterator[tuple[Json, str]]:
        """Assessments made since a cursor, each with the cursor to keep once it is handled."""
        while True:
            query = {"changed_since": cursor} if cursor else {}
            page = self._call("GET", "/v1/assessments", params=query)
            cursor = page["next"]
            for assessment in page["items"]:
                yield assessment, cursor
            if not page["more"]:
                return

    def _call(self, verb: str, path: str, **options: Any) -> Json:
        """A call, tried again when the service is busy or away; a refusal is reported at once."""
        for attempt in range(self._tries):
            reply = self._http.request(verb, path, **options)
            if reply.status_code not in (429, 503) or attempt == self._tries - 1:
                break
            time.sleep(float(reply.headers.get("Retry-After", 2**attempt)))
        if reply.is_error:
            problem = reply.json()
            raise RuntimeError(f"{problem['title']} ({problem['type']}): {problem.get('errors')}")
        return dict(reply.json())


def read_webhook(secret: str, body: bytes, headers: Mapping[str, str]) -> Json:
    """The message of a webhook; raises WebhookVerificationError unless Vigie signed it just now."""
    return dict(Webhook(secret).verify(body, dict(headers)))


if __name__ == "__main__":
    vigie = Vigie(os.environ["VIGIE_URL"], os.environ["VIGIE_KEY"])
    for changed, _ in vigie.changes():
        print(changed["contract_id"], changed["level"], changed["risk"])  # noqa: T201  # a script
