"""The yearly curve of a run: nothing after the morning, and figures that may be undefined."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.incidence import DAYS
from serving.predictor.scorer import Scorer
from tests.lib import programmes
from training.incidence import GRID, Judged, follow_up, judge_incidence
from training.incidence_figures import JUDGED_DAYS, incidence_figures


def cut(records: Records, *, before: pd.Timestamp) -> Records:
    return Records(**{t.name: rows[rows["known_on"] < before] for t, rows in records})


def test_who_was_followed_so_far_is_what_was_known_that_morning() -> None:
    """Records that came in later change nothing."""
    data = programmes.dataset()
    target, morning = data.recipe.target, data.cutoffs[0]

    whole = follow_up(data.records, known_by=morning, target=target)
    known = follow_up(cut(data.records, before=morning), known_by=morning, target=target)

    pd.testing.assert_frame_equal(whole, known)
    assert len(whole) > 100
    delay = pd.Timedelta(days=target.declaration_delay_days)
    assert (whole["left_on"] <= morning - delay).all(), "nobody is followed into the delay"
    assert whole["ruptured"].sum() > 0


def test_a_judged_curve_uses_nothing_of_after_its_morning() -> None:
    """What is predicted on the first cutoff is the same when the records end there."""
    run = programmes.run()
    first = run.dataset.cutoffs[0]
    rows = (run.comparison.predictions["split"] == str(first.date())).to_numpy()
    ended = replace(run.dataset, records=cut(run.dataset.records, before=first))

    predicted = judge_incidence(run.dataset, run.comparison).predicted[rows]

    assert rows.any()
    np.testing.assert_array_equal(judge_incidence(ended, run.comparison).predicted[rows], predicted)


def test_the_curve_at_the_horizon_is_the_risk_and_its_truth_the_label() -> None:
    run = programmes.run()
    judged = judge_incidence(run.dataset, run.comparison)
    at, table = GRID.index(90), run.comparison.predictions

    np.testing.assert_array_equal(judged.predicted[:, at], table[run.comparison.chosen])
    known = ~np.isnan(judged.followed[:, at])
    assert known.mean() > 0.9
    np.testing.assert_array_equal(judged.followed[known, at], table["label"][known])


def test_the_figures_of_a_run_are_in_its_bundle_and_on_its_card() -> None:
    bundle = programmes.run().bundle
    figures = bundle.facts["metrics"]["incidence"]

    assert list(figures["days"]) == [str(day) for day in JUDGED_DAYS]
    assert figures["integrated_brier"]["value"] > 0
    assert "## Over a year" in bundle.card
    assert bundle.hazards is not None
    assert 0 <= bundle.hazards.persistence <= 1


def test_without_a_rupture_or_anything_matured_figures_say_so() -> None:
    """No ratio to a count of 0, no Brier score of nothing."""
    predicted = np.full((4, len(GRID)), 0.1)
    followed = np.zeros((4, len(GRID)))
    followed[:, GRID.index(365)] = np.nan
    judged = Judged(GRID, predicted, predicted, followed, np.arange(4))

    figures = incidence_figures(judged, seed=1, draws=20)

    assert figures["days"]["90"]["ratio"] == {"value": None, "low": None, "high": None}
    assert figures["days"]["365"] == {"cases": 0, "ruptures": 0}
    assert figures["integrated_brier"]["until_days"] == 270
    nothing = replace(judged, followed=np.full((4, len(GRID)), np.nan))
    assert incidence_figures(nothing, seed=1, draws=20)["integrated_brier"] is None


def test_a_perfect_curve_scores_zero_and_gains_over_its_cohort() -> None:
    rng = np.random.default_rng(5)
    followed = (np.arange(len(GRID)) >= rng.integers(0, 9, 60)[:, None]) * 1.0
    judged = Judged(GRID, followed, np.full_like(followed, 0.5), followed, np.arange(60))

    whole = incidence_figures(judged, seed=1, draws=20)["integrated_brier"]

    assert whole["value"] == 0
    assert whole["gain"]["low"] > 0


@pytest.mark.parametrize("old", [False, True])
def test_an_assessment_has_the_curve_of_its_bundle(old: bool) -> None:
    """None with a bundle of before there was one; else its value at the horizon is the risk."""
    bundle, records = programmes.bundle(), programmes.programme()
    if old:
        facts = {name: fact for name, fact in bundle.facts.items() if name != "incidence"}
        bundle = replace(bundle, facts=facts)
    cases = programmes.dataset().cases.tail(40)
    made = Scorer(bundle).assess(
        Index.of(records),
        contract_ids=cases["contract_id"].tolist(),
        as_of=[day.date() for day in cases["as_of"]],
    )

    for one in made:
        assert (one.incidence is None) == old
        if one.incidence is not None:
            at = one.incidence.days.index(90)
            assert one.incidence.risk[at] == one.risk
            assert set(one.incidence.days) <= set(DAYS)
