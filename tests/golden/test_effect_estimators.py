"""Estimators of an effect against published figures, to the digits printed, sources named."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_leukemia, load_rossi
from scipy.stats import barnard_exact, binom, chi2
from statsmodels.datasets import china_smoking

from training.effect.estimators.barnard import p_values
from training.effect.estimators.hazards import cause_specific_ratio, logrank_p
from training.effect.estimators.incidence import cumulative_incidence, restricted_mean
from training.effect.estimators.power import power
from training.effect.estimators.proportions import (
    Counts,
    difference,
    equality_test,
    newcombe,
    odds_ratio,
    risk_ratio,
)
from training.effect.estimators.sequence import spending_boundaries
from training.effect.estimators.standardisation import standardised
from training.effect.estimators.stratified import (
    Strata,
    mantel_haenszel_ratios,
)

ASPIRIN = Counts(104, 11037, 189, 11034)  # Physicians' Health Study: infarctions under aspirin
# University Group Diabetes Program: deaths, tolbutamide against placebo, below 55 and above.
UGDP = Strata(*(np.array(v, float) for v in ([8, 22], [106, 98], [5, 16], [120, 85])), lonely=0)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_prints_these_intervals(counts: tuple[int, ...], low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, table II, method 10."""
    assert newcombe(*counts, alpha=0.05) == pytest.approx((low, high), abs=5e-5)  # type: ignore[misc]


def test_barnard_on_the_vaccine_of_the_scipy_manual() -> None:
    """SciPy reference, `barnard_exact`: CoVaxin, 12 infected of 15 against 7 of 15, p 0.0341.

    The manual's is one-sided; the test is symmetric with equal arms.
    """
    table = Counts(7, 15, 12, 15)
    assert equality_test(table)[0] / 2 == pytest.approx(0.0341, abs=5e-5)


def test_aspirin_and_infarctions() -> None:
    """Agresti (2007), An introduction to categorical data analysis, section 2.2 and 2.3."""
    assert difference(ASPIRIN, level=0.95).value == pytest.approx(-0.0077, abs=5e-5)
    ratio = risk_ratio(Counts(189, 11034, 104, 11037), level=0.95)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((1.82, 1.43, 2.31), abs=6e-3)
    odds = odds_ratio(Counts(189, 11034, 104, 11037), level=0.95)
    assert (odds.value, odds.low, odds.high) == pytest.approx((1.83, 1.44, 2.33), abs=6e-3)


def test_tolbutamide_by_age() -> None:
    """Rothman, Greenland and Lash (2008), Modern epidemiology, chapter 15: 1.33."""
    assert mantel_haenszel_ratios(UGDP, level=0.95)["risk_ratio"].value == pytest.approx(
        1.33, abs=5e-3
    )


def test_smoking_in_eight_chinese_cities() -> None:
    """Agresti (2002), Categorical data analysis, table 6.6: odds ratio 2.17, Breslow-Day 5.2."""
    cells = china_smoking.load_pandas().data.to_numpy("float64")
    strata = Strata(
        cells[:, 0], cells[:, 0] + cells[:, 1], cells[:, 2], cells[:, 2] + cells[:, 3], 0
    )
    found = mantel_haenszel_ratios(strata, level=0.95)
    assert found["odds_ratio"].value == pytest.approx(2.17, abs=5e-3)
    assert found["homogeneity_p"] == pytest.approx(0.64, abs=5e-3)


def test_six_mercaptopurine_in_leukaemia() -> None:
    """As printed with treat, in weeks.

    Freireich and others (1963): Venables and Ripley (2002), section 13.3, ratio 4.82 (2.15 to
    10.8) with error 0.412; Kleinbaum and Klein (2012), chapter 2, log-rank 16.79.
    """
    data = load_leukemia()
    time, event = data["t"].to_numpy("float64"), data["status"].to_numpy("int64")
    placebo = data["Rx"].to_numpy() == 1
    ratio = cause_specific_ratio(time, event, placebo, of=1, level=0.95)
    assert (ratio.value, ratio.low) == pytest.approx((4.82, 2.15), abs=5e-3)
    assert ratio.high == pytest.approx(10.8, abs=5e-2)
    assert ratio.details["error"] == pytest.approx(0.412, abs=5e-4)
    assert chi2.isf(logrank_p(time, event == 1, placebo), 1) == pytest.approx(16.79, abs=5e-3)


