"""What may be sent: models made from the record declarations, which are the only list of columns.

A value is of its own type, or a text that is cleaned as a cell of a file is; a boolean is no
number, a number no text, no field is unknown. The context of a validation holds `today`, the day
it is where the programme is.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from features.records.cleaning import read_typed
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, WITHDRAWN
from features.records.faults import CellError
from features.records.schema import FIRST_DAY, LAST_DAY, Column, Kind, Privacy, RecordType

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)
DAY_PATTERN = r"^(19[4-9][0-9]|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}$"
PRIVACY_WORDS = {
    Privacy.AUDIT_ONLY: " (gardé pour contrôler l'équité du modèle, jamais une donnée d'entrée)",
    Privacy.PERSONAL: " (donnée personnelle)",
}

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY, json_schema_extra={"pattern": DAY_PATTERN})]


def until_today(value: date | None, info: ValidationInfo) -> date | None:
    """Refuse a day to come: nothing is known before it happens."""
    if value is not None and info.context is not None and value > info.context["today"]:
        raise PydanticCustomError("after_today", "a day to come")
    return value


def one_of(codes: Iterable[str]) -> Any:
    """Return the type of a code of a closed list."""
    return Literal[tuple(codes)]


def model_of(
    record_type: RecordType, name: str, *, optional: frozenset[str] = frozenset()
) -> type[BaseModel]:
    """Return the model of a record as it is sent.

    `known_on` and `optional` columns may be left out.
    """
    may_lack = optional | {"known_on"}
    fields: dict[str, Any] = {
        column.name: _field(record_type, column, required=column.required)
        if column.name not in may_lack
        else _field(record_type, column, required=False)
        for column in record_type.columns
        if column is not WITHDRAWN  # said by DELETE
    }
    model: type[BaseModel] = create_model(
        name, __config__=STRICT, __doc__=f"Un enregistrement : {record_type.label}.", **fields
    )
    return model


def _field(record_type: RecordType, column: Column, *, required: bool) -> Any:
    column = replace(column, required=required)
    kind = _checked(record_type, column, _as_sent(column))
    return (Annotated[kind, Field(description=_description(column))], ... if required else None)


def _as_sent(column: Column) -> Any:
    """Return the type of a value as it is sent: of its own type, or a text as people write it."""
    schema = {"anyOf": [schema_of(column), {"type": "string"}]}
    if not column.required:
        schema["anyOf"].append({"type": "null"})
    return Annotated[Any, PlainValidator(partial(_read, column)), WithJsonSchema(schema)]


def schema_of(column: Column) -> dict[str, Any]:
    """Return the JSON schema of a value as it is declared."""
    match column.kind:
        case Kind.CODE if column.code_list is not None:
            return {"type": "string", "enum": list(column.code_list.codes)}
        case Kind.DATE:
            return {"type": "string", "format": "date", "pattern": DAY_PATTERN}
        case Kind.FLAG:
            return {"type": "boolean"}
        case Kind.INTEGER | Kind.NUMBER:
            kind = "integer" if column.kind is Kind.INTEGER else "number"
            return {"type": kind, "minimum": column.low, "maximum": column.high}
        case _:
            longest = {"maxLength": column.max_length} if column.max_length else {}
            reserved = reserved_schema(column) if column.reserved else {}
            return {"type": "string", "pattern": whole(column.pattern), **longest, **reserved}


def _read(column: Column, value: object) -> Any:
    try:
        return read_typed(column, value)
    except CellError as error:
        facts = {"kind": str(column.kind), **_facts(column)}
        raise PydanticCustomError(error.fault.code, "a faulty value", facts) from None


def _facts(column: Column) -> dict[str, Any]:
    """Return what the words for a faulty value need: its bounds, its form, or its codes."""
    match column.kind:
        case Kind.CODE if column.code_list is not None:
            *others, last = map(repr, column.code_list.codes)
            return {"codes": f"{', '.join(others)} or {last}" if others else last}
        case Kind.INTEGER | Kind.NUMBER:
            return {"low": column.low, "high": column.high}
        case Kind.ID | Kind.TEXT:
            reserved = ", /".join(column.reserved)
            return {"pattern": column.pattern, "reserved": reserved, "most": column.max_length}
        case _:
            return {}


def text_field(pattern: str | None, max_length: int | None = None) -> Any:
    """Return what holds a text to a declared pattern and length."""
    return Field(pattern=whole(pattern), max_length=max_length)


def whole(pattern: str | None) -> str | None:
    """Return a declared pattern as one of a whole text."""
    return None if pattern is None else f"^(?:{pattern})$"


def not_reserved(column: Column, value: str) -> str:
    """Refuse an identifier that ends as an address below another one does."""
    if column.is_reserved(value):
        reserved = ", /".join(column.reserved)
        raise PydanticCustomError("reserved_ending", "a reserved ending", {"reserved": reserved})
    return value


def reserved_schema(column: Column) -> dict[str, Any]:
    """Return the JSON schema of what `not_reserved` refuses."""
    return {"not": {"pattern": f"^{column.reserved_form}$"}}


def _checked(record_type: RecordType, column: Column, kind: Any) -> Any:
    """Return the type with the rules that look at another day: today, or the day it happened."""
    if column.kind is not Kind.DATE or column.may_lie_ahead:
        return kind
    if column.name != "known_on":
        return Annotated[kind, AfterValidator(until_today)]
    happened = partial(_since_happened, record_type.happened)
    return Annotated[kind, AfterValidator(until_today), AfterValidator(happened)]


def _since_happened(happened: str | None, value: date | None, info: ValidationInfo) -> date | None:
    day = info.data.get(happened) if happened else None
    if value is not None and day is not None and value < day:
        raise PydanticCustomError(
            "known_before", "known before it happened", {"happened": happened}
        )
    return value


def _description(column: Column) -> str:
    text = f"{column.label[0].upper()}{column.label[1:]}{PRIVACY_WORDS.get(column.privacy, '')}"
    if column.name == "known_on":
        text += " : jour où l'information nous est parvenue ; aujourd'hui si le champ est absent"
    if column.code_list is not None:
        codes = " ; ".join(f"`{code}` {label}" for code, label in column.code_list.labels.items())
        text += f". Codes : {codes}"
    return text


OF_PATH = frozenset({"contract_id"})
Contract = model_of(CONTRACT, "Contract")
ContractToKeep = model_of(CONTRACT, "ContractToKeep", optional=OF_PATH)
Interview = model_of(INTERVIEW, "Interview")
InterviewOfCase = model_of(INTERVIEW, "InterviewOfCase", optional=OF_PATH)
Event = model_of(EVENT, "Event")
EventOfCase = model_of(EVENT, "EventOfCase", optional=OF_PATH)
OutcomeToKeep = model_of(OUTCOME, "OutcomeToKeep", optional=OF_PATH)
