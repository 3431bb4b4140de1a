"""The administrator's page: accounts, keys and audit, as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from serving.actors import Scope
from serving.pages.wording import Wording
from serving.pages.words import day_in_words
from serving.store.accounts import Account
from serving.store.keys import Key


@dataclass(frozen=True)
class AccountRow:
    """An account of the list."""

    id: int
    name: str
    email: str
    role: str
    advisor_id: str
    site: str
    capacity: int
    disabled: bool


@dataclass(frozen=True)
class KeyRow:
    """An application key of the list."""

    key_id: str
    name: str
    scopes: str
    last_used: str
    revoked: bool


@dataclass(frozen=True)
class AuditRow:
    """A line of the audit."""

    at: str
    actor: str
    action: str
    subject: str


@dataclass(frozen=True)
class AdminView:
    """Everything the page shows; `secret` is a password or key to copy, shown once."""

    accounts: tuple[AccountRow, ...]
    keys: tuple[KeyRow, ...]
    lines: tuple[AuditRow, ...]
    subject: str = ""
    actor: str = ""
    secret: str | None = None
    error: str | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The rights a key can have."""
        return tuple(scope.value for scope in Scope)


def account_rows(accounts: Sequence[Account]) -> tuple[AccountRow, ...]:
    """Accounts, open ones first, by name."""
    ranked = sorted(accounts, key=lambda a: (a.disabled_at is not None, a.display_name))
    return tuple(
        AccountRow(
            id=account.id,
            name=account.display_name,
            email=account.email,
            role=account.role.value,
            advisor_id=account.advisor_id or "",
            site=account.site or "",
            capacity=account.capacity,
            disabled=account.disabled_at is not None,
        )
        for account in ranked
    )


def key_rows(keys: Sequence[Key], *, zone: ZoneInfo, t: Wording) -> tuple[KeyRow, ...]:
    """Application keys, in the order given."""

    def used(moment: datetime | None) -> str:
        return t("admin.never_used") if moment is None else moment_in_words(moment, zone=zone, t=t)

    return tuple(
        KeyRow(
            key_id=key.key_id,
            name=key.name,
            scopes=", ".join(sorted(key.scopes)),
            last_used=used(key.last_used_at),
            revoked=key.revoked_at is not None,
        )
        for key in keys
    )


def audit_rows(
    lines: Sequence[Mapping[str, Any]], *, zone: ZoneInfo, t: Wording
) -> tuple[AuditRow, ...]:
    """Lines of the audit, in the order given."""
    return tuple(
        AuditRow(
            moment_in_words(line["at"], zone=zone, t=t),
            line["actor"],
            line["action"],
            line["subject"] or "",
        )
        for line in lines
    )


def moment_in_words(moment: datetime, *, zone: ZoneInfo, t: Wording) -> str:
    """A moment as a clock on the wall showed it."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date(), language=t.language)}, {local:%H:%M}"
