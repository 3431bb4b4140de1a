"""`vigie serve`: the service, in as many processes as the settings say."""

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn import Config

GRACE_SECONDS = 20
# Read by the numerical libraries as they load: a request is small, and threads of several workers
# would fight for the same cores.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def serve() -> None:
    """Serve people and machines until stopped (SIGTERM); what is under way is finished."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    import uvicorn

    from serving.settings import Settings
    from serving.store.engine import open_store
    from serving.store.migrate import upgrade

    # Missing secrets, tables to be migrated and an absent database are reported here, once. The
    # model is left to the workers: loading its libraries here too would double the time to start.
    settings = Settings.read()
    store = open_store(settings.database_url.get_secret_value())
    upgrade(store)
    store.close()
    if settings.workers > 1:
        _share_metrics()
    # Uvicorn raises the signal again once all is answered: that is a good end.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    config = uvicorn.Config(
        "serving.app:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if settings.workers > 1:
        _run_workers(config)
    else:
        uvicorn.Server(config).run()


def _run_workers(config: "Config") -> None:
    from uvicorn.supervisors import Multiprocess

    class Workers(Multiprocess):
        def terminate_all(self) -> None:
            """Let no connection wait for workers that are going away."""
            for listener in self.sockets:
                listener.close()
            super().terminate_all()

    Workers(config, sockets=[config.bind_socket()]).run()


def _share_metrics() -> None:
    """Let the counters of the workers add up, unless a folder was chosen for them."""
    import tempfile
    from pathlib import Path

    from serving.runtime.metrics_folder import FOLDER, use_folder

    if not os.environ.get(FOLDER):
        use_folder(Path(tempfile.mkdtemp(prefix="vigie-metrics-")))


def migrate() -> None:
    """Create the tables of the store or bring them up to date."""
    from rich.console import Console

    from serving.commands.opening import opened_context

    with opened_context():
        Console().print("The tables are up to date")
