"""Form fields made from the record declarations, and values read back with an error beside each.

A field left empty is missing, never zero. What a form accepts is what the declaration accepts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from features.catalogue.units import number_in_french
from features.common.json_types import ColumnValues
from features.records.cleaning import read_typed
from features.records.faults import CellError
from features.records.schema import FIRST_DAY, LAST_DAY, Column, Kind, RecordType
from serving.wording import Wording

Typed = Mapping[str, str]


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
            values[name] = value_of(column, typed.get(name))
        except CellError as error:
            errors[name] = t(f"fault.{error.fault.code}", **_facts(column))
            continue
        if isinstance(values[name], date) and values[name] > today and not column.may_lie_ahead:
            errors[name] = t("error.future")
            del values[name]
    return Reading(values, dict(typed), errors)


def value_of(column: Column, text: str | None) -> Any:
    """Return the typed value of one field, cleaned as a cell of a file is; None for an empty one.

    A box that is not ticked is not sent: a flag without text is False. Raises CellError.
    """
    if text is None and column.kind is Kind.FLAG:
        return False
    return read_typed(column, text)


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


def _facts(column: Column) -> dict[str, object]:
    """Return what the words for a faulty value may name."""
    if column.kind is Kind.DATE:
        return {"low": FIRST_DAY.year, "high": LAST_DAY.year, "most": ""}
    low, high = (number_in_french(b) if b is not None else "" for b in (column.low, column.high))
    return {"low": low, "high": high, "most": column.max_length}
