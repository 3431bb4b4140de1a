"""The advisors' site: one advisor with many cases in a large store, asked by one client.

`python -m benchmarks.pages --kind postgresql` needs a bundle (`make demo`). Server time is what a
client on the loopback waits for, one request at a time on a connection held open.
"""

import http.client
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import typer
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from benchmarks import speed
from benchmarks.serving import DEMO, Kind, database, serving
from benchmarks.serving import _context as context_on
from features.intake.extract import write_extract
from features.records.declarations import Records
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.directory import name_all
from serving.operations.imports import import_records
from serving.scoring.rescoring import rescore_contracts
from tests.lib.sign_in_site import ADDRESS, PASSWORD, settle
from tests.pages.browser_measures import WATCH, shift_of, transferred

application = typer.Typer(add_completion=False)
out = Console()
ADVISOR, OTHERS, WEEKS = "A-bench", 100, 4
NAMED_AT_ONCE = 10_000
TARGET_MS = 60
CHROMIUM = "/usr/bin/chromium"


@application.command()
def pages(
    kind: Kind = "sqlite",
    contracts: Annotated[int, typer.Option(help="Contracts in the store.")] = 100_000,
    caseload: Annotated[int, typer.Option(help="Open contracts of the advisor.")] = 200,
    requests: Annotated[int, typer.Option(help="Times each page is asked for.")] = 300,
    bundles: Annotated[Path, typer.Option(help="Folder that holds `champion`.")] = DEMO / "bundles",
) -> None:
    """Server time, bytes and layout shift of the list and of a case."""
    with database(kind) as url:
        context = context_on(url, bundles)
        mine = fill(context, contracts=contracts, caseload=caseload)
        with serving(context, workers=1) as (port, _, _):
            out.print(f"{kind}, {contracts} contracts, {caseload} of the advisor:")
            cookie = entered(port)
            time_pages(port, cookie, mine, requests=requests)
            in_the_browser(port, cookie, mine[0])
        context.close()


def fill(context: AppContext, *, contracts: int, caseload: int) -> list[str]:
    """Import, name, and assess the caseload on five mornings a week apart and return its ids."""
    records = shifted(context, contracts, caseload)
    ids = [str(name) for name in records.contracts["contract_id"]]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "many"
        write_extract(records, folder, source="benchmark")
        import_records(context, actor=COMMAND, path=folder, score=False)
    for start in range(0, len(ids), NAMED_AT_ONCE):
        persons = {name: ("Prénom", f"Nom {name}") for name in ids[start : start + NAMED_AT_ONCE]}
        name_all(context, actor=COMMAND, persons=persons, organisations={})
    settle(context, advisor_id=ADVISOR, site="Nantes")
    mine = ids[:caseload]
    for weeks in range(WEEKS, -1, -1):
        rescore_contracts(_back(context, timedelta(weeks=weeks)), actor=COMMAND, contract_ids=mine)
    return mine


def shifted(context: AppContext, contracts: int, caseload: int) -> Records:
    """The records of `benchmarks.speed`, open today instead of on its morning, with advisors."""
    speed.CONTRACTS = contracts
    tables = {kind.name: rows.copy() for kind, rows in speed.many_records()}
    later = pd.Timestamp(context.today) - speed.AS_OF
    for rows in tables.values():
        for name in rows.columns:
            if name != "born_on" and pd.api.types.is_datetime64_any_dtype(rows[name]):
                rows[name] += later
    others = [f"A-{number // OTHERS}" for number in range(caseload, contracts)]
    tables["contracts"]["advisor_id"] = [ADVISOR] * caseload + others
    return Records.of(**tables)


def _back(context: AppContext, before: timedelta) -> AppContext:
    moment = context.now() - before

    def then() -> datetime:
        return moment

    return replace(context, now=then)


def entered(port: int) -> str:
    """Sign the advisor in and return the cookies to send."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", "/connexion")
    sign_in = client.getresponse()
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', sign_in.read().decode())
    form = {"email": ADDRESS, "password": PASSWORD, "csrf_token": token, "suite": "/suivis"}
    session_cookie = str(sign_in.getheader("set-cookie")).partition(";")[0]
    headers = {"Cookie": session_cookie, "Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", "/connexion", urlencode(form), headers)
    answer = client.getresponse()
    return str(answer.getheader("set-cookie")).partition(";")[0]


def time_pages(port: int, cookie: str, mine: list[str], *, requests: int) -> None:
    """Ask for the list, then for the cases in turn."""
    asked: dict[str, Callable[[int], str]] = {
        "GET /suivis": lambda _: "/suivis",
        "GET /suivis, searched by a filter": lambda _: "/suivis?niveau=eleve",
        "GET /suivis/{id}": lambda number: f"/suivis/{mine[number % len(mine)]}",
    }
    for name, path_of in asked.items():
        times = timed(port, cookie, [path_of(number) for number in range(requests)])
        median, p99 = np.percentile(times, 50), np.percentile(times, 99)
        verdict = "reached" if median <= TARGET_MS else "missed"
        out.print(f"  {name}: median {median:.1f} ms, p99 {p99:.1f} ms; 60 ms {verdict}")


def timed(port: int, cookie: str, paths: list[str], *, warm_up: int = 20) -> list[float]:
    """Milliseconds of each request, the first ones left out. Raises for an answer but 200."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    times = []
    for path in [*paths[:1] * warm_up, *paths]:
        start = time.perf_counter()
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        answer.read()
        times.append(1000 * (time.perf_counter() - start))
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: expected 200, got {answer.status}")
    return times[warm_up:]


def in_the_browser(port: int, cookie: str, contract_id: str) -> None:
    """Bytes on the wire of a first load, and layout shift, as Chromium counts them."""
    name, _, value = cookie.partition("=")
    url = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.context.add_cookies([{"name": name, "value": value, "url": url}])
        page.context.add_init_script(WATCH)
        for path in ("/suivis", f"/suivis/{contract_id}"):
            _measure(page, url, path)
        browser.close()


def _measure(page: Page, url: str, path: str) -> None:
    sent = transferred(page, f"{url}{path}")
    shift = shift_of(page, f"{url}{path}")
    own = sent[f"{url}{path}"]
    out.print(
        f"  {path}: {sum(sent.values()) / 1000:.1f} kB on first load without fonts "
        f"({own / 1000:.1f} kB the page itself), layout shift {shift:.4f}"
    )


if __name__ == "__main__":
    application()
