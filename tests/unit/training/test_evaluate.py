"""The backtest replays deployments: learn what had matured, judge who was open, choose plainly."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.common.errors import TrainingError
from features.records.declarations import Records
from models.candidates import NAMES
from tests.lib import programmes
from training.dataset import build_dataset
from training.evaluate import BASELINE, Comparison, compare, contenders, fits_to_come
from training.fit import fit_final
from training.recipe import Backtest, Candidates, Target, Training

ALONG = replace(programmes.QUICK, candidates=Candidates(names=("base_rate", "logistic")))


@pytest.fixture(scope="module")
def replayed() -> Comparison:
    return programmes.run().comparison


def test_every_candidate_is_judged_on_the_same_cases(replayed: Comparison) -> None:
    columns = ["base_rate", "trees", BASELINE]
    assert replayed.predictions[columns].notna().all(axis=None)
    assert replayed.predictions[columns].apply(lambda risk: risk.between(0, 1)).all(axis=None)


def test_judged_cases_are_those_open_on_a_cutoff(replayed: Comparison) -> None:
    """One case per contract and cutoff, with the label that matured since."""
    data = programmes.dataset()
    cases = data.cases.iloc[replayed.predictions["row"]]

    assert replayed.in_time_order
    assert cases["cutoff"].all()
    assert cases["as_of"].dt.strftime("%Y-%m-%d").tolist() == list(replayed.predictions["split"])
    assert not cases.duplicated(["contract_id", "as_of"]).any()
    labels = data.labels(known_by=data.until)[replayed.predictions["row"]]
    np.testing.assert_array_equal(labels, replayed.predictions["label"])


def test_no_label_that_matures_after_a_cutoff_is_known_on_it() -> None:
    """The gap: horizon and declaration delay lie between a row that is learned and the cutoff."""
    data = programmes.dataset()
    gap = pd.Timedelta(days=150)
    for cutoff in data.cutoffs:
        known = ~np.isnan(data.labels(known_by=cutoff))
        assert known.any()
        assert (data.cases["as_of"][known] + gap <= cutoff).all()


def test_nothing_known_after_a_cutoff_changes_its_risks() -> None:
    """A deployment is replayed as it would have been: with what was known that morning."""
    records, until = programmes.programme(), programmes.dataset().until
    cutoff = programmes.dataset().cutoffs[0]
    as_it_was = Records(**{t.name: rows[rows["known_on"] < cutoff] for t, rows in records})

    now, then = (risks_at(cutoff, part, until) for part in (records, as_it_was))

    shared = now.index.intersection(then.index)
    assert len(shared) > 100
    pd.testing.assert_frame_equal(now.loc[shared], then.loc[shared], check_exact=True)


def risks_at(cutoff: pd.Timestamp, records: Records, until: pd.Timestamp) -> pd.DataFrame:
    """Risks of the cases of a cutoff, by contract."""
    data = build_dataset(records, programmes.QUICK, until=until)
    table = compare(data, jobs=1).predictions
    table = table[table["split"] == str(cutoff.date())]
    ids = data.cases["contract_id"].iloc[table["row"]].to_numpy()
    return table.set_index(ids)[["base_rate", "trees"]]


def test_a_contract_is_new_when_no_morning_of_it_was_learned(replayed: Comparison) -> None:
    """A contract begun within the gap cannot have been learned from; an old one was."""
    data = programmes.dataset()
    cases = data.cases.iloc[replayed.predictions["row"]].reset_index(drop=True)
    first = data.cases[~data.cases["cutoff"]].groupby("contract_id")["as_of"].min()
    begun = cases["contract_id"].map(first)
    recent = (begun + pd.Timedelta(days=150) > cases["as_of"]).to_numpy()

    new = replayed.predictions["new"]

    assert new[recent].all()
    assert new.any()
    assert not new.all()


def test_without_history_folds_by_person_stand_in_and_say_so() -> None:
    """Every matured row is judged once, by a model that never saw its person."""
    data = replace(programmes.dataset(), cutoffs=(), recipe=ALONG)

    comparison = compare(data, jobs=1)

    matured = ~data.cases["cutoff"].to_numpy() & ~np.isnan(data.labels(known_by=data.until))
    table = comparison.predictions
    assert not comparison.in_time_order
    assert sorted(table["row"]) == np.flatnonzero(matured).tolist()
    assert len(table[["person", "split"]].drop_duplicates()) == table["person"].nunique()
    assert table["new"].all()


def test_a_cutoff_before_enough_ruptures_had_matured_is_not_replayed() -> None:
    """There would have been no deployment to replay."""
    known = [ruptured(known_by=cutoff) for cutoff in programmes.dataset().cutoffs]
    enough = replace(programmes.QUICK.backtest, minimum_ruptures=known[1])
    data = replace(programmes.dataset(), recipe=replace(ALONG, backtest=enough))

    splits = compare(data, jobs=1).predictions["split"].unique()

    assert known[0] < known[1]
    assert list(splits) == [str(data.cutoffs[1].date())]


def ruptured(*, known_by: pd.Timestamp) -> int:
    data = programmes.dataset()
    broken = (data.labels(known_by=known_by) == 1) & ~data.cases["cutoff"].to_numpy()
    return int(data.cases["contract_id"][broken].nunique())


@pytest.mark.parametrize(
    ("fewer", "competing"), [(0, ("base_rate", "trees", "blend")), (1, ("base_rate",))]
)
def test_trees_and_the_blend_compete_from_the_recipe_s_minimum_on(
    fewer: int, competing: tuple[str, ...]
) -> None:
    """Counted in contracts broken and matured when the extract was made."""
    data = programmes.dataset()
    broken = data.cases["contract_id"][data.labels(known_by=data.until) == 1].nunique()
    names = ("base_rate", "trees", "blend")
    candidates = Candidates(names=names, trees_minimum_ruptures=broken + fewer)
    data = replace(data, recipe=replace(ALONG, candidates=candidates))

    assert contenders(data) == competing


@pytest.mark.parametrize("names", [("trees",), ("blend",), ("trees", "blend")])
def test_a_recipe_without_a_simple_candidate_is_obeyed(names: tuple[str, ...]) -> None:
    candidates = Candidates(names=names, trees_minimum_ruptures=10_000)
    data = replace(programmes.dataset(), recipe=replace(ALONG, candidates=candidates))

    assert contenders(data) == names


def test_progress_counts_every_member_at_every_cutoff() -> None:
    """A blend of members that are there costs no fit."""
    done: list[int] = []
    names = Candidates(names=NAMES, trees_minimum_ruptures=1)
    data = replace(programmes.dataset(), recipe=replace(ALONG, candidates=names))

    compare(data, progress=done.append, jobs=1)

    assert sum(done) == 3 * 2
    assert fits_to_come(data) >= sum(done)


def without_ruptures(records: Records, *, left: int) -> Records:
    """Keep so many broken contracts; the others are as if completed."""
    outcomes = records.outcomes.copy()
    broken = outcomes.loc[outcomes["how"] == "rupture", "contract_id"].unique()
    healed = outcomes["contract_id"].isin(broken[left:]) & (outcomes["how"] == "rupture")
    outcomes.loc[healed, "how"] = "completed"
    return replace(records, outcomes=outcomes)


def test_fewer_ruptures_than_the_minimum_is_refused() -> None:
    """The message says how many there are, and what to do."""
    data = build_dataset(without_ruptures(programmes.programme(), left=12), ALONG)
    words = (
        r"expected at least 20 contracts broken and matured, got \d+ among \d+ .*; wait for more"
    )
    with pytest.raises(TrainingError, match=words):
        fit_final(data, "base_rate")


def test_ruptures_only_is_refused() -> None:
    records = programmes.programme()
    target = Target(horizon_days=3000, declaration_delay_days=1)
    broken = records.outcomes.loc[records.outcomes["how"] == "rupture", "contract_id"]
    recipe = replace(ALONG, target=target, backtest=Backtest(cutoffs=0))
    part = records.of_contracts(broken)
    data = build_dataset(part, recipe, until=records.last_known_on + pd.Timedelta(days=4000))
    with pytest.raises(TrainingError, match="got ruptures only; import the contracts that were"):
        fit_final(data, "base_rate")


def test_nobody_broken_has_nothing_to_compare() -> None:
    data = replace(
        build_dataset(without_ruptures(programmes.programme(), left=0), ALONG),
        recipe=replace(ALONG, training=Training(minimum_ruptures=1)),
    )
    with pytest.raises(TrainingError, match="got 0 with one; wait for more outcomes"):
        compare(data, jobs=1)


def test_contracts_nobody_knew_in_time_cannot_be_learned_from() -> None:
    records = programmes.programme()
    late = records.contracts.assign(known_on=records.contracts["planned_end_on"])
    with pytest.raises(TrainingError, match="expected contracts that ran and were known"):
        build_dataset(replace(records, contracts=late), ALONG)
