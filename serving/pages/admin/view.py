"""The administrator's page: accounts, keys and audit, as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from serving.actors import Scope
from serving.pages.shared.formatting import day_in_words
from serving.queries.administration import Account, AuditLine, Key
from serving.wording import Wording


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
    is_me: bool = False


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
    who: str
    action: str
    subject: str
    about: str


@dataclass(frozen=True)
class AdminView:
    """Everything the page shows; `secret` is a password or key to copy, shown once."""

    accounts: tuple[AccountRow, ...]
    keys: tuple[KeyRow, ...]
    lines: tuple[AuditRow, ...]
    subject: str = ""
    actor: str = ""
    older: str | None = None
    newest: str | None = None
    secret: str | None = None
    error: str | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The rights a key can have."""
        return tuple(scope.value for scope in Scope)


def account_rows(accounts: Sequence[Account], *, me: int) -> tuple[AccountRow, ...]:
    """Accounts, open ones first, by name; `me` is the number of the reader's own."""
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
            is_me=account.id == me,
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
    lines: Sequence[AuditLine], *, names: Mapping[str, str], zone: ZoneInfo, t: Wording
) -> tuple[AuditRow, ...]:
    """Lines of the audit, in the order given; `names` are those of accounts, by `account:7`."""
    return tuple(
        AuditRow(
            at=moment_in_words(line.at, zone=zone, t=t),
            actor=line.actor,
            who=names.get(line.actor) or t.entries.get(f"audit_actor.{line.actor}", ""),
            action=action_in_words(line.action, t=t),
            subject=line.subject or "",
            about=names.get(line.subject or "", ""),
        )
        for line in lines
    )


def action_in_words(action: str, *, t: Wording) -> str:
    """Return what was done, in words; an action that has none yet is reported by its code."""
    return t.entries.get(f"audit_action.{action}", action)


def moment_in_words(moment: datetime, *, zone: ZoneInfo, t: Wording) -> str:
    """Return a moment as a clock on the wall showed it."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date(), language=t.language)}, {local:%H:%M}"
