"""However records are sent, store and answers are the same; the order of days changes nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.records.declarations import INTERVIEW
from serving.actors import COMMAND, Scope
from serving.app import create_app
from serving.context import AppContext
from serving.operations.keys import add_key
from serving.store.records import versions as stored_versions
from tests.lib import contexts
from tests.lib.api import Api
from tests.lib.contexts import TODAY
from tests.lib.sign_in_site import ADDRESS, PASSWORD, browser, settle, token_of
from tests.lib.write_paths import (
    ADDED,
    REFUSED,
    REPEATED,
    Sent,
    by_api,
    by_file,
    by_form,
    empty,
    everything,
    known,
    zipped,
)

SHARED = settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
CONTRACTS = st.sampled_from(["C1", "C2"])
DAYS = st.integers(0, 3).map(lambda ago: TODAY - timedelta(days=ago))
SOMETIMES_TO_COME = st.one_of(DAYS, DAYS, DAYS, st.just(TODAY + timedelta(days=1)))


@st.composite
def _contracts(draw: st.DrawFn) -> Sent:
    values: dict[str, Any] = {
        "pay_percent_smic": draw(st.sampled_from([43.0, 60.0])),
        "known_on": draw(SOMETIMES_TO_COME),
    }
    if draw(st.integers(0, 5)) == 0:
        values["person_id"] = "P-other"
    return Sent("contracts", contexts.contract(draw(CONTRACTS), **values))


@st.composite
def _interviews(draw: st.DrawFn) -> Sent:
    return Sent(
        "interviews",
        contexts.interview(
            draw(st.sampled_from(["I1", "I2"])),
            draw(CONTRACTS),
            held_on=TODAY - timedelta(days=draw(st.integers(0, 5))),
            rating_tutor=draw(st.sampled_from([1.0, 5.0])),
            known_on=draw(DAYS),
        ),
    )


@st.composite
def _outcomes(draw: st.DrawFn) -> Sent:
    ended_on = TODAY - timedelta(days=draw(st.integers(1, 3)))
    values = {"ended_on": ended_on, "known_on": draw(DAYS)}
    return Sent("outcomes", contexts.outcome(draw(CONTRACTS), **values))


@st.composite
def _withdrawals(draw: st.DrawFn) -> Sent:
    values: dict[str, Any] = {"contract_id": draw(CONTRACTS), "known_on": draw(SOMETIMES_TO_COME)}
    table = draw(st.sampled_from(["contracts", "interviews", "outcomes"]))
    if table == "interviews":
        values["interview_id"] = f"I{values['contract_id'][1]}"
    return Sent(table, {**values, "withdrawn": True})


ROWS = st.one_of(_withdrawals(), _contracts(), _contracts(), _interviews(), _outcomes())
SEQUENCES = st.lists(ROWS, min_size=2, max_size=7).flatmap(
    lambda rows: st.lists(st.sampled_from(rows), min_size=len(rows), max_size=len(rows) + 2)
)


@pytest.fixture
def api(context: AppContext) -> Iterator[Api]:
    """Ask the service with a key that may do everything."""
    app = create_app(context)
    key = add_key(context, actor=COMMAND, name="test", scopes=tuple(Scope)).text
    made = Api(app, headers={"Authorization": f"Bearer {key}"})
    yield made
    made.close()
    app.state.scoring_queue.close()


@SHARED
@given(sequence=SEQUENCES)
def test_the_api_and_files_leave_the_same_store(
    context: AppContext, api: Api, sequence: list[Sent]
) -> None:
    found = []
    for way in (by_api, by_file):
        empty(context)
        became = [way(api, Sent("contracts", contexts.contract("C1")))]
        became += [way(api, sent) for sent in sequence]
        found.append((became, everything(context)))
    assert found[0] == found[1]


@SHARED
@given(sequence=SEQUENCES, data=st.data())
def test_the_order_in_which_days_arrive_changes_nothing(
    context: AppContext, api: Api, sequence: list[Sent], data: st.DataObject
) -> None:
    """Of versions with their contract's first; two of one key and day differ by their order."""
    once = {
        (s.table, s.values.get(f"{s.table[:-1]}_id"), s.values["known_on"]): s for s in sequence
    }
    start = [contexts.contract(name, known_on=date(2025, 9, 2)) for name in ("C1", "C2")]
    owned = [s for s in once.values() if s.values.get("person_id") != "P-other"]
    owned = [
        Sent(s.table, {**s.values, "contract_id": f"C{s.values['interview_id'][1]}"})
        if s.table == "interviews"
        else s
        for s in owned
    ]
    orders = (owned, data.draw(st.permutations(owned)))
    found = []
    for order in orders:
        empty(context)
        for sent in (*(Sent("contracts", row) for row in start), *order):
            by_api(api, sent)
        found.append(known(everything(context)))
    assert found[0] == found[1]


