"""Where runs are stored: SQLite and files under var/, or the server MLFLOW_TRACKING_URI names."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from features.common.errors import StorageError
from features.common.writing import locked, whole_file

EXPERIMENT = "vigie"
MODEL = "vigie"
CHAMPION = "champion"
DATABASE = "mlflow.db"
LOCK = ".lock"


def open_store(var: Path, *, environ: Mapping[str, str] = os.environ) -> None:
    """Point MLflow at the store and at the project's experiment, creating both at first use.

    Raises StorageError when the store cannot be written or reached.
    """
    _keep_quiet()
    import mlflow

    folder = (var / "mlflow").resolve()
    server = environ.get("MLFLOW_TRACKING_URI")
    with translated_refusals(), alone(var, environ=environ):
        if server is None:
            _make_database(folder / DATABASE)
        mlflow.set_tracking_uri(server or f"sqlite:///{folder / DATABASE}")
        if mlflow.get_experiment_by_name(EXPERIMENT) is None:
            artifacts = (folder / "runs").as_uri() if server is None else None
            mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts)
        mlflow.set_experiment(EXPERIMENT)


@contextmanager
def alone(var: Path, *, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Hold the store of files under `var`: another training waits its turn to write there.

    Two that begin at once would each make the database, and one would lose its runs. A tracking
    server keeps order itself and is not held. Raises StorageError when the folder cannot be
    written.
    """
    if environ.get("MLFLOW_TRACKING_URI") is not None:
        yield
        return
    with locked(var / "mlflow" / LOCK):
        yield


@contextmanager
def translated_refusals() -> Iterator[None]:
    """What MLflow cannot write, read or reach becomes a StorageError of one sentence."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError  # of MLflow's own store, which lets some through

    try:
        yield
    except (OSError, MlflowException, SQLAlchemyError) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise StorageError(
            f"MLflow: expected to read and write runs, got « {first_line[:200]} »; free some "
            "space, or check MLFLOW_TRACKING_URI"
        ) from error


def _make_database(path: Path) -> None:
    """Make the tables whole or not at all: a database cut short could never be opened again."""
    import mlflow

    if path.exists():
        return
    with whole_file(path) as temporary:
        mlflow.set_tracking_uri(f"sqlite:///{temporary}")
        mlflow.search_experiments(max_results=1)


def _keep_quiet() -> None:
    """No telemetry, no progress bars of MLflow's own, no migration log on an advisor's screen."""
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
