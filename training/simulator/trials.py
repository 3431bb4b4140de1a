"""Many small trials at once, with the truth: what a table of coverage and power is made of.

Persons have a stratum and a covariate that move their risk; support moves its log-odds. Both
potential outcomes come from one uniform number. The true effect is that on the population, by
quadrature; an estimator sees strata and covariate, never how they act.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.simulator.drawing import Flags, Floats, Ints

STRATA = 12
STRATUM_SPREAD, COVARIATE_EFFECT = 0.5, 0.6  # on the log-odds: judged, as strong as in domain 2.3
BLOCKS = np.array([4, 6, 8])
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(41)


@dataclass(frozen=True)
class Scenario:
    """What is true: rate without support at the middle, shift of the log-odds by support."""

    name: str
    per_arm: int
    middle: float = -1.3
    shift: float = 0.0
    shift_spread: float = 0.0  # between strata, from -1 to 1 times this

    @property
    def stratum_effects(self) -> Floats:
        """What each stratum adds to the log-odds."""
        return STRATUM_SPREAD * np.linspace(-1.5, 1.5, STRATA)

    @property
    def shifts(self) -> Floats:
        """What support adds to the log-odds in each stratum."""
        return np.asarray(self.shift + self.shift_spread * np.linspace(-1.0, 1.0, STRATA))

    @property
    def shares(self) -> Floats:
        """How large each stratum is."""
        sizes = np.linspace(1.0, 2.0, STRATA)
        return np.asarray(sizes / sizes.sum())

    @property
    def rates(self) -> tuple[float, float]:
        """True rates of the population under support and without."""
        weights = WEIGHTS / WEIGHTS.sum()
        base = self.middle + self.stratum_effects[:, None] + COVARIATE_EFFECT * NODES[None, :]
        with_support = self.shares @ (_chance(base + self.shifts[:, None]) @ weights)
        return float(with_support), float(self.shares @ (_chance(base) @ weights))


@dataclass(frozen=True)
class Trials:
    """Arrays of shape (n_trials, n_persons), persons in order of the draw."""

    arm: Flags
    stratum: Ints
    covariate: Floats
    outcome1: Floats
    outcome0: Floats

    @property
    def outcome(self) -> Floats:
        """What the arm shows."""
        return np.where(self.arm, self.outcome1, self.outcome0)


def draw_trials(scenario: Scenario, *, trials: int, rng: np.random.Generator) -> Trials:
    """Return trials of this scenario, drawn by permuted blocks within strata."""
    shape = trials, 2 * scenario.per_arm
    stratum = rng.choice(STRATA, size=shape, p=scenario.shares)
    covariate = rng.standard_normal(shape)
    log_odds = scenario.middle + scenario.stratum_effects[stratum] + COVARIATE_EFFECT * covariate
    uniform = rng.random(shape)
    return Trials(
        permuted_blocks(stratum, rng),
        stratum.astype(np.int64),
        covariate,
        (uniform < _chance(log_odds + scenario.shifts[stratum])).astype(np.float64),
        (uniform < _chance(log_odds)).astype(np.float64),
    )


def permuted_blocks(stratum: npt.NDArray[np.integer], rng: np.random.Generator) -> Flags:
    """Return the arm of each person, blocks of 4, 6 or 8 within strata, shape as `stratum`."""
    arm = np.zeros(stratum.shape, dtype=bool)
    for code in range(int(stratum.max()) + 1):
        inside = stratum == code
        rank = np.maximum(np.cumsum(inside, axis=1) - 1, 0)
        arms = _blocks(len(stratum), int(rank.max()) + 1, rng)
        arm |= inside & np.take_along_axis(arms, rank, axis=1)
    return arm


def _blocks(trials: int, length: int, rng: np.random.Generator) -> Flags:
    """At least `length` arms per trial, block after block, each half supported."""
    sizes = rng.choice(BLOCKS, size=(trials, length // int(BLOCKS.min()) + 1))
    slots = np.arange(int(BLOCKS.max()))
    order = np.arange(sizes.shape[1])[:, None] + rng.random((*sizes.shape, len(slots)))
    keys = np.where(slots < sizes[..., None], order, np.inf).reshape(trials, -1)
    supported = np.broadcast_to(slots % 2 == 0, (*sizes.shape, len(slots))).reshape(trials, -1)
    arms: Flags = np.take_along_axis(supported, np.argsort(keys, axis=1), axis=1)
    return arms


def _chance(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-log_odds))