@pytest.mark.parametrize("way", [by_api, by_file])
def test_a_then_b_then_a_of_one_day_leaves_a_in_force(
    context: AppContext, api: Api, way: Any
) -> None:
    a, b = (Sent("contracts", contexts.contract("C1", weekly_hours=h)) for h in (35.0, 20.0))
    assert [way(api, sent) for sent in (a, b, a, a)] == [ADDED, ADDED, ADDED, REPEATED]
    with context.store.reading() as connection:
        versions = stored_versions(connection, ["C1"]).contracts
    assert [row.weekly_hours for row in versions] == [35.0, 20.0, 35.0]


def test_a_late_version_takes_its_place_by_its_day(context: AppContext, api: Api) -> None:
    for known_on, hours in ((date(2026, 3, 1), 35.0), (date(2026, 2, 1), 20.0)):
        values = contexts.contract("C1", known_on=known_on, weekly_hours=hours)
        assert by_api(api, Sent("contracts", values)) == ADDED
    with context.store.reading() as connection:
        versions = stored_versions(connection, ["C1"]).contracts
    assert [row.weekly_hours for row in versions] == [20.0, 35.0]


def test_two_versions_of_one_day_in_one_file_are_both_refused(
    context: AppContext, api: Api
) -> None:
    rows = [contexts.contract("C1", weekly_hours=hours) for hours in (35.0, 20.0)]
    answer = api.post(
        "/v1/imports",
        content=zipped({"contracts": rows}),
        headers={"Content-Type": "application/zip", "Prefer": "wait"},
    )
    assert answer.json()["refused"]["contracts"] == 2
    assert everything(context)["contracts"] == []


@pytest.mark.parametrize(("held", "ended"), [(0, 0), (2, -30)])
def test_a_form_leaves_the_same_store_as_the_api(
    context: AppContext, api: Api, held: int, ended: int
) -> None:
    """A form says what it asks for: a box that is not ticked is false, what is left is missing."""
    boxes = dict.fromkeys(("with_tutor", "with_training_centre"), False)
    themes = {name: False for name in INTERVIEW.names if name.startswith("theme_")}
    day = TODAY - timedelta(days=held)
    typed = {
        "interview_id": f"page:{'a' * 24}",
        "contract_id": "C1",
        "held_on": day,
        "status": "held",
        "with_young_person": True,
        "rating_tutor": 2.0,
        "note": "Un mot",
    }
    ended_on = TODAY - timedelta(days=ended)  # an end may be announced
    end = {"contract_id": "C1", "ended_on": ended_on, "how": "rupture", "initiator": "mutual"}
    settle(context, advisor_id="A1")
    found = []
    for form in (False, True):
        empty(context)
        by_api(api, Sent("contracts", contexts.contract("C1")))
        if form:
            with browser(create_app(context)) as client:
                entry = {"email": ADDRESS, "password": PASSWORD, "suite": "/suivis"}
                token = token_of(client.get("/connexion"))
                client.post("/connexion", data={**entry, "csrf_token": token})
                typed_form = {k: v for k, v in typed.items() if v is not True}
                typed_form["with_young_person"] = "1"
                for sent in (Sent("interviews", typed_form), Sent("outcomes", end)) * 2:
                    assert by_form(client, sent) == 200
        else:
            sent = Sent("interviews", {**typed, **boxes, **themes})
            assert [by_api(api, s) for s in (sent, Sent("outcomes", end)) * 2] == [
                ADDED,
                ADDED,
                REPEATED,
                REPEATED,
            ]
        found.append(everything(context))
    assert found[0] == found[1]


def test_a_refused_row_leaves_nothing(context: AppContext, api: Api) -> None:
    to_come = contexts.contract("C1", known_on=TODAY + timedelta(days=1))
    assert by_file(api, Sent("contracts", to_come)) == REFUSED
    assert everything(context)["contracts"] == []
