"""Writing a report of an effect to MLflow, as a run of its own."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training.tracking.store import translated_refusals

ESTIMATES = ("difference", "adjusted", "stratified")


def log_effect(effect: Mapping[str, Any], folder: Path) -> str:
    """Log the figures and the folder of a report; return the id of the run.

    Raises StorageError when the store refuses.
    """
    import mlflow

    with translated_refusals(), mlflow.start_run(run_name=f"effect {folder.name}") as active:
        mlflow.set_tags(_tags(effect))
        mlflow.log_metrics(dict(_metrics(effect)))
        mlflow.log_artifacts(str(folder), "report")
        return str(active.info.run_id)


def _tags(effect: Mapping[str, Any]) -> dict[str, str]:
    tags = {"kind": f"effect of a {effect['kind']}", "data_digest": effect["digest"]}
    for name in ("as_of", "plan_hash", "label_version"):
        if name in effect:
            tags[name] = effect[name]
    return tags


def _metrics(effect: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Value, interval and p of each estimate of each outcome; what is undefined is left out."""
    for place, outcome in enumerate(effect["outcomes"]):
        prefix = outcome["code"] if effect["kind"] == "programme" else f"outcome_{place}"
        for name in ESTIMATES:
            for part in ("value", "low", "high", "p"):
                value = (outcome.get(name) or {}).get(part)
                if value is not None:
                    yield f"{prefix}.{name}.{part}", value
