"""Databases filled by an old commit (`tests/frozen`): loading them, and asking what they answer.

Only what users see is asked: HTTP and commands, with keys, passwords and sessions of that time.
"""

import csv
import gzip
import html
import io
import json
import sqlite3
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import create_engine, inspect, make_url, text

from tests.lib.api import Api

FOLDER = Path(__file__).parents[1] / "frozen"
Answers = dict[str, Any]
Rows = dict[str, list[dict[str, Any]]]
MOVED = {"remarque", "à voir cette semaine"}  # of a list: by the draw of the week


@cache
def frozen() -> Answers:
    """Return what the old commit answered, and the credentials it was asked with."""
    with gzip.open(FOLDER / "answers.json.gz", "rt", encoding="utf-8") as file:
        answers: Answers = json.load(file)
    return answers


def load(kind: str, url: str) -> None:
    """Fill an empty database of a kind with the tables and rows of the old commit."""
    with gzip.open(FOLDER / f"{kind}.sql.gz", "rt", encoding="utf-8") as file:
        statements = file.read()
    parsed = make_url(url)
    if kind == "sqlite":
        connection = sqlite3.connect(str(parsed.database))
        connection.executescript(statements)
        connection.close()
        return
    address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as server:
        server.execute(statements.encode())


def rows_of(url: str) -> Rows:
    """Every row of every table."""
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(parsed.set(drivername=driver))
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        queries = {name: text(f'SELECT * FROM "{name}"') for name in names}  # noqa: S608 - our names
        rows = {n: [dict(r._mapping) for r in connection.execute(q)] for n, q in queries.items()}
    engine.dispose()
    return rows


def ask_assessments(machine: Api, contracts: list[str]) -> Answers:
    """Ask for the last assessment and the history of each contract, with a key."""
    answers = {}
    for contract_id in contracts:
        last = machine.get(f"/v1/contracts/{contract_id}/assessment")
        history = machine.get(f"/v1/contracts/{contract_id}/assessments")
        answers[contract_id] = {
            "status": last.status_code,
            "assessment": last.json() if last.status_code == 200 else None,
            "history": history.json().get("items"),
        }
    return answers


def ask_feed(machine: Api, **filters: str) -> Answers:
    """Ask for the whole feed by pages: the numbers of its assessments, and each next cursor."""
    numbers: list[int] = []
    cursors: list[str] = []
    asked: dict[str, str | int] = {"limit": 50, **filters}
    while True:
        page = machine.get("/v1/assessments", params=asked).json()
        numbers += [item["id"] for item in page["items"]]
        cursors.append(page["next"])
        asked["changed_since"] = page["next"]
        if not page["more"]:
            return {"numbers": numbers, "cursors": cursors}


def ask_cases(person: Api, contracts: list[str], texts: list[str]) -> Answers:
    """Ask for the page of each contract: its status, and which of some texts it shows."""
    pages = {contract_id: person.get(f"/suivis/{contract_id}") for contract_id in contracts}
    return {
        contract_id: {"status": page.status_code, "texts": _shown(page.text, texts)}
        for contract_id, page in pages.items()
    }


def ask_worklist(person: Api, query: str = "") -> list[dict[str, str]]:
    """Ask for a worklist as a spreadsheet: one row per contract, in order, by column."""
    page = person.get(f"/suivis.csv{query}")
    assert page.status_code == 200, page.text
    return list(csv.DictReader(io.StringIO(page.text.lstrip("\ufeff")), delimiter=";"))


def by_contract(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the rows of a worklist by contract."""
    return {row["contrat"]: row for row in rows}


def facts_of(rows: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return what rows say of contracts, whatever the draw of the week."""
    return {
        contract_id: {name: text for name, text in row.items() if name not in MOVED}
        for contract_id, row in rows.items()
    }


def remarks_of(row: dict[str, str]) -> set[str]:
    """Return the remarks of a row but that it was drawn."""
    return set(filter(None, row["remarque"].split(" | "))) - {"revue au hasard"}


def ask_audit(administrator: Api) -> list[dict[str, str]]:
    """Ask for every line of the audit, newest first: when, by whom, what (in words), about whom."""
    lines: list[dict[str, str]] = []
    path: str | None = "/administration"
    while path is not None:
        page = administrator.get(path)
        assert page.status_code == 200, page.text
        reader = _Reader.of(page.text)
        lines += [
            {"at": at, "actor": _code(actor), "action": action, "subject": _code(subject)}
            for at, actor, action, subject in reader.tables[-1][1:]
        ]
        older = [link for link in reader.links if "avant=" in link]
        path = older[-1] if older else None
    return lines


def table_of(printed: str) -> list[dict[str, str]]:
    """Read the table that a command printed: one row per line, by column."""
    lines = [line for line in printed.splitlines() if line[:1] in "┃│" and line]
    cells = [[cell.strip() for cell in line.strip("┃│").split(line[0])] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def differences(before: Any, now: Any, *, at: str = "") -> list[str]:
    """Where an answer is not what it was; keys that were not there before may have been added."""
    match before, now:
        case dict(), dict():
            lost = [f"{at}/{name}: gone" for name in before.keys() - now.keys()]
            both = [name for name in before if name in now]
            inner = (differences(before[n], now[n], at=f"{at}/{n}") for n in both)
            return lost + [found for part in inner for found in part]
        case list(), list() if len(before) == len(now):
            pairs = enumerate(zip(before, now, strict=True))
            inner = (differences(one, other, at=f"{at}/{n}") for n, (one, other) in pairs)
            return [found for part in inner for found in part]
        case list(), list():
            return [f"{at}: {len(before)} items, now {len(now)}"]
        case _:
            return [] if before == now else [f"{at}: {before!r}, now {now!r}"]


def _code(cell: str) -> str:
    """The code at the end of a cell that may begin with a name."""
    return cell.rsplit(maxsplit=1)[-1] if cell else ""


def _shown(page: str, texts: list[str]) -> list[str]:
    shown = " ".join(html.unescape(page).split())
    return [text for text in texts if " ".join(text.split()) in shown]


class _Reader(HTMLParser):
    """Texts of the cells of every table of a page, and the addresses it links to."""

    @classmethod
    def of(cls, page: str) -> "_Reader":
        reader = cls()
        reader.tables, reader.links, reader._cell = [], [], False
        reader.feed(page)
        return reader

    tables: list[list[list[str]]]
    links: list[str]
    _cell: bool

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "table":
                self.tables.append([])
            case "tr":
                self.tables[-1].append([])
            case "td" | "th":
                self.tables[-1][-1].append("")
                self._cell = True
            case "a":
                self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            row = self.tables[-1][-1]
            row[-1] = " ".join(f"{row[-1]} {data}".split())


def read_extract(folder: Path) -> Answers:
    """Read what is filled of each row of an extract, by table, record and the day it was known."""
    answers: Answers = {}
    for path in sorted(folder.glob("*.parquet")):
        rows = pd.read_parquet(path).astype("object")
        for row in rows.to_dict("records"):
            filled = {name: str(value) for name, value in row.items() if pd.notna(value)}
            key = filled.get("interview_id") or filled.get("event_id") or filled["contract_id"]
            answers.setdefault(path.stem, {})[f"{key} {filled['known_on']}"] = filled
    return answers
