"""What surrounds a contract: two centres at once, a next contract, a change of employer."""

from datetime import date, timedelta
from typing import Any

from serving.actors import COMMAND, Actor, Role
from serving.context import AppContext
from serving.operations.records import keep_contract, keep_outcome
from serving.pages.shared.case_words import notices
from serving.queries.caseload import caseload_of
from serving.queries.cases import case_file
from serving.queries.circumstances import Circumstance, Surrounding
from serving.queries.worklist_order import order_of_urgency
from serving.wording import wording
from tests.lib.contexts import TODAY, contract, outcome

ADVISOR = Actor("account:1", role=Role.ADVISOR, advisor_id="A1")
ELSEWHERE = {"advisor_id": "A2", "training_centre_uai": "0850001B"}


def keep(context: AppContext, *contracts: dict[str, Any]) -> None:
    for one in contracts:
        keep_contract(context, actor=COMMAND, record=one)


def around(context: AppContext, contract_id: str) -> tuple[Surrounding, ...]:
    with context.reading(ADVISOR) as reads:
        return case_file(reads, contract_id=contract_id).summary.surroundings


def listed(context: AppContext) -> dict[str, tuple[str, ...]]:
    """Return what the list of the advisor says beside each of their cases."""
    with context.reading(ADVISOR) as reads:
        cases = caseload_of(reads)
    return {c.contract_id: notices(c, today=TODAY, t=wording("fr")) for c in cases}


def test_who_is_in_two_centres_at_once_is_shown_as_such(context: AppContext) -> None:
    keep(context, contract("C1", person_id="P"), contract("C2", person_id="P", **ELSEWHERE))

    assert around(context, "C1") == (Surrounding(Circumstance.TWO_CENTRES),)
    assert listed(context) == {"C1": ("aussi en contrat dans un autre centre",)}


def test_a_contract_withdrawn_is_beside_nobody(context: AppContext) -> None:
    second = contract("C2", person_id="P", **ELSEWHERE)
    keep(context, contract("C1", person_id="P"), second, {**second, "withdrawn": True})
    assert around(context, "C1") == ()


def test_a_next_contract_after_a_rupture_is_shown_on_both(context: AppContext) -> None:
    ended = TODAY - timedelta(days=60)
    keep(context, contract("C1", person_id="P"))
    keep_outcome(context, actor=COMMAND, record=outcome("C1", ended_on=ended))
    assert around(context, "C1") == ()

    begun = {"started_on": ended + timedelta(days=20), "known_on": TODAY}
    keep(context, contract("C2", person_id="P", training_centre_uai="0850001B", **begun))

    assert around(context, "C1") == (Surrounding(Circumstance.RETURNED, begun["started_on"]),)
    assert around(context, "C2") == (Surrounding(Circumstance.AFTER_ANOTHER, ended),)


def test_a_contract_after_more_than_180_days_is_another_story(context: AppContext) -> None:
    keep(context, contract("C1", person_id="P", started_on=date(2024, 9, 2)))
    keep_outcome(context, actor=COMMAND, record=outcome("C1", ended_on=date(2025, 3, 1)))
    keep(context, contract("C2", person_id="P"))
    assert (around(context, "C1"), around(context, "C2")) == ((), ())


def test_a_change_of_establishment_is_not_a_change_of_employer(context: AppContext) -> None:
    first, moved, sold = (contract("C1", employer_siret=f"{n}") for n in SIRETS)
    keep(context, first, {**moved, "known_on": date(2026, 1, 5)})
    assert around(context, "C1") == (
        Surrounding(Circumstance.ESTABLISHMENT_CHANGED, date(2026, 1, 5)),
    )
    assert listed(context) == {"C1": ("changement d'établissement, connu le 5 janvier",)}

    keep(context, {**sold, "known_on": date(2026, 2, 5)})
    assert around(context, "C1") == (Surrounding(Circumstance.EMPLOYER_CHANGED, date(2026, 2, 5)),)


SIRETS = ("12345678900011", "12345678900029", "98765432100015")


def test_an_assessment_beside_an_announced_end_does_not_rank(context: AppContext) -> None:
    """It was made as if nothing were known of the end: it is shown, and decides no order."""
    keep(context, contract("C1"), contract("C2"))
    with context.reading(ADVISOR) as reads:
        first = order_of_urgency(caseload_of(reads), today=TODAY)[0]
    ahead = outcome(first.contract_id, ended_on=TODAY + timedelta(days=30))
    keep_outcome(context, actor=COMMAND, record=ahead)

    with context.reading(ADVISOR) as reads:
        found = order_of_urgency(caseload_of(reads), today=TODAY)

    assert found[-1].contract_id == first.contract_id
    assert found[-1].risk == first.risk
