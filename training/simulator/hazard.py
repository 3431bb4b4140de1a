"""The hazard of a rupture and the risk that follows from it.

A contract month is 30 days. Within month m the hazard of contract i is constant,

    h_im = exp(eta_i + b_kind(m) - sum_l g_l z_ilm + supported_i tau_i)   per month,

with fixed traits and random effects in eta, timing in b, and latent states z that follow stationary
AR(1) processes of unit variance (a higher state is a better one).
"""

import numpy as np
import pandas as pd

from training.simulator import figures
from training.simulator.drawing import Floats, Ints

MONTH = 30
HORIZON = 90
STATES = tuple(figures.STATE_LOADS)
LOADS = np.array(list(figures.STATE_LOADS.values()))

# Monthly hazard of the typical contract by age in months: (until, hazard). Set so that the
# simulated rates and timing meet the targets; the shape is that of domain 2.5.
TIMING = {
    "professionalisation": ((1, 0.0052), (2, 0.0044), (48, 0.0102)),
    "apprenticeship": ((3, 0.0176), (6, 0.0127), (9, 0.0123), (12, 0.0103), (48, 0.0043)),
}


def fixed_log_hazard(traits: pd.DataFrame) -> Floats:
    """Log-hazard of each contract from its traits, its employer and its centre: shape (n,).

    RQTH has no effect, because no figure gives one (domain 2.3).
    """
    effects = [*_published(traits), *_judged(traits)]
    total: Floats = np.sum([np.asarray(e, dtype=np.float64) for e in effects], axis=0)
    own: Floats = traits["employer_effect"].to_numpy() + traits["centre_effect"].to_numpy()
    return total + own


def _published(traits: pd.DataFrame) -> list[pd.Series]:
    apprentice = traits["kind"] == "apprenticeship"
    mean = figures.MEAN_APPRENTICESHIP
    sector = figures.log_effects(figures.SECTOR_RATES_APPRENTICESHIP, mean=mean)
    sector_professional = figures.log_effects(
        figures.SECTOR_RATES_PROFESSIONALISATION, mean=figures.MEAN_PROFESSIONALISATION
    )
    length = traits["months"].gt(12).map({True: "long", False: "short"})
    schooling = (
        (traits["level_prepared"], figures.LEVEL_RATES),
        (traits["diploma"], figures.DIPLOMA_RATES),
        (age_band(traits["age"]), figures.AGE_RATES),
    )
    others = (
        (traits["situation"], figures.SITUATION_RATES),
        (traits["qpv"], figures.QPV_RATES),
        (traits["size"], figures.SIZE_RATES),
    )
    return [
        *(
            column.map(figures.log_effects(rates, mean=mean, share=figures.SHARE_OF_SCHOOLING))
            for column, rates in schooling
        ),
        *(column.map(figures.log_effects(rates, mean=mean)) for column, rates in others),
        length.map(figures.log_effects(figures.LENGTH_RATES, mean=mean)) * apprentice,
        traits["sector"].map(sector).where(apprentice, traits["sector"].map(sector_professional)),
        figures.WOMAN * traits["woman"],
    ]


def _judged(traits: pd.DataFrame) -> list[pd.Series]:
    judged = figures.JUDGED
    return [
        judged["previous_rupture"] * traits["previous_ruptures"],
        judged["commute_30_minutes_more"] * ((traits["commute_minutes"] - 30) / 30).clip(0, 2),
        judged["housing_unstable"] * traits["housing"].eq("unstable"),
        judged["housing_hosted"] * traits["housing"].eq("hosted"),
        judged["pay_above_floor"] * traits["pay_above_floor"],
        judged["tutor_new"] * traits["tutor_experience_years"].lt(2),
        judged["tutor_loaded"] * traits["tutor_learners"].ge(3),
        judged["distance_learning"] * traits["distance_learning"],
    ]


def age_band(age: pd.Series) -> pd.Series:
    """Age band of the factor table, from the age in years at the start."""
    return pd.cut(age, [0, 18, 20, 26, 100], right=False, labels=list(figures.AGE_BANDS)).astype(
        "str"
    )


