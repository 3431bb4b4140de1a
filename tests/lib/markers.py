"""Values that differ from all others, to send everywhere and to search every trace for.

Send `marked_contract()` and the others through the API or the operations, gather what was logged,
answered as a problem and kept in the audit, and call `assert_unmarked`.
"""

from collections.abc import Iterable
from typing import Any

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import Kind, RecordType
from serving.context import AppContext
from serving.store import audit
from tests.lib.contexts import contract, event, interview, outcome

MARK = "Qzx7"
BORN_ON, POSTCODE = "1997-07-17", "97477"
# What no log line, problem or audit detail may hold. Ids are pseudonyms: an audit subject may.
MARKERS = (MARK, BORN_ON, POSTCODE)
CONTRACT_ID = f"C-{MARK}"


def marked_contract(**values: Any) -> dict[str, Any]:
    """A contract whose ids, texts and personal values are marked, typed as operations take it."""
    return _marked(CONTRACT, contract(CONTRACT_ID), **values)


def marked_interview(**values: Any) -> dict[str, Any]:
    """An interview of it."""
    return _marked(INTERVIEW, interview(), **values)


def marked_event(**values: Any) -> dict[str, Any]:
    """An event of it."""
    return _marked(EVENT, event(), **values)


def marked_outcome(**values: Any) -> dict[str, Any]:
    """The end of it."""
    return _marked(OUTCOME, outcome(), **values)


def _marked(record_type: RecordType, row: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The row with a marked value in each id, free text and personal column."""
    marked = dict(row)
    for column in record_type.columns:
        match column.kind, column.name:
            case Kind.ID, name:
                marked[name] = CONTRACT_ID if name == "contract_id" else f"{name}-{MARK}"
            case Kind.TEXT, "home_postcode":
                marked["home_postcode"] = POSTCODE
            case Kind.TEXT, "note":
                marked["note"] = f"{MARK} a dit « {MARK} »"
            case Kind.DATE, "born_on":
                marked["born_on"] = type(row["known_on"]).fromisoformat(BORN_ON)
            case _:
                pass
    return {**marked, **values}


def assert_unmarked(lines: Iterable[str], *, but: tuple[str, ...] = ()) -> None:
    """No line holds a marked value, those of `but` apart (an id in a reply to who sent it)."""
    for line in lines:
        rest = line
        for allowed in but:
            rest = rest.replace(allowed, "")
        found = [marker for marker in MARKERS if marker in rest]
        assert found == [], f"{found} in: {line}"


def audit_details(context: AppContext) -> list[str]:
    """Action and details of every line of the audit, as text; subjects are pseudonyms."""
    with context.store.reading() as connection:
        lines = audit.search(connection, limit=100_000)
    return [f"{line.action} {line.details}" for line in lines]
