"""What the simulated truth and records promise: calibrated, reproducible, blind to the future."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.records.declarations import RECORD_TYPES
from features.records.schema import Kind
from training.simulator import Simulation, simulate
from training.simulator.emit import emit
from training.simulator.endings import Ends
from training.simulator.hazard import draw_states, true_risk
from training.simulator.pools import draw_pools
from training.simulator.simulation import FIRST_START
from training.simulator.traits import Window
from training.simulator.world import World, draw_world

HORIZON = pd.Timedelta(days=90)


@pytest.fixture(scope="module")
def programme() -> Simulation:
    return simulate(4_000, years=4, seed=7)


@pytest.fixture(scope="module")
def world() -> World:
    pools = draw_pools(contracts=400, rng=np.random.default_rng(0))
    return draw_world(
        pools,
        size=400,
        window=Window(FIRST_START, 3.0),
        share_professionalisation=0.3,
        first_number=0,
        seed=np.random.SeedSequence(3),
    )


def test_same_arguments_give_the_same_rows():
    first, second = (simulate(60, years=1.5, seed=4) for _ in range(2))
    for name in first.tables:
        pd.testing.assert_frame_equal(first.tables[name], second.tables[name])
    pd.testing.assert_frame_equal(first.truth, second.truth)
    pd.testing.assert_frame_equal(first.truth_contracts, second.truth_contracts)


def test_another_seed_gives_other_rows():
    first, second = (simulate(60, years=1.5, seed=seed).truth["risk_90"] for seed in (4, 5))
    assert not np.array_equal(first, second)


def _broken_within(programme: Simulation, horizon: pd.Timedelta) -> pd.DataFrame:
    joined = programme.truth.merge(programme.truth_contracts, on="contract_id")
    within = joined["ended_on"] < joined["as_of"] + horizon
    return joined.assign(broken=within & joined["how"].eq("rupture"))


def test_true_risk_is_calibrated_overall_and_by_fifth(programme: Simulation):
    """Ruptures expected by the truth and ruptures drawn agree within chance (by contract)."""
    rows = _broken_within(programme, HORIZON)
    fifth = pd.qcut(rows["risk_90"], 5, labels=False)
    observed, expected = (rows.groupby(fifth)[c].mean() for c in ("broken", "risk_90"))
    assert rows["broken"].mean() == pytest.approx(rows["risk_90"].mean(), rel=0.1)
    np.testing.assert_allclose(observed, expected, rtol=0.25, atol=0.003)


def test_true_risk_equals_the_frequency_over_many_redrawn_futures():
    """The closed form against brute force: the same present, 200,000 futures drawn from it."""
    rng, draws, months = np.random.default_rng(5), 200_000, 8
    base = np.log(np.tile([0.01, 0.02, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1], (1, 1)))
    states = draw_states(rng, size=1, months=months)
    closed = true_risk(
        base,
        states,
        contract=np.array([0]),
        day=np.array([40]),
        planned_days=np.array([125]),
        shift=np.zeros(1),
    )
    assert closed[0] == pytest.approx(_brute_force(base[0], states[:, 0, 1], draws, rng), rel=0.01)


def _brute_force(base: np.ndarray, now: np.ndarray, draws: int, rng: np.random.Generator) -> float:
    """Mean of 1 - exp(-H) from day 40 to 125 (20 days of month 1, 2 and 3, then 5 of month 4)."""
    from training.simulator.figures import PERSISTENCE as RHO
    from training.simulator.hazard import LOADS

    state = np.repeat(now[:, None], draws, axis=1)
    total = np.zeros(draws)
    for month, days in ((1, 20), (2, 30), (3, 30), (4, 5)):
        if month > 1:
            state = RHO * state + np.sqrt(1 - RHO**2) * rng.standard_normal(state.shape)
        total += days / 30 * np.exp(base[month] - LOADS @ state)
    return float(np.mean(-np.expm1(-total)))


def test_risks_are_probabilities_and_no_morning_comes_after_the_end(programme: Simulation):
    rows = _broken_within(programme, HORIZON)
    risks = rows[["risk_90", "risk_90_supported", "risk_90_unsupported"]]
    assert risks.gt(0).all(axis=None)
    assert risks.lt(1).all(axis=None)
    assert (rows["as_of"] <= rows["ended_on"]).all()
    assert not rows.duplicated(["contract_id", "as_of"]).any()


def test_truth_holds_the_start_every_thirty_days_and_each_first_of_a_month(programme: Simulation):
    starts = programme.tables["contracts"].drop_duplicates("contract_id")
    rows = programme.truth.merge(starts[["contract_id", "started_on"]], on="contract_id")
    days = (rows["as_of"] - rows["started_on"]).dt.days
    assert (days.mod(30).eq(0) | rows["as_of"].dt.day.eq(1)).all()
    assert rows.loc[days.eq(0), "contract_id"].nunique() == rows["contract_id"].nunique()


def test_both_potential_ends_exist_and_the_real_one_is_that_of_the_arm(programme: Simulation):
    ends = programme.truth_contracts
    supported = ends["supported"]
    for name in ("ended_on", "how"):
        chosen = ends[f"{name}_supported"].where(supported, ends[f"{name}_unsupported"])
        pd.testing.assert_series_equal(chosen, ends[name], check_names=False)
    assert ends["how_supported"].ne(ends["how_unsupported"]).any()
    contracts = programme.tables["contracts"].drop_duplicates("contract_id")
    arm = contracts.set_index("contract_id")["programme_arm"].eq("supported")
    assert (arm.reindex(ends["contract_id"]).to_numpy() == supported.to_numpy()).all()


def test_support_prevents_more_ruptures_than_it_brings(programme: Simulation):
    ends = programme.truth_contracts
    with_support, without = (
        ends[f"how_{arm}"].eq("rupture") for arm in ("supported", "unsupported")
    )
    assert (without & ~with_support).sum() > (with_support & ~without).sum()


@pytest.mark.parametrize(("table", "key"), [("interviews", "interview_id"), ("events", "event_id")])
def test_rows_from_before_the_end_do_not_depend_on_the_end(world: World, table: str, key: str):
    """Had no contract been broken, every row from before the rupture would be the same."""
    planned = world.traits["planned_days"].to_numpy()
    calm = replace(world, ends=Ends(planned, np.full(len(planned), "completed")))
    real, unbroken = (emit(w, seed=np.random.SeedSequence(9))[table] for w in (world, calm))
    ends = dict(zip(world.traits["contract_id"], world.starts + world.ends.day, strict=True))
    happened = "held_on" if table == "interviews" else "happened_on"
    real, unbroken = (
        rows[rows[happened] < rows["contract_id"].map(ends)].sort_values([key, "known_on"])
        for rows in (real, unbroken)
    )
    pd.testing.assert_frame_equal(real.reset_index(drop=True), unbroken.reset_index(drop=True))
    assert (world.ends.how == "rupture").any()


def test_tables_have_the_declared_columns_and_hardly_any_value_out_of_bounds(
    programme: Simulation,
):
    for record_type in RECORD_TYPES:
        table = programme.tables[record_type.name]
        # Nothing drawn is ever taken back.
        assert [*table, "withdrawn"] == record_type.names
        for column in record_type.columns[:-1]:
            values = table[column.name].dropna()
            if column.code_list is not None:
                assert values.isin(column.code_list.codes).mean() > 0.99
            if column.low is not None:
                assert values.between(column.low, column.high).all(), column.name
            if column.pattern is not None:
                assert values.str.fullmatch(column.pattern).all(), column.name
            if column.kind is Kind.DATE:
                assert values.dtype == "datetime64[s]"


def test_nothing_is_known_after_the_end_of_observation(programme: Simulation):
    last = Window(FIRST_START, 4).last_day
    for table in programme.tables.values():
        assert (table["known_on"] <= last).all()


def test_form_codes_are_those_of_the_contract_s_own_form(programme: Simulation):
    contracts = programme.tables["contracts"]
    apprentice = contracts["kind"].eq("apprenticeship")
    for name in ("situation", "diploma", "contract_type"):
        assert contracts.loc[apprentice, f"{name}_12434"].isna().all()
        assert contracts.loc[~apprentice, f"{name}_10103"].isna().all()


def test_records_are_dirty_but_less_than_one_row_in_a_hundred(programme: Simulation):
    """Duplicates, corrections, contradictions and unknown codes each occur, and stay rare."""
    interviews, events = programme.tables["interviews"], programme.tables["events"]
    early = interviews["known_on"] < interviews["held_on"]
    unknown = events["kind"].eq("AUTRE")
    copies = events.duplicated()
    corrected = interviews.duplicated("interview_id") & ~interviews.duplicated()
    for fault in (early, unknown, copies, corrected):
        assert 0 < fault.mean() < 0.005
    assert early.mean() + corrected.mean() + interviews.duplicated().mean() < 0.01


def test_second_contracts_follow_a_rupture_of_the_same_person(programme: Simulation):
    contracts = programme.tables["contracts"].drop_duplicates("contract_id")
    ends = programme.truth_contracts.set_index("contract_id")
    ordered = contracts.sort_values(["person_id", "started_on"])
    second = ordered[ordered.duplicated("person_id")]
    first = ordered[ordered.duplicated("person_id", keep="last")]
    assert len(second) > 50
    assert (ends.loc[first["contract_id"], "how"] == "rupture").all()
    apprentice = second["kind"].eq("apprenticeship")
    assert second.loc[apprentice, "contract_type_10103"].eq("23").all()


def test_true_risk_falls_with_the_last_rating_of_the_tutor(programme: Simulation):
    """Signals inform: the better the last rating, the lower the true risk."""
    interviews = programme.tables["interviews"]
    rated = interviews.dropna(subset=["rating_tutor"]).sort_values("held_on")
    truth = programme.truth.sort_values("as_of")
    last = pd.merge_asof(
        truth,
        rated[["contract_id", "held_on", "rating_tutor"]],
        left_on="as_of",
        right_on="held_on",
        by="contract_id",
    )
    by_rating = last.groupby("rating_tutor")["risk_90"].mean()
    assert by_rating.is_monotonic_decreasing
    assert by_rating[1] > 1.5 * by_rating[5]
