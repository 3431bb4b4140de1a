"""Half a module of the real Open University data through the ordinary pipeline."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from benchmarks.oulad_judging import run
from benchmarks.oulad_records import COLUMNS
from benchmarks.oulad_reference import MODELS
from benchmarks.oulad_report import DAYS, Report
from training.recipe import Candidates, Recipe

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "oulad-2013"


@pytest.fixture(scope="module")
def real_run(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Half a module of the real data through the ordinary pipeline, 2013B to 2013J."""
    if not REAL.is_dir():
        pytest.skip("the real data is not there: expected ../shared/data/oulad-2013")
    folder = tmp_path_factory.mktemp("oulad")
    for name in COLUMNS:
        table = pd.read_csv(REAL / f"{name}.csv")
        table = table[table["code_module"] == "FFF"] if "code_module" in table else table
        table = table[table["id_student"] % 2 == 0] if "id_student" in table else table
        table.to_csv(folder / f"{name}.csv", index=False)
    recipe = replace(Recipe(), candidates=Candidates(names=("trees",)))
    # Two threads a fit beside other tests on two cores wait for each other ten times over.
    with threadpool_limits(1):
        return run(folder, folder, recipe=recipe)


# On import, shap builds its colour maps in Matplotlib's old way.
@pytest.mark.filterwarnings("ignore:The set_(bad|over|under) function:PendingDeprecationWarning")
def test_the_ordinary_pipeline_finds_who_leaves_a_real_course(real_run: Report) -> None:
    """Better than chance on every morning, and the reasons add up to the risk that is shown."""
    assert real_run.trained_on == ("2013B",)
    assert real_run.judged_on == ("2013J",)
    assert list(real_run.figures.index) == [*DAYS, "all"]
    assert (real_run.figures["roc_auc"] > 0.5).all(), "better than chance on every morning"
    assert real_run.mean_roc_auc > 0.6
    assert real_run.figures["brier_skill"].iloc[-1] > 0
    assert real_run.additivity_error < 1e-6


def test_a_plain_reference_is_judged_on_the_same_rows(real_run: Report) -> None:
    """Each plain model ranks better than chance, and the difference lies in its interval."""
    assert set(real_run.references) == set(MODELS)
    assert min(real_run.references.values()) > 0.55
    gap = real_run.difference
    assert gap.low < gap.value < gap.high
    better = max(real_run.references.values())
    assert gap.value == pytest.approx(real_run.mean_roc_auc - better)
    assert list(real_run.cohorts["enrolled"]) == list(real_run.figures["n"][:-1])
