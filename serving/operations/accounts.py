"""Accounts of people: invited, disabled, let in again, by an administrator or a command."""

import re
from dataclasses import dataclass, field

from features.common.errors import InputError, NotFoundError
from serving.actors import LANGUAGES, Actor, Role
from serving.auth import passwords
from serving.auth.rights import require_administrator
from serving.context import AppContext, AuditedWrite
from serving.store import accounts, sessions
from serving.store.accounts import Account, NewAccount
from serving.store.audit import Action
from serving.store.refusals import RefusalCode

__all__ = ["RefusalCode"]  # what a refusal carries, for those who show it
ADDRESS = re.compile(r"[^@\s\0]+@[^@\s\0]+\.[^@\s\0]+")
MOST_A_WEEK = 200


@dataclass(frozen=True)
class Invited:
    """An account and its one-time password, which is shown once and stored nowhere."""

    account_id: int
    one_time_password: str | None = field(repr=False)


def add_account(
    context: AppContext,
    *,
    actor: Actor,
    email: str,
    name: str,
    role: Role,
    advisor_id: str | None = None,
    site: str | None = None,
    subject: str | None = None,
    language: str = "fr",
    with_password: bool = True,
) -> Invited:
    """Invite a person. Without a password they can only come in by the OpenID provider.

    Raises InputError for values that cannot be used, ConflictError when the address, the advisor or
    the provider's subject has an account already.
    """
    require_administrator(actor)
    _check(email=email, name=name, role=role, advisor_id=advisor_id, site=site, language=language)
    password = passwords.one_time_password() if with_password else None
    values: NewAccount = {
        "email": accounts.normal_email(email),
        "display_name": name.strip(),
        "password_hash": passwords.hash_password(password) if password else None,
        "must_change_password": with_password,
        "oidc_subject": subject,
        "role": role,
        "advisor_id": advisor_id,
        "site": site,
        "capacity": context.settings.capacity,
        "language": language,
        "created_at": context.now(),
    }
    with context.audited(actor, Action.ADD_ACCOUNT) as write:
        account_id = accounts.add(write.connection, values)
        write.subject = f"account:{account_id}"
        write.details = {"role": role, "with_password": with_password}
    return Invited(account_id, password)


def reset_password(context: AppContext, *, actor: Actor, email: str) -> Invited:
    """Give a person a new one-time password and end their sessions. Raises NotFoundError."""
    require_administrator(actor)
    password = passwords.one_time_password()
    hashed = passwords.hash_password(password)
    with context.audited(actor, Action.RESET_PASSWORD) as write:
        account = _account(write, email)
        accounts.change(
            write.connection, account.id, password_hash=hashed, must_change_password=True
        )
        write.details = {"sessions": sessions.end_all(write.connection, account.id)}
    return Invited(account.id, password)


def disable_account(context: AppContext, *, actor: Actor, email: str) -> int:
    """Let a person in no more and end their sessions and return their number.

    Raises NotFoundError.
    """
    require_administrator(actor)
    with context.audited(actor, Action.DISABLE_ACCOUNT) as write:
        account = _account(write, email)
        accounts.change(write.connection, account.id, disabled_at=context.now())
        write.details = {"sessions": sessions.end_all(write.connection, account.id)}
    return account.id


def enable_account(context: AppContext, *, actor: Actor, email: str) -> int:
    """Let a disabled person in again and return their number. Raises NotFoundError."""
    require_administrator(actor)
    with context.audited(actor, Action.ENABLE_ACCOUNT) as write:
        account = _account(write, email)
        accounts.change(write.connection, account.id, disabled_at=None)
    return account.id


def change_capacity(context: AppContext, *, actor: Actor, email: str, capacity: int) -> int:
    """Say how many people somebody can see a week and return their number.

    The list of the week is cut there. Raises InputError for no or too many people, NotFoundError.
    """
    require_administrator(actor)
    if not 1 <= capacity <= MOST_A_WEEK:
        raise InputError(
            f"account: capacity: expected 1 to {MOST_A_WEEK} a week, got {capacity}",
            code=RefusalCode.CAPACITY_OUT_OF_RANGE,
        )
    with context.audited(actor, Action.CHANGE_CAPACITY) as write:
        account = _account(write, email)
        accounts.change(write.connection, account.id, capacity=capacity)
        write.details = {"from": account.capacity, "to": capacity}
    return account.id


def _check(
    *, email: str, name: str, role: Role, advisor_id: str | None, site: str | None, language: str
) -> None:
    if not ADDRESS.fullmatch(email.strip()):
        raise InputError(
            "account: email: expected an address as name@place.tld, got something else",
            code=RefusalCode.NOT_AN_ADDRESS,
        )
    if not name.strip() or "\0" in name:
        raise InputError(
            "account: name: expected a name to show, got nothing readable", code=RefusalCode.NO_NAME
        )
    if role is Role.ADVISOR and not advisor_id:
        raise InputError(
            "account: advisor_id: expected the advisor's id in the records, got none",
            code=RefusalCode.NO_ADVISOR_ID,
        )
    if role is Role.COORDINATOR and not site:
        raise InputError(
            "account: site: expected the site a coordinator looks after, got none",
            code=RefusalCode.NO_SITE,
        )
    if language not in LANGUAGES:
        raise InputError(f"account: language: expected {' or '.join(LANGUAGES)}, got another")


def _account(write: AuditedWrite, email: str) -> Account:
    """Return the account that is going to change: the audit names it."""
    account = accounts.find_by_email(write.connection, email)
    if account is None:
        raise NotFoundError("account: expected the address of an account, got another")
    write.subject = f"account:{account.id}"
    return account
