"""The draw: balanced by block, replayed by whoever has the seed, nobody twice."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.common.errors import ConflictError, InputError
from features.programme.draw import Assignment, arm_at, assign, commitment, disagreements
from features.programme.plan import Programme
from features.programme.plan_file import read_programme
from features.programme.strata import all_strata

PLAN = read_programme(Path(__file__).parents[2] / "programmes" / "agir.toml")
SEEDS = st.text(alphabet="0123456789abcdef", min_size=16, max_size=64)
START = date(2026, 9, 1)


def entered(strata: list[str], seed: str, plan: Programme = PLAN) -> list[Assignment]:
    log: list[Assignment] = []
    for number, stratum in enumerate(strata):
        log.append(
            assign(
                log,
                plan=plan,
                seed=seed,
                person_id=f"P{number}",
                contract_id=f"C{number}",
                stratum=stratum,
                drawn_on=START + timedelta(days=number),
            )
        )
    return log


@given(seed=SEEDS, stratum=st.sampled_from(all_strata(PLAN)), length=st.integers(1, 150))
def test_arms_never_drift_apart_by_more_than_half_a_block(
    seed: str, stratum: str, length: int
) -> None:
    arms = Counter(arm_at(PLAN, seed=seed, stratum=stratum, position=k) for k in range(length))
    assert abs(arms["supported"] - arms["comparison"]) <= 4


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS, strata=st.lists(st.sampled_from(all_strata(PLAN)), min_size=1, max_size=150))
def test_an_honest_log_replays_and_an_altered_one_does_not(seed: str, strata: list[str]) -> None:
    log = entered(strata, seed)
    assert disagreements(log, plan=PLAN, seed=seed) == ()
    other = {"supported": "comparison", "comparison": "supported"}[log[-1].arm]
    altered = [*log[:-1], replace(log[-1], arm=other)]
    assert disagreements(altered, plan=PLAN, seed=seed) == (altered[-1],)


def test_an_outsider_gets_the_same_arms_from_the_written_algorithm() -> None:
    """Written again from the words of the module, with nothing of it."""
    seed, stratum, sizes = "0123456789abcdef", "level_3/other_sectors/nantes", [4, 6, 8]

    def h(*parts: object) -> str:
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    arms: list[str] = []
    for b in range(6):
        size = sizes[int(h(seed, "agir", stratum, b, "size"), 16) % 3]
        order = sorted(range(size), key=lambda slot: h(seed, "agir", stratum, b, slot))
        arms += ["supported" if slot < size / 2 else "comparison" for slot in order]
    drawn = [arm_at(PLAN, seed=seed, stratum=stratum, position=k) for k in range(len(arms))]
    assert drawn == arms


def test_over_many_seeds_each_place_is_as_often_supported_as_not() -> None:
    """A Bernoulli share over 4,000 seeds stays within five standard errors of a half."""
    for position in (0, 1, 5, 9):
        drawn = [
            arm_at(PLAN, seed=f"{k:016d}", stratum="s", position=position) for k in range(4_000)
        ]
        assert abs(drawn.count("supported") / 4_000 - 0.5) < 5 * 0.5 / 4_000**0.5


def test_an_unequal_programme_draws_in_its_ratio() -> None:
    arms = PLAN.arms.model_copy(update={"supported": 100, "comparison": 50})
    draw = PLAN.draw.model_copy(update={"block_sizes": (3, 6)})  # type: ignore[union-attr]
    plan = PLAN.model_copy(update={"arms": arms, "draw": draw})
    log = entered(["s"] * 150, "f" * 16, plan)
    assert abs(Counter(line.arm for line in log)["supported"] - 100) <= 2


def test_nobody_is_drawn_twice_and_nobody_beyond_the_plan() -> None:
    log = entered(["s"] * 150, "a" * 16)
    options = {"plan": PLAN, "seed": "a" * 16, "contract_id": "C", "stratum": "s"}
    with pytest.raises(ConflictError, match="not drawn before, got P3 again"):
        assign(log[:10], person_id="P3", drawn_on=START, **options)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="at most 150 persons"):
        assign(log, person_id="new", drawn_on=START, **options)  # type: ignore[arg-type]


def test_a_person_who_comes_again_is_found_in_the_log() -> None:
    log = entered(["s"] * 5, "a" * 16)
    again = replace(log[4], person_id="P0")
    assert disagreements([*log[:4], again], plan=PLAN, seed="a" * 16) == (again,)


def test_a_programme_without_a_draw_and_a_short_seed_are_refused() -> None:
    matched = PLAN.model_copy(update={"draw": None, "design": "matched"})
    with pytest.raises(InputError, match="expected a randomised programme"):
        arm_at(matched, seed="a" * 16, stratum="s", position=0)
    with pytest.raises(InputError, match="a seed of 16 characters"):
        arm_at(PLAN, seed="short", stratum="s", position=0)


def test_a_commitment_proves_the_seed_and_does_not_reveal_it() -> None:
    assert commitment("a" * 16) == hashlib.sha256(b"a" * 16).hexdigest()
