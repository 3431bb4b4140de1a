"""The simulated programme keeps to the published figures it is calibrated on."""

import pytest

from training.simulator import simulate
from training.simulator.centre_spread import MEASURED, OPEN_DATA, centre_spread
from training.simulator.targets import TARGETS, Target, measure


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    simulation = simulate(12_000, years=4, seed=1, share_professionalisation=0.25)
    return measure(simulation)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_simulated_figure_is_within_the_tolerance_of_its_target(
    target: Target, measured: dict[str, float]
):
    assert measured[target.name] == pytest.approx(target.expected, abs=target.tolerance)


def test_every_measure_has_a_target(measured: dict[str, float]):
    assert set(measured) == {target.name for target in TARGETS}


@pytest.mark.skipif(not OPEN_DATA.exists(), reason="the open data lie outside the repository")
def test_documented_spread_is_what_the_open_data_give():
    assert centre_spread() == MEASURED


def test_spread_falls_back_on_the_documented_figure_without_the_open_data(tmp_path):
    assert centre_spread(tmp_path / "absent.csv") == MEASURED
