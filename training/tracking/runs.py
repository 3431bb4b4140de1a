"""Writing a training run to MLflow: recipe, metrics, figures, card, bundle, registered model."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from models import bundle as bundles
from training.run import Run
from training.tracking.store import MODEL, translated_refusals

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("mlflow", "scikit-learn", "numpy", "pandas", "scipy", "shap")
Facts = Mapping[str, Any]


def log_run(run: Run, figures: Mapping[str, Figure], *, folder: Path) -> tuple[str, str]:
    """Log a run whose bundle was saved in `folder`; return its run id and registered version.

    Raises StorageError when the store refuses; nothing is registered then.
    """
    import mlflow

    facts = run.bundle.facts
    with translated_refusals(), mlflow.start_run(run_name=run.bundle.version) as active:
        mlflow.log_params(dict(_flat(facts["recipe"])))
        mlflow.set_tags(_tags(run))
        mlflow.log_metrics(dict(_metrics(facts["metrics"])))
        for step, (split, metrics) in enumerate(facts["metrics"]["by_split"].items()):
            mlflow.log_metrics(dict(_named(f"cutoff.{split}", metrics)), step=step)
            mlflow.log_metrics(dict(_named("by_cutoff", metrics)), step=step)
        for name, figure in figures.items():
            mlflow.log_figure(figure, f"figures/{name}")
        mlflow.log_text(run.bundle.card, "card.md")
        mlflow.log_artifacts(str(folder), "bundle")
        registered = _register(run, folder)
        return active.info.run_id, registered


def _register(run: Run, folder: Path) -> str:
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs = Schema(
        [
            ColSpec("string", "contract_id"),
            *(ColSpec("double", name, required=False) for name in run.bundle.columns),
        ]
    )
    outputs = Schema(
        [
            ColSpec("string", "contract_id"),
            ColSpec("double", "risk"),
            ColSpec("string", "model_version"),
        ]
    )
    logged = mlflow.pyfunc.log_model(
        name=MODEL,
        python_model=str(Path(__file__).with_name("served_model.py")),
        artifacts={"bundle": str(folder)},
        code_paths=[str(ROOT / "features"), str(ROOT / "models")],
        signature=ModelSignature(inputs=inputs, outputs=outputs),
        input_example=input_example(run),
        pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
        registered_model_name=MODEL,
    )
    return str(logged.registered_model_version)


def input_example(run: Run) -> pd.DataFrame:
    """Two rows of features under invented ids, unknowns left null."""
    rows = run.dataset.matrix[list(run.bundle.columns)].iloc[run.learned[:2]]
    example = rows.reset_index(drop=True)
    example.insert(0, "contract_id", [f"contract-{i}" for i in range(len(rows))])
    return example


def _tags(run: Run) -> dict[str, str]:
    data = run.bundle.facts["data"]
    return {
        "bundle_version": run.bundle.version,
        "candidate": run.comparison.chosen,
        "data_digest": data["digest"],
        "data_until": data["until"],
        "label_version": run.bundle.label_version,
        "catalogue_hash": run.bundle.catalogue_hash,
        "bundle_format": str(bundles.FORMAT),
    }


def _metrics(metrics: Facts) -> Iterator[tuple[str, float]]:
    yield from _named("overall", metrics["overall"])
    yield from _named("new_contracts", metrics["new_contracts"])
    for name, row in metrics["candidates"].items():
        yield from _named(f"candidates.{name}", row)
    yield "leaks", float(len(metrics["leaks"]))


def _named(prefix: str, metrics: Facts) -> Iterator[tuple[str, float]]:
    """Metric names MLflow accepts; what is undefined is left out."""
    for metric, figure in metrics.items():
        parts = figure if isinstance(figure, Mapping) else {"value": figure}
        for part, value in parts.items():
            if value is not None and np.isfinite(value):
                suffix = "" if part == "value" else f".{part}"
                yield f"{prefix}.{metric}{suffix}", float(value)


def _flat(facts: Facts, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
