"""Form fields made from the record declarations, and values read back with an error beside each.

A field left empty is missing, never zero. What a form accepts is what the declaration accepts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from features.catalogue.units import number_in_french
from features.common.json_types import ColumnValues
from features.records.schema import FIRST_DAY, LAST_DAY, Column, Kind, RecordType
from serving.wording import Wording

Typed = Mapping[str, str]


class FieldError(ValueError):
    """A value that cannot be read; holds the wording key of what was expected, not the value."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


@dataclass(frozen=True)
class Choice:
    """One answer of a list: its code and its label (French)."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field of a form. `label` and the labels of `choices` come from the declaration."""

    name: str
    label: str
    kind: str
    required: bool
    value: str
    error: str | None
    choices: tuple[Choice, ...] = ()
    low: str = ""
    high: str = ""
    max_length: int | None = None


@dataclass(frozen=True)
class Reading:
    """A form read back: the typed values, what was typed, and the errors by field."""

    values: ColumnValues
    typed: dict[str, str]
    errors: dict[str, str]


def read(
    record_type: RecordType, names: Iterable[str], typed: Typed, *, today: date, t: Wording
) -> Reading:
    """Read the named columns off what was typed; fields with an error have no value."""
    values = {}
    errors: dict[str, str] = {}
    for name in names:
        column = record_type[name]
        try:
            values[name] = value_of(column, typed.get(name, ""), today=today)
        except FieldError as error:
            errors[name] = t(error.key, **error.fields)
    return Reading(values, dict(typed), errors)


def value_of(column: Column, text: str, *, today: date) -> Any:
    """Return the typed value of one field; None for an empty one. Raises FieldError."""
    text = text.strip()
    if not text:
        if column.required:
            raise FieldError("error.required")
        return False if column.kind is Kind.FLAG else None
    match column.kind:
        case Kind.DATE:
            return _date(column, text, today)
        case Kind.FLAG:
            return text in {"1", "on", "true"}
        case Kind.CODE:
            return _code(column, text)
        case Kind.INTEGER | Kind.NUMBER:
            return _number(column, text)
        case _:
            return _text(column, text)


def field_of(column: Column, reading: Reading) -> Field:
    """Return the field to draw for a column, with what was typed and its error."""
    code_list = column.code_list
    return Field(
        name=column.name,
        label=column.label,
        kind=column.kind.value,
        required=column.required,
        value=reading.typed.get(column.name, ""),
        error=reading.errors.get(column.name),
        choices=tuple(Choice(k, v) for k, v in code_list.labels.items()) if code_list else (),
        low="" if column.low is None else f"{column.low:g}",
        high="" if column.high is None else f"{column.high:g}",
        max_length=column.max_length,
    )


def _date(column: Column, text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FieldError("error.date") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise FieldError("error.date")
    if day > today and not column.may_lie_ahead:
        raise FieldError("error.future")
    return day


def _code(column: Column, text: str) -> str:
    if column.code_list is None or text not in column.code_list.labels:
        raise FieldError("error.choice")
    return text


def _number(column: Column, text: str) -> float:
    if not re.fullmatch(r"\d{1,9}([.,]\d{1,4})?", text):
        raise FieldError("error.number")
    value = float(text.replace(",", "."))
    low, high = column.low or 0.0, column.high if column.high is not None else float("inf")
    whole = column.kind is not Kind.INTEGER or value.is_integer()
    if not (low <= value <= high and whole):
        raise FieldError("error.between", low=number_in_french(low), high=number_in_french(high))
    return value


def _text(column: Column, text: str) -> str:
    if column.max_length is not None and len(text) > column.max_length:
        raise FieldError("error.too_long", most=column.max_length)
    if column.is_reserved(text) or (column.pattern and not re.fullmatch(column.pattern, text)):
        raise FieldError("error.form")
    return text
