"""Forms read back: empty is missing, errors stand beside their field, nothing else is accepted."""

from datetime import date

import pytest

from serving.pages.records.forms import FORMS, form_view, read_form
from serving.wording import wording
from tests.pages.example_cases import TODAY

T = wording("fr")
GOOD = {"held_on": "2026-11-20", "status": "held"}


def _errors(kind: str, typed: dict[str, str]) -> set[str]:
    return set(read_form(FORMS[kind], typed, today=TODAY, t=T).errors)


def test_what_is_left_empty_is_missing_and_never_zero() -> None:
    values = read_form(FORMS["interview"], GOOD, today=TODAY, t=T).values

    assert values["held_on"] == date(2026, 11, 20)
    assert values["rating_tutor"] is None
    assert values["need_housing"] is None
    assert values["declared_risk"] is None


def test_ratings_of_an_interview_that_was_missed_are_left_out() -> None:
    typed = {**GOOD, "status": "missed", "rating_tutor": "1", "theme_guidance": "1"}

    values = read_form(FORMS["interview"], typed, today=TODAY, t=T).values

    assert (values["rating_tutor"], values["theme_guidance"]) == (None, None)


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({"held_on": ""}, "held_on"),
        ({"held_on": "hier"}, "held_on"),
        ({"held_on": "2026-11-23"}, "held_on"),
        ({"held_on": "9999-01-01"}, "held_on"),
        ({"status": "perhaps"}, "status"),
        ({"rating_tutor": "0"}, "rating_tutor"),
        ({"rating_tutor": "2,5"}, "rating_tutor"),
        ({"rating_tutor": "beaucoup"}, "rating_tutor"),
        ({"declared_risk": "<b>"}, "declared_risk"),
        ({"note": "a" * 10_001}, "note"),
    ],
)
def test_a_fault_is_reported_beside_its_field(changed: dict[str, str], faulty: str) -> None:
    assert _errors("interview", {**GOOD, **changed}) == {faulty}


def test_a_support_action_needs_its_theme() -> None:
    assert _errors("support", {"happened_on": "2026-11-20"}) == {"theme"}


def test_a_support_action_is_an_event_of_its_own_kind() -> None:
    typed = {"happened_on": "2026-11-20", "theme": "guidance"}

    assert read_form(FORMS["support"], typed, today=TODAY, t=T).values["kind"] == "support_action"


def test_what_was_typed_comes_back_with_the_error() -> None:
    typed = {**GOOD, "held_on": "hier", "rating_tutor": "2"}
    reading = read_form(FORMS["interview"], typed, today=TODAY, t=T)

    form = form_view(FORMS["interview"], reading, record_id="R")

    assert (form["held_on"].value, form["rating_tutor"].value) == ("hier", "2")
    assert form["held_on"].error == "Une date est attendue, par exemple 22/11/2026."
