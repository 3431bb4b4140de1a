"""Accounts of people: invited, disabled, let in again, by an administrator or a command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from features.common.errors import InputError, NotFoundError
from serving.actors import LANGUAGES, Actor, Role
from serving.auth import passwords
from serving.auth.rights import require_administrator
from serving.context import AppContext
from serving.store import accounts, audit, sessions
from serving.store.accounts import Account
from serving.store.audit import Action
from serving.store.engine import Connection
from serving.store.refusals import RefusalCode

ADDRESS = re.compile(r"[^@\s\0]+@[^@\s\0]+\.[^@\s\0]+")
MOST_A_WEEK = 200


@dataclass(frozen=True)
class Invited:
    """An account and its one-time password, which is shown once and kept nowhere."""

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
    values = {
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
    with context.store.writing() as connection:
        account_id = accounts.add(connection, values)
        details = {"role": role, "with_password": with_password}
        _write(connection, context, actor, Action.ADD_ACCOUNT, account_id, details)
    return Invited(account_id, password)


def reset_password(context: AppContext, *, actor: Actor, email: str) -> Invited:
    """Give a person a new one-time password and end their sessions. Raises NotFoundError."""
    require_administrator(actor)
    password = passwords.one_time_password()
    hashed = passwords.hash_password(password)
    with context.store.writing() as connection:
        account = _account(connection, email)
        accounts.change(connection, account.id, password_hash=hashed, must_change_password=True)
        details = {"sessions": sessions.end_all(connection, account.id)}
        _write(connection, context, actor, Action.RESET_PASSWORD, account.id, details)
    return Invited(account.id, password)


def disable_account(context: AppContext, *, actor: Actor, email: str) -> int:
    """Let a person in no more and end their sessions and return their number.

    Raises NotFoundError.
    """
    require_administrator(actor)
    with context.store.writing() as connection:
        account = _account(connection, email)
        accounts.change(connection, account.id, disabled_at=context.now())
        details = {"sessions": sessions.end_all(connection, account.id)}
        _write(connection, context, actor, Action.DISABLE_ACCOUNT, account.id, details)
    return account.id


def enable_account(context: AppContext, *, actor: Actor, email: str) -> int:
    """Let a disabled person in again and return their number. Raises NotFoundError."""
    require_administrator(actor)
    with context.store.writing() as connection:
        account = _account(connection, email)
        accounts.change(connection, account.id, disabled_at=None)
        _write(connection, context, actor, Action.ENABLE_ACCOUNT, account.id, {})
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
    with context.store.writing() as connection:
        account = _account(connection, email)
        accounts.change(connection, account.id, capacity=capacity)
        details = {"from": account.capacity, "to": capacity}
        _write(connection, context, actor, Action.CHANGE_CAPACITY, account.id, details)
    return account.id


def list_accounts(context: AppContext, *, actor: Actor) -> list[Account]:
    """Return every account, oldest first."""
    require_administrator(actor)
    with context.store.reading() as connection:
        return accounts.find_all(connection)


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


def _account(connection: Connection, email: str) -> Account:
    account = accounts.find_by_email(connection, email)
    if account is None:
        raise NotFoundError("account: expected the address of an account, got another")
    return account


def _write(
    connection: Connection,
    context: AppContext,
    actor: Actor,
    action: Action,
    account_id: int,
    details: Mapping[str, Any],
) -> None:
    audit.write(
        connection,
        at=context.now(),
        actor=actor.name,
        action=action,
        subject=f"account:{account_id}",
        details=dict(details),
    )