def timing(kinds: pd.Series, *, months: int) -> Floats:
    """Log of the typical monthly hazard by contract month: shape (n, months)."""
    table = np.array(
        [
            [next(h for until, h in TIMING[kind] if m < until) for m in range(months)]
            for kind in TIMING
        ]
    )
    logs: Floats = np.log(table)[pd.Index(list(TIMING)).get_indexer(pd.Index(kinds))]
    return logs


def draw_states(rng: np.random.Generator, *, size: int, months: int) -> Floats:
    """Draw latent states by contract month: shape (states, size, months); above is better.

    They begin nearer to neutral than they end: a rupture is typically the end of a degradation.
    """
    rho = figures.PERSISTENCE
    states = rng.standard_normal((len(STATES), size, months))
    states[:, :, 0] *= figures.START_SPREAD
    for m in range(1, months):
        states[:, :, m] = rho * states[:, :, m - 1] + np.sqrt(1 - rho**2) * states[:, :, m]
    return states


def rupture_day(log_hazard: Floats, *, planned_days: Ints, threshold: Floats) -> Ints:
    """Day of the rupture, counted from the start; -1 when the planned end comes first.

    `threshold` is a unit exponential per contract: the rupture comes when the cumulated hazard
    passes it. The same threshold under two hazards gives both potential outcomes.
    """
    months = log_hazard.shape[1]
    exposure = np.clip(planned_days[:, None] - MONTH * np.arange(months), 0, MONTH) / MONTH
    cumulated = np.cumsum(np.exp(log_hazard) * exposure, axis=1)
    month = (cumulated < threshold[:, None]).sum(axis=1)
    reached = month < months
    month = np.minimum(month, months - 1)
    rows = np.arange(len(month))
    before = np.where(month > 0, cumulated[rows, month - 1], 0.0)
    share = (threshold - before) / np.exp(log_hazard[rows, month])
    day = np.floor(MONTH * (month + np.clip(share, 0, 1 - 1e-9))).astype(np.int64)
    return np.where(reached & (day < planned_days), day, -1)


def true_risk(
    base: Floats, states: Floats, *, contract: Ints, day: Ints, planned_days: Ints, shift: Floats
) -> Floats:
    """Probability of a rupture in [day, day + 90), given the truth that morning: one per row.

    `base` (n, months) is eta + b; `shift` (n,) the effect of support. After the current month the
    states are not known: a stationary Gaussian AR(1) makes each month's hazard lognormal, with
    mean and covariance in closed form. The cumulated hazard is then taken as gamma with these two
    moments, so that E[exp(-H)] = (1 + v/m)^(-m^2/v); with the exact law the risk would differ by
    less than 1 % of itself. Random early completions of the last weeks are not deducted.
    """
    month = day // MONTH
    steps = np.arange(HORIZON // MONTH + 1)
    at = np.minimum(month[:, None] + steps, base.shape[1] - 1)
    until = np.minimum(day + HORIZON, planned_days[contract])[:, None]
    begin = np.maximum(day[:, None], MONTH * (month[:, None] + steps))
    exposure = np.clip(np.minimum(until, MONTH * (month[:, None] + steps + 1)) - begin, 0, None)
    now = np.einsum("l,lr->r", LOADS, states[:, contract, month])
    rho = figures.PERSISTENCE
    variance = np.sum(LOADS**2) * (1 - rho ** (2 * steps))
    log_mean = base[contract[:, None], at] + shift[contract][:, None] + variance / 2
    mean = exposure / MONTH * np.exp(log_mean - now[:, None] * rho**steps)
    return _gamma_risk(mean, _covariance(steps))


def _covariance(steps: Ints) -> Floats:
    """Covariance of the log-hazards of months j and k ahead, given the state now."""
    first, second = np.minimum.outer(steps, steps), np.abs(np.subtract.outer(steps, steps))
    rho = figures.PERSISTENCE
    covariance: Floats = np.sum(LOADS**2) * rho**second * (1 - rho ** (2 * first))
    return covariance


def _gamma_risk(mean: Floats, covariance: Floats) -> Floats:
    total = mean.sum(axis=1)
    variance = np.einsum("rj,jk,rk->r", mean, np.expm1(covariance), mean)
    scale = np.where(variance > 0, variance / np.maximum(total, 1e-300), 1.0)
    exact = -np.expm1(-total)
    matched = -np.expm1(-total / scale * np.log1p(scale))
    risk: Floats = np.where(variance > 1e-12, matched, exact)
    return risk
