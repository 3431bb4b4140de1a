"""How the store's columns are made: types shared by SQLite and PostgreSQL, and a privacy for each.

Every column says how much it reveals of a person; one without that is a programming error, which
a test finds.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Integer,
    Text,
    false,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from features.records import schema
from features.records.schema import Kind, Privacy

# SQLite numbers rows by itself only for a column of type INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("store: expected an aware datetime, got a naive one")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Back with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def column(name: str, kind: Any, *args: Any, privacy: Privacy, **options: Any) -> Column[Any]:
    """Return a column that must be filled unless `nullable=True`, with its privacy."""
    options.setdefault("nullable", False)
    return Column(name, kind, *args, info={"privacy": privacy}, **options)


def row_number(name: str = "id") -> Column[Any]:
    """Return the number of a row, growing in the order of insertion."""
    return column(name, Number, privacy=Privacy.NONE, primary_key=True, autoincrement=True)


def plain(name: str, kind: Any = Text, *args: Any, **options: Any) -> Column[Any]:
    """Return a column that says nothing of a person."""
    return column(name, kind, *args, privacy=Privacy.NONE, **options)


def pseudonym(name: str, *args: Any, **options: Any) -> Column[Any]:
    """Return an identifier: it names a person to who holds the key."""
    return column(name, Text, *args, privacy=Privacy.PSEUDONYM, **options)


def personal(name: str, kind: Any = Text, *args: Any, **options: Any) -> Column[Any]:
    """Return a column about a person."""
    return column(name, kind, *args, privacy=Privacy.PERSONAL, **options)


def secret(name: str, *args: Any, **options: Any) -> Column[Any]:
    """Return what proves who one is, hashed where it can be; it leaves the store towards nobody."""
    return column(name, Text, *args, privacy=Privacy.SECRET, **options)


def declared(declaration: schema.Column) -> Column[Any]:
    """Return the column of a declared record column."""
    return column(
        declaration.name,
        _type_of(declaration.kind),
        privacy=declaration.privacy,
        nullable=not declaration.required and declaration.default is None,
        server_default=None if declaration.default is None else false(),
    )


def _type_of(kind: Kind) -> type[TypeEngine[Any]]:
    match kind:
        case Kind.DATE:
            return Date
        case Kind.INTEGER | Kind.NUMBER:
            return Float
        case Kind.FLAG:
            return Boolean
        case _:
            return Text
