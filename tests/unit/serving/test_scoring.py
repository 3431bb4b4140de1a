"""Assessments: a batch gives what its cases give one by one, and the sum is the score."""

import hashlib
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.cases import cases_along
from features.point_in_time.snapshot import Index
from models.curve import band_at
from serving.predictor.scorer import Assessment, Scorer, assess, assess_cases
from tests.lib import programmes
from tests.lib.typed_records import typed_index

NAMES = ("base_rate", "logistic", "trees")


@cache
def index() -> Index:
    """The records of the simulated programme."""
    return Index.of(programmes.programme())


@cache
def cases() -> pd.DataFrame:
    """Cases along its contracts, some of them before the start."""
    records = programmes.programme()
    along = cases_along(records, every_days=90, until=records.last_known_on).iloc[::9].head(60)
    early = records.contracts[records.contracts["known_on"] < records.contracts["started_on"]]
    early = early.drop_duplicates("contract_id", keep=False).head(5)
    before = pd.DataFrame(
        {"contract_id": early["contract_id"], "as_of": early["known_on"] + pd.Timedelta(days=1)}
    )
    return pd.concat([along, before[before["as_of"] < early["started_on"]]], ignore_index=True)


def assessed(name: str) -> list[Assessment]:
    """All cases in one batch."""
    return assess_cases(
        index(),
        contract_ids=cases()["contract_id"].tolist(),
        as_of=[day.date() for day in cases()["as_of"]],
        scorer=Scorer(programmes.bundle(name)),
    )


def plain(assessment: Assessment) -> dict[str, object]:
    """Everything it says, contributions as bytes."""
    fields = vars(assessment)
    weights = assessment.contributions
    return {**fields, "contributions": None if weights is None else weights.tobytes()}


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_equals_its_cases_one_by_one_from_typed_rows(name: str) -> None:
    """Bit for bit, reasons and digest included, whether tables or a request brought the records."""
    scorer, records = Scorer(programmes.bundle(name)), programmes.programme()
    for one in assessed(name)[::7]:
        own = typed_index(records.of_contracts([one.contract_id]), history=index().history)
        [alone] = assess_cases(own, contract_ids=[one.contract_id], as_of=one.as_of, scorer=scorer)
        assert plain(alone) == plain(one)


@pytest.mark.parametrize("name", NAMES)
def test_base_and_contributions_make_the_log_odds_of_the_risk(name: str) -> None:
    for one in assessed(name):
        if one.risk is not None:
            assert one.contributions is not None
            assert one.base_value is not None
            margin = one.base_value + one.contributions.sum()
            assert margin == pytest.approx(logit(one.risk), abs=1e-6)


def test_what_is_not_assessed_has_no_risk_no_level_and_no_reason() -> None:
    found = assessed("trees")
    silent = [one for one in found if one.status == "not_assessed"]
    assert {one.status for one in found} == {"assessed", "not_assessed"}
    for one in silent:
        assert one.why_not is not None
        assert (one.risk, one.level, one.similar, one.base_rate, one.base_value) == (None,) * 5
        assert (one.reasons, one.contributions) == ([], None)


def test_the_digest_is_of_the_matrix_row() -> None:
    matrix = build_matrix(index(), cases()).to_numpy()
    expected = [hashlib.sha256(row.tobytes()).hexdigest() for row in matrix]
    assert [one.row_digest for one in assessed("trees")] == expected


def test_similar_cases_are_read_off_the_curve() -> None:
    """Counts of the nearest point, the band between the points."""
    curve = programmes.bundle().curve
    for one in assessed("trees"):
        if one.risk is not None:
            assert one.similar is not None
            nearest = curve.iloc[(curve["risk"] - one.risk).abs().argmin()]
            assert (one.similar.cases, one.similar.ruptures) == (nearest.cases, nearest.ruptures)
            low, high = band_at(curve, [one.risk])
            assert (one.similar.low, one.similar.high) == (low[0], high[0])


def test_an_assessment_names_what_it_was_made_with() -> None:
    bundle = replace(programmes.bundle(), version="trees-1")
    scorer = Scorer(bundle)
    [one] = scorer.assess(
        index(),
        contract_ids=cases()["contract_id"].head(1).tolist(),
        as_of=[cases()["as_of"].iloc[0].date()],
    )
    assert (one.model_version, one.label_version) == ("trees-1", bundle.label_version)
    assert one.catalogue_hash == CATALOGUE.hash


def test_the_table_says_what_the_assessments_say() -> None:
    """Missing where nothing is said, one column for each contribution."""
    bundle = programmes.bundle()
    done: list[int] = []
    table = assess(index(), cases(), bundle, progress=done.append)
    assert sum(done) == len(table) == len(cases())
    for row, one in zip(table.to_dict("records"), assessed("trees"), strict=True):
        assert row["status"] == one.status
        assert row["as_of"].date() == one.as_of
        if one.risk is None:
            assert row["why_not_code"] == one.why_not
            assert pd.isna(row["risk"])
            assert pd.isna(row["level"])
        else:
            assert (row["risk"], row["level"]) == (one.risk, one.level)
            assert row["reasons"] == [vars(reason) for reason in one.reasons]
            weights = [row[f"contribution_{name}"] for name in bundle.columns]
            np.testing.assert_array_equal(weights, one.contributions)


def test_no_case_gives_no_assessment() -> None:
    scorer = Scorer(programmes.bundle())
    as_of = cases()["as_of"].iloc[0].date()
    assert assess_cases(index(), contract_ids=[], as_of=as_of, scorer=scorer) == []
