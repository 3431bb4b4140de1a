"""One training run from records to a judged bundle; writing and tracking it is the caller's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from features.common.errors import InputError
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.cases import cases_open
from features.point_in_time.rupture import DEFINITION
from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.bundle import Bundle, version_of
from models.card import write_card
from models.curve import calibration_curve
from models.drift import profile
from models.levels import Level
from models.reliability import reliability_table
from training.champion import against_champion
from training.dataset import Dataset, build_dataset
from training.evaluate import Comparison, compare, fits_to_come
from training.fit import fit_final
from training.incidence import fit_incidence, judge_incidence
from training.incidence_figures import incidence_figures
from training.level import judge_level
from training.recipe import Recipe
from training.report import check_leaks, describe_data, judge

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Run:
    """A finished run: what it learned from, how candidates compared, and the bundle."""

    dataset: Dataset
    comparison: Comparison
    learned: npt.NDArray[np.int64]
    bundle: Bundle


def train(
    records: Records,
    recipe: Recipe,
    *,
    digest: str,
    source: str,
    champion: Bundle | None = None,
    parent: Bundle | None = None,
    progress: Progress | None = None,
    jobs: int = -1,
) -> Run:
    """Label, cut, backtest, choose, fit and judge.

    `parent` is a bundle learned on other persons that candidates may start from; InputError when
    it answers another question than the recipe.

    `progress(step, done, total)` follows the work. Raises TrainingError when there is too little
    to learn from; this is checked before the long backtest.
    """
    report_progress = progress or (lambda _step, _done, _total: None)
    _check_parent(parent, recipe)
    dataset = build_dataset(records, recipe, progress=lambda n: report_progress("matrix", n, 0))
    dataset = replace(dataset, parent=parent.model if parent else None)
    model, learned = fit_final(dataset, recipe.candidates.names[0])
    fits = fits_to_come(dataset)
    comparison = compare(
        dataset, progress=lambda n: report_progress("backtest", n, fits), jobs=jobs
    )
    if comparison.chosen != recipe.candidates.names[0]:
        model, learned = fit_final(dataset, comparison.chosen)
    report_progress("judgement", 1, 1)
    predictions = comparison.predictions
    risk, label = predictions[comparison.chosen].to_numpy(), predictions["label"].to_numpy()
    persons, mornings = predictions["person"].to_numpy(), predictions["split"].to_numpy()
    metrics = judge(dataset, comparison)
    metrics |= {
        "incidence": _judge_curve(dataset, comparison),
        "level": judge_level(dataset, comparison),
    }
    facts = {
        "recipe": recipe.as_dict(),
        "data": describe_data(dataset, learned, digest=digest, source=source)
        | {"parent": _describe_parent(parent)},
        "metrics": metrics | {"leaks": check_leaks(dataset, learned, metrics=metrics)},
        "incidence": fit_incidence(dataset, comparison).as_facts(),
        "profile": {"features": profile(dataset.matrix[CATALOGUE.inputs].iloc[learned])},
    }
    bundle = Bundle(
        model=model,
        columns=tuple(CATALOGUE.inputs),
        catalogue_hash=CATALOGUE.hash,
        label_version=DEFINITION.version,
        horizon_days=recipe.target.horizon_days,
        base_rate=float(label.mean()),
        thresholds={
            Level.HIGH.value: float(np.quantile(risk, 1 - recipe.capacity.high)),
            Level.MODERATE.value: float(np.quantile(risk, 1 - recipe.capacity.moderate)),
        },
        reliability=reliability_table(label, risk, persons=persons),
        curve=calibration_curve(label, risk, persons=persons, mornings=mornings),
        facts=facts,
        card=write_card(facts),
    )
    facts["metrics"]["champion"] = against_champion(
        dataset, comparison, bundle, champion=champion, current=_open_inputs(dataset)
    )
    bundle = replace(bundle, version=version_of(bundle))
    return Run(dataset, comparison, learned, bundle)


def _judge_curve(dataset: Dataset, comparison: Comparison) -> dict[str, Any]:
    training = dataset.recipe.training
    judged = judge_incidence(dataset, comparison)
    return incidence_figures(judged, seed=training.seed, draws=training.bootstrap_draws)


def _check_parent(parent: Bundle | None, recipe: Recipe) -> None:
    """Refuse a parent of another horizon or definition; its columns were checked in loading it."""
    if parent is None:
        return
    wanted = (recipe.target.horizon_days, DEFINITION.version)
    if (parent.horizon_days, parent.label_version) != wanted:
        raise InputError(
            f"parent {parent.version}: expected risks within {wanted[0]} days by definition "
            f"{wanted[1]} of a rupture, got {parent.horizon_days} days and {parent.label_version}; "
            "train the parent again"
        )


def _describe_parent(parent: Bundle | None) -> dict[str, Any] | None:
    if parent is None:
        return None
    data = parent.facts["data"]
    return {"version": parent.version, "contracts": data["contracts"], "until": data["until"]}


def _open_inputs(dataset: Dataset) -> npt.NDArray[np.float64]:
    """Inputs of the cases open when the extract was made: the list an advisor would get next."""
    cases = cases_open(dataset.records, as_of=dataset.until)
    matrix = build_matrix(Index.of(dataset.records), cases)
    return matrix[CATALOGUE.inputs].to_numpy()
