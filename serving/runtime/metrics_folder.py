"""Where the workers of a service add up their counters; loads nothing, so that it costs nothing."""

import os
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def use_folder(folder: Path) -> None:
    """Let the workers started from now on add up their counters in `folder`, emptied first.

    Call it before the workers are started; in this process it has no effect on metrics made before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("*.db"):
        left_over.unlink()
    os.environ[FOLDER] = str(folder.resolve())
