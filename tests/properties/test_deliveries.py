"""Whole deliveries against a plain model of what should be known on each morning.

Hypothesis draws what a centre says of each learner, in which writing, in which order the files are
taken in, and who is withdrawn at the end. The model is a dictionary: the last delivery before a
morning that names a learner is what is known of them.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.point_in_time.cases import cases_open
from features.point_in_time.days import EPOCH, as_timestamp, to_days
from features.point_in_time.snapshot import Index, take_snapshot
from features.records.declarations import Records
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.imports import import_records
from serving.operations.records import keep_contract
from serving.store import contract_summaries
from serving.store.records import versions
from tests.lib.contexts import TODAY
from tests.lib.dossiers_v3 import dossier
from tests.lib.write_paths import empty

DAYS = (date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10))
STARTS = {"running": "2025-09-01", "moved": "2025-09-15", "broken": "2025-09-01"}
BORN = {"L1": "2006-01-11", "L2": "2006-02-12", "L3": "2006-03-13"}
RUN = {
    "annee_scolaire": "2025-2026",
    "date_inscription_formation": "2025-09-01",
    "date_entree_formation": "2025-09-01",
    "date_fin_formation": "2027-07-01",
    "contrat_date_fin": "2027-08-31",
}
BROKEN = {"contrat_date_rupture": "2025-12-15", "cause_rupture_contrat": "démission"}
Known = dict[str, str]  # birth date of a learner -> start of their open contract


class Delivery(NamedTuple):
    """What one file says: the state of each learner it names, and how it is written."""

    states: dict[str, str]
    encoding: str


DELIVERIES = st.tuples(
    *(
        st.builds(
            Delivery,
            st.dictionaries(st.sampled_from(sorted(BORN)), st.sampled_from(sorted(STARTS))),
            st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
        )
        for _ in DAYS
    )
)


def expected(deliveries: tuple[Delivery, ...], withdrawn: str | None, morning: date) -> Known:
    """What the model says: the last word before the morning, nobody ended, nobody withdrawn."""
    last: dict[str, str] = {}
    for day, delivery in zip(DAYS, deliveries, strict=True):
        if day < morning:
            last |= delivery.states
    gone = {withdrawn} if morning > TODAY else set()
    return {
        BORN[learner]: STARTS[state]
        for learner, state in last.items()
        if state != "broken" and learner not in gone
    }


def deliver(context: AppContext, folder: Path, day: date, delivery: Delivery) -> None:
    reported = [
        dossier(
            **RUN,
            id_erp_apprenant=learner,
            nom_apprenant=f"NOM{learner}",
            date_de_naissance_apprenant=BORN[learner],
            contrat_date_debut=STARTS[state],
            **(BROKEN if state == "broken" else {}),
        )
        for learner, state in delivery.states.items()
    ]
    if reported:
        path = folder / f"dossiers-{day}.json"
        path.write_bytes(json.dumps(reported, ensure_ascii=False).encode(delivery.encoding))
        import_records(context, actor=COMMAND, path=path, score=False)


def withdraw(context: AppContext, learner: str | None) -> None:
    """Withdraw the contract of a learner today, as its button does."""
    for row in stored(context).contracts.sort_values("known_on").to_dict("records"):
        if learner and str(row["born_on"])[:10] == BORN[learner]:
            last = {k: _typed(v) for k, v in row.items() if not pd.isna(v)}
    if learner and any(stored(context).contracts["born_on"].eq(pd.Timestamp(BORN[learner]))):
        keep_contract(context, actor=COMMAND, record={**last, "known_on": TODAY, "withdrawn": True})


def _typed(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


def stored(context: AppContext) -> Records:
    """Every version the store holds, as features read them."""
    with context.store.reading() as connection:
        found = versions(connection, contract_summaries.all_ids(connection))
    tables = {
        name: pd.DataFrame([row._asdict() for row in getattr(found, name)])
        for name in ("contracts", "outcomes")
        if getattr(found, name)
    }
    return Records.of(**{name: _dated(table) for name, table in tables.items()})


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    days = [name for name in table if name.endswith("_on")]
    return table.assign(**{name: pd.to_datetime(table[name]) for name in days})


def known(records: Records, morning: date) -> Known:
    """What the snapshot says of the open contracts of a morning."""
    cases = cases_open(records, as_of=as_timestamp(morning))
    if cases.empty:
        return {}
    ids, as_of = cases["contract_id"].tolist(), to_days(cases["as_of"])
    contracts = take_snapshot(Index.of(records), contract_ids=ids, as_of=as_of).contracts
    born, started = (_written(contracts.day(name)) for name in ("born_on", "started_on"))
    assert len(set(born)) == len(born), "two contracts of one learner"
    return dict(zip(born, started, strict=True))


def _written(days: Any) -> list[str]:
    return [date.fromordinal(int(day) + EPOCH).isoformat() for day in days]


@settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    deliveries=DELIVERIES,
    order=st.permutations(range(len(DAYS))),
    withdrawn=st.sampled_from([None, *BORN]),
)
def test_each_morning_knows_what_was_delivered_before_it(
    context: AppContext,
    tmp_path: Path,
    deliveries: tuple[Delivery, ...],
    order: list[int],
    withdrawn: str | None,
) -> None:
    empty(context)
    for number in order:
        deliver(context, tmp_path, DAYS[number], deliveries[number])
    withdraw(context, withdrawn)

    records = stored(context)
    for day in (*DAYS, TODAY):
        for morning in (day, day + timedelta(days=1)):
            assert known(records, morning) == expected(deliveries, withdrawn, morning), morning
