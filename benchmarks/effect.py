"""What the estimators of an effect are worth: thousands of trials whose truth is known.

Coverage of nominal 95 % intervals, error of the exact test and of weekly looks, power against the
figure computed beforehand, and bounds with a fifth of the outcomes missing. Every share is printed
with its own Monte Carlo interval (Wilson, 95 %).
"""

import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import numpy as np
import typer
from scipy import stats

from benchmarks.effect_limits import missing, times
from benchmarks.effect_trials import ALPHA, LEVEL, Hits, chunks, each, holds, tally
from training.effect.covariates import Matrix
from training.effect.estimators import proportions, stratified
from training.effect.estimators.barnard import rejection_region
from training.effect.estimators.estimate import Floats
from training.effect.estimators.power import power
from training.effect.estimators.sequence import mixture_boundary, spending_boundaries
from training.effect.estimators.standardisation import standardised
from training.effect.looks import interval
from training.effect.sample import Sample, describe
from training.simulator.trials import STRATA, Scenario, Trials, draw_trials

NORMAL = stats.norm.ppf(1 - ALPHA / 2)
FLOOR, WEEKS, ENROLMENT_WEEKS = 20, 104, 78
SCENARIOS = tuple(
    Scenario(name, per_arm, shift=shift, shift_spread=spread)
    for per_arm in (75, 300)
    for name, shift, spread in (
        ("null", 0.0, 0.0),
        ("small", -0.35, 0.0),
        ("large", -1.2, 0.0),
        ("harmful", 0.5, 0.0),
        ("by stratum", -0.3, 0.9),
    )
)
application = typer.Typer(help=__doc__)


@application.command()
def main(
    trials: Annotated[int, typer.Option(help="Trials for the cheap estimators.")] = 10_000,
    dear: Annotated[int, typer.Option(help="Trials for the dear ones.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Same seed, same figures.")] = 20260101,
) -> None:
    """Print every table of docs/benchmarks.md on effects."""
    for title, measure, number in (
        ("cheap", cheap, trials),
        ("looks", looks, trials),
        ("dear", adjusted, dear),
        ("missing", missing, dear),
        ("times", times, dear),
    ):
        started = time.perf_counter()
        typer.echo(f"\n{title}, {number} trials each")
        for place, scenario in enumerate(SCENARIOS):
            rng = np.random.default_rng([seed, place, len(title)])
            _print(scenario, measure(scenario, number, rng))
        typer.echo(f"({time.perf_counter() - started:.0f} s)")
    typer.echo(
        f"\nreport: {report_seconds(150):.1f} s for 150 persons, "
        f"{report_seconds(100_000):.1f} s for 100,000"
    )


def _print(scenario: Scenario, found: dict[str, tuple[int, int, float | None]]) -> None:
    for name, (hits, number, printed) in found.items():
        share = proportions.rate(hits, number, level=LEVEL)
        beside = "" if printed is None else f" (computed beforehand {printed:.4f})"
        typer.echo(
            f"| {scenario.per_arm} | {scenario.name} | {name} | {share.value:.4f} | "
            f"{share.low:.4f} to {share.high:.4f} |{beside}"
        )


