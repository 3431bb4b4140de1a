"""What administrators and data people read: accounts, keys, the audit, the models that served."""

from collections.abc import Sequence

from features.common.errors import NotFoundError
from serving.auth.rights import require_administrator
from serving.context import ReadSession
from serving.store import accounts, audit, keys, models
from serving.store.accounts import Account
from serving.store.audit import AuditLine
from serving.store.keys import Key
from serving.store.models import ServedModel

__all__ = ["Account", "AuditLine", "Key", "ServedModel"]  # for those who show them


def accounts_of_people(reads: ReadSession) -> list[Account]:
    """Return every account, oldest first. Raises ForbiddenError unless an administrator asks."""
    require_administrator(reads.actor)
    return accounts.find_all(reads.connection)


def account_numbered(reads: ReadSession, account_id: int) -> Account:
    """Return one account. Raises NotFoundError, or ForbiddenError."""
    require_administrator(reads.actor)
    found = accounts.find(reads.connection, account_id)
    if found is None:
        raise NotFoundError("account: expected one that exists, got another number")
    return found


def keys_of_machines(reads: ReadSession) -> list[Key]:
    """Return every key, oldest first, without its secret. Raises ForbiddenError."""
    require_administrator(reads.actor)
    return keys.find_all(reads.connection)


def audit_lines(
    reads: ReadSession,
    *,
    limit: int,
    subject: str | None = None,
    actor: str | None = None,
    before_id: int | None = None,
) -> Sequence[AuditLine]:
    """Return the lines about a subject or by an actor, the latest first. Raises ForbiddenError."""
    require_administrator(reads.actor)
    return audit.search(
        reads.connection, subject=subject, actor=actor, before_id=before_id, limit=limit
    )


def models_served(reads: ReadSession) -> list[ServedModel]:
    """Return every version that served, the latest first; it concerns nobody."""
    return models.every(reads.connection)
