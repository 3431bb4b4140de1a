"""Deliveries of a centre keep their day: every order of import leaves the same store."""

import json
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.common.errors import InputError
from serving.actors import COMMAND, Actor, Role
from serving.context import AppContext
from serving.operations.imports import Imported, import_records
from serving.operations.records import keep_outcome
from serving.queries.caseload import caseload_of
from serving.store import contract_summaries
from serving.store.contract_summaries import ContractSummary
from serving.store.records import versions
from tests.lib import contexts
from tests.lib.dossiers_v3 import dossier
from tests.lib.write_paths import empty, everything, known

DAYS = ("2026-01-10", "2026-02-10", "2026-03-10")
RUN = {
    "annee_scolaire": "2025-2026",
    "date_inscription_formation": "2025-09-01",
    "date_entree_formation": "2025-09-01",
    "date_fin_formation": "2027-07-01",
    "contrat_date_debut": "2025-09-01",
    "contrat_date_fin": "2027-08-31",
}
BROKEN = {"contrat_date_rupture": "2025-12-15", "cause_rupture_contrat": "démission"}
LEARNERS = ("L1", "L2", "L3")


def of(learner: str, **fields: Any) -> dict[str, Any]:
    """The dossier of a learner, of a name and a birth date of their own."""
    own = {"id_erp_apprenant": learner, "nom_apprenant": f"NOM{learner}"}
    return dossier(**RUN, **own, **fields)


def deliver(
    context: AppContext, folder: Path, day: str, dossiers: list[dict[str, Any]], **options: Any
) -> Imported:
    """Import one delivery of a centre."""
    path = folder / f"dossiers-{day}.json"
    path.write_text(json.dumps(dossiers), encoding="utf-8")
    return import_records(context, actor=COMMAND, path=path, **options)


def summaries(context: AppContext) -> list[ContractSummary]:
    with context.store.reading() as connection:
        return contract_summaries.of_ids(connection, contract_summaries.all_ids(connection))


STATES = st.sampled_from(["absent", "running", "broken"])
DELIVERY = st.lists(STATES, min_size=len(LEARNERS), max_size=len(LEARNERS))


@pytest.mark.slow
@settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(states=st.lists(DELIVERY, min_size=3, max_size=3))
def test_every_order_of_the_same_deliveries_leaves_the_same_store(
    context: AppContext, tmp_path: Path, states: list[list[str]]
) -> None:
    found = []
    for order in permutations(zip(DAYS, states, strict=True)):
        empty(context)
        for day, learners in order:
            dossiers = [
                of(learner, **(BROKEN if state == "broken" else {}))
                for learner, state in zip(LEARNERS, learners, strict=True)
                if state != "absent"
            ]
            if dossiers:
                deliver(context, tmp_path, day, dossiers, full=True, confirm=True, score=False)
        left = known(everything(context))
        del left["outcomes"]  # a withdrawal repeats what it withdraws, as known when it came
        with context.store.reading() as connection:
            ids = contract_summaries.all_ids(connection)
            ends = versions(connection, ids).outcomes
        left["ends"] = sorted((e.contract_id, e.known_on, e.withdrawn) for e in ends)
        found.append(left)
    assert all(one == found[0] for one in found)


def test_a_rupture_that_the_next_delivery_no_longer_reports_is_withdrawn(
    context: AppContext, tmp_path: Path
) -> None:
    deliver(context, tmp_path, DAYS[0], [of("L1", **BROKEN), of("L2")])
    deliver(context, tmp_path, DAYS[1], [of("L1"), of("L2")])
    assert [one.ended_on for one in summaries(context)] == [None, None]


def test_an_end_that_an_advisor_recorded_is_not_withdrawn_by_a_delivery(
    context: AppContext, tmp_path: Path
) -> None:
    deliver(context, tmp_path, DAYS[0], [of("L1")])
    (one,) = summaries(context)
    end = contexts.outcome(one.contract_id, known_on=date(2026, 1, 20), ended_on=date(2026, 1, 19))
    keep_outcome(context, actor=COMMAND, record=end)
    deliver(context, tmp_path, DAYS[1], [of("L1")])
    assert summaries(context)[0].ended_on == date(2026, 1, 19)


@pytest.mark.parametrize("days", [(0, 1), (1, 0)])
def test_a_corrected_start_is_the_same_contract(
    context: AppContext, tmp_path: Path, days: tuple[int, int]
) -> None:
    starts = ("2025-09-01", "2025-09-15")
    for number in days:
        moved = {"contrat_date_debut": starts[number]}
        deliver(context, tmp_path, DAYS[number], [dossier(**{**of("L1"), **moved})])
    (one,) = summaries(context)
    assert one.started_on == date(2025, 9, 15)


def test_who_vanished_from_a_full_delivery_is_no_longer_transmitted(
    context: AppContext, tmp_path: Path
) -> None:
    everybody = [of(f"L{n}") for n in range(6)]
    deliver(context, tmp_path, DAYS[0], everybody, full=True)
    assert all(one.level for one in summaries(context))

    done = deliver(context, tmp_path, DAYS[1], everybody[1:], full=True)

    assert done.vanished == 1
    (gone,) = [one for one in summaries(context) if one.not_transmitted_since]
    assert (gone.not_transmitted_since, gone.level) == (date(2026, 2, 10), None)
    coordinator = Actor("account:1", role=Role.COORDINATOR, site="Nantes")
    with context.reading(coordinator) as reads:
        assert caseload_of(reads) == []  # nobody follows them here

    deliver(context, tmp_path, DAYS[2], everybody, full=True)
    assert all(one.not_transmitted_since is None for one in summaries(context))


def test_a_partial_delivery_lets_nobody_vanish(context: AppContext, tmp_path: Path) -> None:
    deliver(context, tmp_path, DAYS[0], [of("L1"), of("L2")])
    deliver(context, tmp_path, DAYS[1], [of("L1")])
    assert [one.not_transmitted_since for one in summaries(context)] == [None, None]


def test_a_full_delivery_without_more_than_a_fifth_is_refused_until_it_is_confirmed(
    context: AppContext, tmp_path: Path
) -> None:
    deliver(context, tmp_path, DAYS[0], [of("L1"), of("L2"), of("L3")], full=True)
    before = everything(context)
    with pytest.raises(InputError, match="without 2 of them"):
        deliver(context, tmp_path, DAYS[1], [of("L1")], full=True)
    assert everything(context) == before

    done = deliver(context, tmp_path, DAYS[1], [of("L1")], full=True, confirm=True)

    assert done.vanished == 2
    assert sum(one.not_transmitted_since is not None for one in summaries(context)) == 2


def test_a_delivery_keeps_the_day_it_was_received(context: AppContext, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.json"
    path.write_text(json.dumps([of("L1")]), encoding="utf-8")
    import_records(context, actor=COMMAND, path=path, received_on=date(2026, 1, 12))
    assert summaries(context)[0].known_on == date(2026, 1, 12)
    with pytest.raises(InputError, match="until today"):
        import_records(context, actor=COMMAND, path=path, received_on=date(2027, 1, 12))
