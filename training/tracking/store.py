"""Where runs are kept: SQLite and files under var/, or the server MLFLOW_TRACKING_URI names."""

import os
from collections.abc import Mapping
from pathlib import Path

EXPERIMENT = "vigie"
MODEL = "vigie"
CHAMPION = "champion"


def open_store(var: Path, *, environ: Mapping[str, str] = os.environ) -> None:
    """Point MLflow at the store and at the project's experiment, creating both at first use."""
    _keep_quiet()
    import mlflow

    folder = (var / "mlflow").resolve()
    server = environ.get("MLFLOW_TRACKING_URI")
    if server is None:
        folder.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(server or f"sqlite:///{folder / 'mlflow.db'}")
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        artifacts = (folder / "runs").as_uri() if server is None else None
        mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts)
    mlflow.set_experiment(EXPERIMENT)


def _keep_quiet() -> None:
    """No telemetry, no progress bars of MLflow's own, no migration log on an advisor's screen."""
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
