"""The bundle in service: loaded at start, replaced without a restart when another is promoted.

A bundle that is refused leaves the one in service where it is, and is reported by `refusal`.
"""

import threading
from pathlib import Path

from features.common.errors import BundleError
from features.families import CATALOGUE
from models.bundle import load
from serving.predictor.scorer import Scorer

# Where the promoted bundle is, and name, time and size of each of its files: one that is still
# being copied is looked at again once it is whole.
Stamp = tuple[str, tuple[tuple[str, int, int], ...]]


class ModelInService:
    """Holds the bundle of `folder/champion`; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "champion"
        self.refusal: str | None = None
        self._served: Scorer | None = None
        self._stamp: Stamp | None = None
        self._lock = threading.Lock()

    def current(self) -> Scorer:
        """Return the bundle in service, loaded at first use.

        Raises BundleError when there is none.
        """
        if self._served is None:
            self.refresh()
        if self._served is None:
            raise BundleError(self.refusal or f"{self.folder}: expected a bundle, got nothing")
        return self._served

    def refresh(self) -> bool:
        """Load the promoted bundle if it is another than the last one looked at.

        Answers whether the bundle in service was replaced. Requests under way keep the one they
        began with.
        """
        with self._lock:
            stamp = self._read_stamp()
            if stamp == self._stamp:
                return False
            self._stamp = stamp
            try:
                bundle = load(self.folder, catalogue=CATALOGUE)
                _ = bundle.explainer
            except BundleError as error:
                self.refusal = str(error)
                return False
            except Exception as error:  # whatever a damaged file makes a library raise
                kind = type(error).__name__
                self.refusal = f"{self.folder}: expected a bundle that can be read, got {kind}"
                return False
            self._served, self.refusal = Scorer(bundle), None
            return True

    def _read_stamp(self) -> Stamp | None:
        try:
            states = [(path.name, path.stat()) for path in sorted(self.folder.iterdir())]
            return (
                str(self.folder.resolve()),
                tuple((name, state.st_mtime_ns, state.st_size) for name, state in states),
            )
        except OSError:
            return None
