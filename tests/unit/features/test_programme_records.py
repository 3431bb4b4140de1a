"""Records of a programme: rows as declared, columns an analysis reads, words for every rule."""

import pytest

from features.programme.eligibility import Rule
from features.programme.records import ENROLMENT, FOLLOW_UP, EnrolmentRow, FollowUpRow
from features.programme.rule_words import rule_words
from training.effect.enrolments import ENROLMENTS, FOLLOW_UPS


def test_rows_have_the_declared_columns() -> None:
    assert list(EnrolmentRow._fields) == ENROLMENT.names
    assert list(FollowUpRow._fields) == FOLLOW_UP.names


def test_the_service_stores_every_column_that_an_analysis_reads() -> None:
    assert set(ENROLMENTS) <= set(ENROLMENT.names)
    assert set(FOLLOW_UPS) <= set(FOLLOW_UP.names)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_rule_has_words(language: str) -> None:
    assert set(rule_words(language)) == set(Rule)
    assert all(rule_words(language).values())
