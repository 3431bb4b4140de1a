"""Sending one record through each way in, and reading back all that a store holds."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from features.point_in_time.past_ruptures import AMOUNTS
from features.records.declarations import RECORD_TYPES
from serving.context import AppContext
from serving.store.tables import (
    RECORD_TABLES,
    assessments,
    audit,
    contract_summaries,
    deliveries,
    history_steps,
    outbox,
)
from tests.lib.api import Api

ADDED, REPEATED, REFUSED = "added", "repeated", "refused"
BY_STATUS = {201: ADDED, 200: REPEATED, 404: REFUSED, 409: REFUSED, 422: REFUSED}
OWN = {
    "id",
    "made_at",
    "previous_id",
    "assessment_id",
    "transaction_id",
}  # of one store's numbering
FORMS = {"interviews": "entretien", "events": "evenement", "outcomes": "fin"}


@dataclass(frozen=True)
class Sent:
    """A record to send: its table and its typed values by column name."""

    table: str
    values: Mapping[str, Any]


def by_api(api: Api, sent: Sent) -> str:
    """Send it as JSON and return what became of it."""
    body = {k: _as_json(v) for k, v in sent.values.items()}
    contract_id = body["contract_id"]
    if body.pop("withdrawn", None):
        return _withdrawn(api, sent.table, body)
    match sent.table:
        case "contracts" | "outcomes":
            answer = api.put(f"/v1/{sent.table}/{contract_id}", json=body)
        case _:
            answer = api.post(f"/v1/{sent.table}", json=body)
    return BY_STATUS[answer.status_code]


def _withdrawn(api: Api, table: str, body: Mapping[str, Any]) -> str:
    key = body.get(f"{table[:-1]}_id", body["contract_id"])
    path = f"/v1/{table}/{key}"
    return BY_STATUS[api.send("DELETE", path, params={"known_on": body["known_on"]}).status_code]


def _as_json(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def by_file(api: Api, sent: Sent) -> str:
    """Send it as a table of one row in a zip."""
    answer = api.post(
        "/v1/imports",
        content=zipped({sent.table: [sent.values]}),
        headers={"Content-Type": "application/zip", "Prefer": "wait=60"},
    )
    assert answer.status_code == 200, answer.text
    done = answer.json()
    counts = {what: done[what][sent.table] for what in ("accepted", "repeated", "refused")}
    assert sum(counts.values()) == done["read"][sent.table] == 1
    (what,) = (name for name, count in counts.items() if count)
    return {"accepted": ADDED}.get(what, what)


def zipped(tables: Mapping[str, list[Mapping[str, Any]]]) -> bytes:
    """A zip of CSV tables."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(dict.fromkeys(k for row in rows for k in row)))
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return packed.getvalue()


def by_form(client: Any, sent: Sent) -> int:
    """Type it into the form of its contract and return the status of the page."""
    path = f"/suivis/{sent.values['contract_id']}/{FORMS[sent.table]}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token is not None
    typed = {k: f"{v:g}" if isinstance(v, float) else str(v) for k, v in sent.values.items()}
    record_id = next((v for k, v in typed.items() if k in {"interview_id", "event_id"}), "0" * 24)
    record_id = record_id.removeprefix("page:")
    sent_form = {**typed, "csrf_token": token.group(1), "record_id": record_id}
    status: int = client.post(path, data=sent_form).status_code
    return status


def everything(context: AppContext) -> dict[str, Any]:
    """All that the store says of contracts, but for the numbers and moments it gives rows."""
    with context.store.reading() as connection:
        found: dict[str, Any] = {}
        for record_type in RECORD_TYPES:
            table = RECORD_TABLES[record_type.name]
            columns = [table.c[name] for name in record_type.names]
            rows = connection.execute(select(*columns).order_by(table.c.known_on, table.c.seq))
            found[record_type.name] = [tuple(row) for row in rows]
        found["summaries"] = _own_left_out(connection, contract_summaries, "contract_id")
        found["assessments"] = _own_left_out(connection, assessments, "id")
        t = history_steps.c
        by = (t.entity, t.key, t.day)
        sums = [func.sum(t[name]) for name in AMOUNTS]
        rows = connection.execute(select(*by, *sums).group_by(*by).order_by(*by))
        found["history"] = [tuple(row) for row in rows if any(row[3:])]
        return found


def known(found: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `everything` that does not depend on the order of arrival."""
    records = {t.name: sorted(map(str, found[t.name])) for t in RECORD_TYPES}
    seen = [{k: v for k, v in s.items() if k not in SCORES} for s in found["summaries"]]
    return {**records, "summaries": seen, "history": found["history"]}


SCORES = ("as_of", "status", "level", "risk", "model_version", "scored_seq", "history_seq")


def _own_left_out(connection: Any, table: Any, order: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).order_by(table.c[order])).mappings()
    left_out = OWN | ({"history_seq"} if table is contract_summaries else set())
    return [{k: v for k, v in row.items() if k not in left_out} for row in rows]


def empty(context: AppContext) -> None:
    """Remove every record and what follows from it."""
    tables = (*RECORD_TABLES.values(), assessments, contract_summaries, history_steps, deliveries)
    with context.store.writing() as connection:
        for table in (*tables, outbox, audit):
            connection.execute(delete(table))


Way = Callable[[Api, Sent], str]
