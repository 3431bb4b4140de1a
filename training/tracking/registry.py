"""The registry: fetching a registered bundle and moving the champion alias."""

from pathlib import Path

from features.common.errors import InputError
from training.tracking.store import CHAMPION, MODEL, translated_refusals


def latest_version() -> str:
    """Return the newest registered version. Raises InputError when nothing was trained yet."""
    from mlflow import MlflowClient

    with translated_refusals():
        versions = MlflowClient().search_model_versions(f"name='{MODEL}'")
    if not versions:
        raise InputError(
            "promote: expected a trained model, got an empty registry; run `vigie train`"
        )
    return str(max(int(version.version) for version in versions))


def fetch_bundle(version: str, folder: Path) -> Path:
    """Download the bundle of a registered version into `folder`; return where it is.

    Raises InputError for a version nobody registered, StorageError when it cannot be copied.
    """
    import mlflow
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    try:
        run_id = MlflowClient().get_model_version(MODEL, version).run_id
    except MlflowException as error:
        raise InputError(
            f"promote: expected a registered version, got {version}; leave it out for the newest"
        ) from error
    with translated_refusals():
        path = mlflow.artifacts.download_artifacts(
            run_id=run_id, artifact_path="bundle", dst_path=str(folder)
        )
    return Path(path)


def move_champion(version: str) -> None:
    """Point the champion alias at a registered version."""
    from mlflow import MlflowClient

    with translated_refusals():
        MlflowClient().set_registered_model_alias(MODEL, CHAMPION, version)
