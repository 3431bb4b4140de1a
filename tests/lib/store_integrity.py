"""What must hold of a store at any moment, whatever happened to the processes that wrote to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from features.point_in_time.past_ruptures import AMOUNTS, increments_of
from features.point_in_time.record_arrays import RecordArrays
from features.records.declarations import CONTRACT, OUTCOME, RECORD_TYPES
from serving.context import AppContext
from serving.store.tables import (
    RECORD_TABLES,
    assessments,
    audit,
    contract_summaries,
    history_steps,
)
from tests.lib.concurrent_clients import Sent

OF_KEEPING = [f"keep_{t.name.removesuffix('s')}" for t in RECORD_TYPES]


def assert_stored(context: AppContext, sent: Iterable[Sent]) -> None:
    """Every acknowledged write is in the store, once, and no record that nobody sent."""
    sent = list(sent)
    with context.store.reading() as connection:
        stored = {t.name: _keys(connection, t) for t in RECORD_TYPES}
    lost = [s for s in sent if s.is_stored and stored[s.table][s.key] != 1]
    assert lost == []
    known = {(s.table, s.key) for s in sent}
    assert {(table, key) for table, keys in stored.items() for key in keys} <= known


def assert_whole(context: AppContext, *, audited: bool = True) -> int:
    """No half write; returns the number of contracts. `audited`: each record stored by itself."""
    with context.store.reading() as connection:
        rows = connection.execute(select(contract_summaries)).all()
        made = _assessments(connection)
        for contract_summary in rows:
            _assert_standing(contract_summary, made[contract_summary.contract_id])
        records = _counts(connection)
        assert records == {row.contract_id: row.records_seq for row in rows}
        if audited:
            assert _audited(connection) == records
        assert set(made) <= set(records)
        _assert_history(connection)
    return len(rows)


def _keys(connection: Connection, record_type: Any) -> Counter[str]:
    column = RECORD_TABLES[record_type.name].c[record_type.key]
    return Counter(connection.execute(select(column)).scalars())


def _assert_standing(contract_summary: Any, made: list[Any]) -> None:
    """The contract_summary is that of the last assessment, which has seen every record."""
    if contract_summary.assessment_id is None:
        assert made == []
        return
    last = made[-1]
    assert contract_summary.assessment_id == last.id
    assert contract_summary.scored_seq == contract_summary.records_seq
    for name in ("as_of", "status", "level", "risk", "model_version"):
        assert getattr(contract_summary, name) == getattr(last, name)
    assert [one.previous_id for one in made] == [None, *(one.id for one in made[:-1])]


def _assessments(connection: Connection) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(select(assessments).order_by(assessments.c.id)):
        made[row.contract_id].append(row)
    return made


def _counts(connection: Connection) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for table in RECORD_TABLES.values():
        by = select(table.c.contract_id, func.count()).group_by(table.c.contract_id)
        counts.update({row[0]: row[1] for row in connection.execute(by)})
    return dict(counts)


def _audited(connection: Connection) -> dict[str, int]:
    query = (
        select(audit.c.subject, func.count())
        .where(audit.c.action.in_(OF_KEEPING))
        .group_by(audit.c.subject)
    )
    return {row[0].removeprefix("contract:"): row[1] for row in connection.execute(query)}


def _assert_history(connection: Connection) -> None:
    """What is summed for other contracts is what all records together say."""
    t = history_steps.c
    by = (t.entity, t.key, t.day)
    sums = [func.sum(t[name]) for name in AMOUNTS]
    rows = connection.execute(select(*by, *sums).group_by(*by)).all()
    held = sorted((*row[:2], int(row[2]), *row[3:]) for row in rows if any(row[3:]))
    whole = increments_of(
        RecordArrays.of_rows(_rows(connection, CONTRACT), CONTRACT),
        RecordArrays.of_rows(_rows(connection, OUTCOME), OUTCOME),
    )
    assert held == whole.rows()


def _rows(connection: Connection, record_type: Any) -> list[Any]:
    table = RECORD_TABLES[record_type.name]
    columns = [table.c[name] for name in record_type.names]
    return list(connection.execute(select(*columns).order_by(table.c.known_on, table.c.seq)).all())