def cheap(scenario: Scenario, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Coverage of Newcombe and Mantel-Haenszel, rejections of the exact test."""
    rate1, rate0 = scenario.rates
    truth = rate1 - rate0
    hits: Hits = {
        "coverage, Newcombe": [],
        "coverage, Mantel-Haenszel": [],
        "rejections, exact": [],
    }
    for drawn in chunks(scenario, number, rng):
        counts = [part.sum(axis=1).astype(np.int64) for part in _parts(drawn)]
        low, high = proportions.newcombe(*counts, alpha=ALPHA)
        hits["coverage, Newcombe"] += list((low <= truth) & (truth <= high))
        value, error = stratified.pooled_difference(*_by_stratum(drawn))
        hits["coverage, Mantel-Haenszel"] += list(np.abs(value - truth) <= NORMAL * error)
        hits["rejections, exact"] += [
            bool(rejection_region(int(n1), int(n0), alpha=ALPHA)[x1, x0])
            for x1, n1, x0, n0 in zip(*counts, strict=True)
        ]
    size = scenario.per_arm
    printed = power(rate0, truth, persons1=size, persons0=size, alpha=ALPHA)
    return tally(hits, {"rejections, exact": printed})


def _by_stratum(drawn: Trials) -> list[Floats]:
    """Events and persons of both arms, shape (n_trials, n_strata) each."""
    inside = drawn.stratum[..., None] == np.arange(STRATA)
    return [np.einsum("tp,tps->ts", part, inside) for part in _parts(drawn)]


def looks(scenario: Scenario, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Weekly looks over two years: trials in which any look leaves the truth, or zero, out."""
    truth = scenario.rates[0] - scenario.rates[1]
    weeks = np.arange(1, WEEKS + 1)
    due = np.linspace(WEEKS - ENROLMENT_WEEKS, WEEKS, 2 * scenario.per_arm)
    position = np.searchsorted(due, weeks, side="right")
    total = 2 * scenario.per_arm
    quarters = weeks[12::13]
    hits: Hits = {
        "sequence ever leaves the truth": [],
        "sequence ever leaves zero": [],
        "spending, quarterly, ever leaves zero": [],
        "1.96 every week ever leaves zero": [],
    }
    spending = spending_boundaries(np.maximum(position[quarters - 1], 1) / total, alpha=ALPHA)
    for drawn in chunks(scenario, number, rng):
        counts = [_cumulated(part, position) for part in _parts(drawn)]
        floor = np.minimum(counts[1], counts[3]) >= FLOOR
        boundary = mixture_boundary(counts[1] + counts[3], alpha=ALPHA, tuned=total)
        low, high = interval(*counts, boundary=boundary)
        out = floor & ((low > truth) | (high < truth))
        hits["sequence ever leaves the truth"] += list(out.any(axis=1))
        out = floor & ((low > 0) | (high < 0))
        hits["sequence ever leaves zero"] += list(out.any(axis=1))
        low, high = interval(*counts, boundary=np.full(boundary.shape, 1.96))
        out = floor & ((low > 0) | (high < 0))
        hits["1.96 every week ever leaves zero"] += list(out.any(axis=1))
        part = [count[:, quarters - 1] for count in counts]
        low, high = interval(*part, boundary=np.broadcast_to(spending, part[0].shape))
        out = floor[:, quarters - 1] & ((low > 0) | (high < 0))
        hits["spending, quarterly, ever leaves zero"] += list(out.any(axis=1))
    return tally(hits)


def _parts(drawn: Trials) -> Iterator[Floats]:
    outcome = drawn.outcome
    for arm in (drawn.arm, ~drawn.arm):
        yield outcome * arm
        yield arm.astype(np.float64)


def _cumulated(part: Floats, position: Any) -> Any:
    total = np.concatenate([np.zeros((len(part), 1)), part.cumsum(axis=1)], axis=1)
    return total[:, position].astype(np.int64)


def adjusted(scenario: Scenario, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Coverage of regression standardisation, on the covariate and the strata as three groups."""
    truth = scenario.rates[0] - scenario.rates[1]
    hits: Hits = {"coverage, standardised": [], "rejections, standardised": []}
    for drawn in chunks(scenario, number, rng):
        for outcome, arm, row in each(drawn):
            groups = [(drawn.stratum[row] // 4 == g).astype(float) for g in (1, 2)]
            X = np.column_stack([drawn.covariate[row], *groups])
            found = standardised(outcome, arm, X, level=LEVEL)
            hits["coverage, standardised"].append(holds(found, truth))
            hits["rejections, standardised"].append(not holds(found, 0.0))
    return tally(hits)


def report_seconds(persons: int) -> float:
    """Seconds to describe one outcome of this many persons with all that a report says of it."""
    rng = np.random.default_rng(0)
    drawn = draw_trials(Scenario("large", persons // 2, shift=-0.5), trials=1, rng=rng)
    names = tuple(f"s{k}" for k in range(12))
    matrix = Matrix(drawn.covariate[0][:, None], ("x",), ())
    sample = Sample(drawn.outcome[0], drawn.arm[0], drawn.stratum[0], names, matrix)
    return _seconds(lambda: describe(sample, level=LEVEL))


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    application()
