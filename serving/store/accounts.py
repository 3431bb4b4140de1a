"""Accounts of people. Addresses are stored in lower case, so that a person has one account."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from features.common.errors import ConflictError
from serving.actors import Role
from serving.store.refusals import RefusalCode
from serving.store.tables import accounts


@dataclass(frozen=True)
class Account:
    """A person who may sign in. What is personal or secret stays out of its representation."""

    id: int
    email: str = field(repr=False)
    display_name: str = field(repr=False)
    password_hash: str | None = field(repr=False)
    must_change_password: bool
    oidc_subject: str | None = field(repr=False)
    role: Role
    advisor_id: str | None
    site: str | None
    capacity: int
    language: str
    created_at: datetime
    disabled_at: datetime | None


class NewAccount(TypedDict):
    """The columns of an account that is added."""

    email: str
    display_name: str
    password_hash: str | None
    must_change_password: bool
    oidc_subject: str | None
    role: Role
    advisor_id: str | None
    site: str | None
    capacity: int
    language: str
    created_at: datetime


class AccountChanges(TypedDict, total=False):
    """The columns of an account that may change."""

    password_hash: str | None
    must_change_password: bool
    oidc_subject: str | None
    capacity: int
    disabled_at: datetime | None


def read(row: Any) -> Account:
    """Return an account off the columns of its table, in their order."""
    values = dict(zip(accounts.c.keys(), row, strict=True))
    return Account(**{**values, "role": Role(values["role"])})


def add(connection: Connection, values: NewAccount) -> int:
    """Add an account and answer its number.

    Raises ConflictError when the address, the advisor or the provider's subject has one already.
    """
    try:
        done = connection.execute(insert(accounts).returning(accounts.c.id), values)
        return int(done.scalar_one())
    except IntegrityError:
        raise ConflictError(
            "account: expected an address, an advisor id and a subject that no account has yet, "
            "got one that is taken",
            code=RefusalCode.ACCOUNT_TAKEN,
        ) from None


def find(connection: Connection, account_id: int) -> Account | None:
    """Return the account of a number."""
    return _one(connection, accounts.c.id == account_id)


def find_by_email(connection: Connection, email: str) -> Account | None:
    """Return the account of an address, however it is written."""
    return _one(connection, accounts.c.email == normal_email(email))


def find_by_subject(connection: Connection, subject: str) -> Account | None:
    """Return the account bound to a subject of the OpenID provider."""
    return _one(connection, accounts.c.oidc_subject == subject)


def find_all(connection: Connection) -> list[Account]:
    """Return every account, oldest first."""
    return [read(row) for row in connection.execute(select(accounts).order_by(accounts.c.id))]


def change(connection: Connection, account_id: int, **values: Unpack[AccountChanges]) -> None:
    """Set columns of an account."""
    connection.execute(_CHANGE.values(**values), {"wanted": account_id})


def normal_email(email: str) -> str:
    """Return an address as it is stored; PostgreSQL knows no NUL character."""
    return email.replace("\0", "").strip().casefold()


def _one(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(accounts).where(condition)).first()
    return None if row is None else read(row)


_CHANGE = update(accounts).where(accounts.c.id == bindparam("wanted"))
