"""The one base class of every error we anticipate, with the exit code each maps to."""

from enum import StrEnum


class VigieError(Exception):
    """An anticipated failure: one sentence saying where, what was expected and what came.

    Its message is shown to the user as it is, without a traceback, so it never holds personal
    data: identifiers of rows and columns, never their content. `code` says the same to a program,
    which renders it in its reader's language.
    """

    def __init__(self, message: str, *, code: StrEnum | None = None) -> None:
        super().__init__(message)
        self.code = code


class InputError(VigieError):
    """Records, extracts or options that cannot be used as they are."""


class TrainingError(VigieError):
    """There is too little, or too one-sided, history to learn from."""


class BundleError(VigieError):
    """A bundle that is damaged, altered or made for another catalogue."""


class GateError(VigieError):
    """A trained model that did not pass the promotion gates."""


class StorageError(VigieError):
    """The disk refused a write; nothing half-written was left."""


class SettingsError(VigieError):
    """A setting or a secret that is missing or cannot be used."""


class StoreError(VigieError):
    """The database cannot be reached or used now; nothing was written."""


class NotFoundError(VigieError):
    """There is no such thing, or none that the asker may see: the two are reported alike."""


class ConflictError(VigieError):
    """The request contradicts what is already stored."""


def exit_code(error: VigieError) -> int:
    """Exit code an operator can act on without reading the log."""
    match error:
        case InputError():
            return 3
        case TrainingError():
            return 4
        case BundleError():
            return 5
        case GateError():
            return 6
        case StorageError() | StoreError():
            return 7
        case SettingsError():
            return 8
        case NotFoundError() | ConflictError():
            return 9
        case _:
            return 1
