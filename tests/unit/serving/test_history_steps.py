"""Past ruptures stored as steps: summing the rows of a day changes nothing that is read."""

from pathlib import Path
from typing import Any

from sqlalchemy import event, func, insert, select

from features.point_in_time.days import days_of
from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.records import keep_contract, keep_outcome
from serving.store.engine import Store, open_store
from serving.store.history import all_sums_before, compact
from serving.store.tables import history_steps
from tests.lib.contexts import TODAY, contract, outcome
from tests.lib.databases import database

STEP = {"entity": "all", "key": "all", "day": 1, "at_risk": 1.0, "start_day_sum": 1.0}
STEP |= {"ruptures": 1.0, "contracts": 1.0}


def sums(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as connection:
        found = all_sums_before(connection, day=int(days_of([TODAY])[0]))
    return sorted(tuple(row) for row in found if any(row[2:]))


def test_one_row_is_left_of_each_entity_and_day_and_the_sums_are_the_same(
    context: AppContext,
) -> None:
    for number in range(3):
        keep_contract(context, actor=COMMAND, record=contract(f"C{number}"))
    keep_outcome(context, actor=COMMAND, record=outcome("C1"))
    before = sums(context.store)
    with context.store.writing() as connection:
        compact(connection)
    t = history_steps.c
    with context.store.reading() as connection:
        grouped = select(func.count()).select_from(history_steps).group_by(t.entity, t.key, t.day)
        assert set(connection.execute(grouped).scalars()) == {1}
    assert sums(context.store) == before


def test_a_step_committed_while_rows_are_summed_is_not_lost(tmp_path: Path) -> None:
    """PostgreSQL lets a row of a lower number be committed between two statements."""
    with database("postgresql", tmp_path) as url:
        store = open_store(url)
        late = store.engine.connect()
        late.execute(insert(history_steps), STEP)
        with store.writing() as connection:
            connection.execute(insert(history_steps), [STEP, STEP])

        @event.listens_for(store.engine, "before_cursor_execute")
        def commit_late(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("DELETE"):
                late.commit()

        with store.writing() as connection:
            compact(connection)
        late.close()
        assert sums(store) == [("all", "all", 3.0, 3.0, 3.0, 3.0)]
        store.close()
