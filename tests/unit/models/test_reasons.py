"""Reasons are sums of contributions by group, written in French by the fact that weighed most."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.catalogue.catalogue import Policy
from features.catalogue.groups import GROUPS
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from models.explanation import Explainer
from models.reasons import FEWEST, Reason, ReasonWriter
from tests.lib import programmes
from tests.lib.tables import cases_of, records_of

WRITER = ReasonWriter(CATALOGUE)
INTERVIEWS = """
    held_on    | status | rating_tutor
    2023-09-20 | held   | 4
    2023-10-15 | missed | -
    2023-12-10 | held   | 2
    2024-01-10 | missed | -
"""


def matrix() -> pd.DataFrame:
    """One case whose tutor rating fell and who missed two of the last three interviews."""
    records = records_of(interviews=INTERVIEWS)
    return build_matrix(Index.of(records), cases_of(("C1", "2024-02-01")))


def rows_of(matrix: pd.DataFrame) -> dict[str, Any]:
    """The rows of a matrix, and the morning of each, as reasons take them."""
    mornings = [day.date() for day in matrix.index.get_level_values("as_of")]
    return {"values": matrix[CATALOGUE.names].to_numpy(), "as_of": mornings}


def reasons_of(**contributions: float) -> list[Reason]:
    """Reasons of the case when only these features weighed."""
    row = np.zeros((1, len(CATALOGUE.inputs)))
    for name, weight in contributions.items():
        row[0, CATALOGUE.inputs.index(name)] = weight
    return WRITER.write(contributions=row, **rows_of(matrix()))[0]


@pytest.mark.parametrize("name", ["base_rate", "logistic", "trees"])
def test_all_reasons_of_a_case_make_its_margin(name: str) -> None:
    """Over all groups they sum to the margin less the base: nothing is left out or given twice."""
    data = programmes.dataset()
    explained = Explainer(programmes.model(name)).explain(data.X[:50])

    everything = WRITER.write(
        contributions=explained.contributions, share=1.0, **rows_of(data.matrix[:50])
    )

    sums = [sum(reason.contribution for reason in reasons) for reasons in everything]
    np.testing.assert_allclose(sums, explained.margin - explained.base, atol=1e-9)


def test_reasons_come_heaviest_first_whatever_their_sign() -> None:
    reasons = reasons_of(rating_tutor_last=0.4, silence_days=-0.9, commute_minutes=0.1)

    assert [reason.group for reason in reasons] == ["contact", "tutor", "commute"]
    assert [reason.contribution for reason in reasons] == [-0.9, 0.4, 0.1]


@pytest.mark.parametrize("share", [0.5, 0.75, 0.9])
def test_reasons_are_given_until_they_make_the_share_of_the_weight(share: float) -> None:
    """No fewer than make it, no more, and three at least."""
    data = programmes.dataset()
    contributions = Explainer(programmes.model("trees")).explain(data.X[:50]).contributions
    weights = np.abs(WRITER.group_sums(contributions))

    written = WRITER.write(contributions=contributions, share=share, **rows_of(data.matrix[:50]))

    for reasons, weight in zip(written, weights, strict=True):
        shown = [abs(reason.contribution) for reason in reasons]
        assert sum(shown) >= share * weight.sum() - 1e-9
        assert len(shown) == FEWEST or sum(shown[:-1]) < share * weight.sum()


def test_a_group_that_weighed_nothing_is_no_reason() -> None:
    assert [reason.group for reason in reasons_of(commute_minutes=0.2)] == ["commute"]
    assert reasons_of() == []


def test_a_group_is_summed_for_and_against() -> None:
    reasons = reasons_of(rating_tutor_last=0.5, rating_tutor_change=-0.2, rating_tutor_slope=0.1)

    assert [reason.contribution for reason in reasons] == [pytest.approx(0.4)]


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ("interviews_missed_last_3", "2 entretiens manqués sur les 3 derniers"),
        ("rating_tutor_change", "Relation avec le tuteur : passée de 4 à 2 depuis septembre"),
        ("rating_tutor_last", "Relation avec le tuteur : 2 sur 5"),
        ("interviews_missed_in_a_row", "1 entretien manqué depuis le dernier entretien tenu"),
        ("rating_motivation_last", "Motivation pour le métier : pas encore de note"),
        ("warnings", "Aucun avertissement"),
        ("is_professionalisation", "Contrat d'apprentissage"),
    ],
)
def test_the_sentence_gives_the_fact(feature: str, sentence: str) -> None:
    """A value, a zero and an unknown each have words of their own."""
    assert [reason.sentence for reason in reasons_of(**{feature: 0.3})] == [sentence]


def test_the_sentence_is_of_the_feature_that_weighed_most_in_the_direction_of_the_sum() -> None:
    """The heaviest feature of a group may pull the other way: it would tell the wrong story."""
    against = reasons_of(rating_tutor_last=0.5, rating_tutor_change=-0.4, rating_tutor_mean_3=-0.3)

    assert [reason.contribution for reason in against] == [pytest.approx(-0.2)]
    assert against[0].sentence.startswith("Relation avec le tuteur : passée de 4 à 2")


def test_a_group_no_fact_of_which_carries_half_is_described_by_two() -> None:
    """The second goes on in the same sentence; a fact that carries half stands alone."""
    two = reasons_of(rating_tutor_last=0.3, rating_tutor_change=0.25, rating_tutor_mean_3=0.2)
    one = reasons_of(rating_tutor_last=0.5, rating_tutor_change=0.25, rating_tutor_mean_3=0.2)

    expected = "Relation avec le tuteur : 2 sur 5 ; passée de 4 à 2 depuis septembre"
    assert two[0].sentence == expected
    assert one[0].sentence == "Relation avec le tuteur : 2 sur 5"


def test_a_reason_points_to_the_theme_of_its_group() -> None:
    [reason] = reasons_of(rating_tutor_last=0.5)

    group = GROUPS["tutor"]
    assert (reason.label, reason.theme, reason.within_reach) == (
        group.label,
        group.theme,
        group.within_reach,
    )


def test_every_input_belongs_to_exactly_one_group() -> None:
    """A weight on any input is a reason of its group with that very weight."""
    inputs = [f for f in CATALOGUE if f.policy is Policy.INPUT]
    weights = np.eye(len(inputs))

    reasons = WRITER.write(contributions=weights, **rows_of(pd.concat([matrix()] * len(inputs))))

    assert [[r.group for r in row] for row in reasons] == [[f.group] for f in inputs]
    assert all(reason.contribution == 1.0 for [reason] in reasons)