def test_financial_aid_after_prison() -> None:
    """As printed.

    Rossi, Berk and Lenihan (1980): Allison (2010), Survival analysis using SAS, chapter 3: of
    216 each, 48 and 66 arrested within the year, log-rank 3.8376, p 0.0501.
    """
    data = load_rossi()
    aided = data["fin"].to_numpy() == 1
    arrest = data["arrest"].to_numpy("float64")
    assert Counts.of(arrest, aided) == Counts(48, 216, 66, 216)
    p = logrank_p(data["week"].to_numpy("float64"), arrest == 1, aided)
    assert p == pytest.approx(0.0501, abs=5e-5)


def test_restricted_means_of_maintained_chemotherapy() -> None:
    """As printed.

    Embury and others (1977), data of Miller (1981); R's survival prints 52.6 (19.83) and 22.7
    (4.18), restricted to 161 weeks.
    """
    maintained = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
    others = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    for (time, event), mean, error in ((maintained, 52.6, 19.83), (others, 22.7, 4.18)):
        found = restricted_mean(np.array(time, float), np.array(event) == 1, within=161)
        assert found[0] == pytest.approx(mean, abs=6e-2)
        assert found[1] == pytest.approx(error, abs=6e-3)


def test_smoking_and_birth_weight() -> None:
    """As printed.

    Cattaneo (2010), data shipped by statsmodels; Stata's manual, `teffects ra`: -239.6392 with
    robust error 23.82402, mean of the others 3403.242.
    """
    from importlib.resources import files

    path = files("statsmodels") / "treatment" / "tests" / "results" / "cataneo2.csv"
    data = pd.read_csv(str(path))
    X = data[["prenatal1_", "mmarried_", "mage", "fbaby_"]].to_numpy("float64")
    found = standardised(
        data["bweight"].to_numpy("float64"),
        data["mbsmoke_"].to_numpy() == 1,
        X,
        level=0.95,
        small_sample=False,
    )
    assert found.value == pytest.approx(-239.6392, abs=5e-5)
    assert found.details["error"] == pytest.approx(23.82402, abs=5e-3)
    assert found.details["mean0"] == pytest.approx(3403.242, abs=5e-4)


def test_boundaries_of_five_looks() -> None:
    """As printed.

    Lan and DeMets (1983), O'Brien-Fleming spending, 0.05 two-sided: Reboussin and others (2000),
    Controlled Clinical Trials 21, 4.8769, 3.3569, 2.6803, 2.2898, 2.0310.
    """
    found = spending_boundaries([0.2, 0.4, 0.6, 0.8, 1.0], alpha=0.05)
    assert found == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


def test_power_of_the_normal_approximation() -> None:
    """As printed.

    R's manual, `power.prop.test`: 0.5 against 0.75 with power 0.9 takes 77 per arm (76.7); the
    exact test of 77 comes within a point.
    """
    assert power(0.5, 0.25, persons1=77, persons0=77, alpha=0.05) == pytest.approx(0.90, abs=0.01)


def test_p_values_are_those_of_an_exact_enumeration() -> None:
    """Statistics compared as fractions, so that ties are ties; SciPy's p is never the larger."""
    n, found = 12, p_values(12, 12)
    tables = [(a, b) for a in range(n + 1) for b in range(n + 1)]

    def statistic(a: int, b: int) -> Fraction:
        events = a + b
        return (
            Fraction((a - b) ** 2, events * (2 * n - events)) if events % (2 * n) else Fraction(0)
        )

    for x1, x0 in ((0, 5), (2, 7), (3, 8), (4, 11), (6, 9)):
        extreme = [t for t in tables if statistic(*t) >= statistic(x1, x0)]
        chances = [
            sum(binom.pmf(a, n, rate) * binom.pmf(b, n, rate) for a, b in extreme)
            for rate in np.linspace(0.01, 0.99, 99)
        ]
        assert found[x1, x0] == pytest.approx(max(chances), abs=2e-4)
        theirs = barnard_exact([[x1, x0], [n - x1, n - x0]], n=128).pvalue
        assert theirs <= found[x1, x0] + 1e-5


def test_tied_tables_count_with_unequal_arms() -> None:
    """4 of 12 against 7 of 9, enumerated: SciPy leaves tied tables out and says 0.044."""
    assert p_values(12, 9)[4, 7] == pytest.approx(0.0521, abs=5e-5)


def test_incidence_agrees_with_lifelines_where_no_times_are_tied() -> None:
    from lifelines import AalenJohansenFitter

    rng = np.random.default_rng(3)
    time = rng.permutation(np.arange(1.0, 121.0))
    cause = rng.integers(0, 3, 120)
    ours = cumulative_incidence(time, cause, of=1, level=0.95)
    fitter = AalenJohansenFitter().fit(time, cause, event_of_interest=1)
    theirs = fitter.cumulative_density_.iloc[:, 0]
    assert [ours.at(t)[0] for t in theirs.index] == pytest.approx(theirs.to_list(), abs=1e-9)
