"""Who asks: a person signed in, a machine with a key, or a command typed on the server."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


def language_of_code(code: str) -> Language:
    """Return the language of a code that was chosen; any other code is given French."""
    return next((language for language in LANGUAGES if language == code), LANGUAGES[0])


class Scope(StrEnum):
    """What a key may be used for."""

    SCORE = "score"
    RECORDS_WRITE = "records:write"
    RECORDS_READ = "records:read"
    ASSESSMENTS_READ = "assessments:read"
    FEEDBACK_WRITE = "feedback:write"
    ADMIN = "admin"


class Role(StrEnum):
    """What a person does in the programme."""

    ADVISOR = "advisor"
    COORDINATOR = "coordinator"
    DATA = "data"
    ADMINISTRATOR = "administrator"


FOLLOWERS = (Role.ADVISOR, Role.COORDINATOR)  # those who follow cases


@dataclass(frozen=True)
class Actor:
    """Who does something, as the audit names them (`account:7`, `key:ab12`, `command`).

    A person has a role and no scope; a machine has scopes and no role; a command may do anything.
    """

    name: str
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    account_id: int | None = None
    advisor_id: str | None = None
    site: str | None = None

    @property
    def is_command(self) -> bool:
        """Whether the actor typed a command on the server itself."""
        return self.name == "command"


COMMAND = Actor("command")
