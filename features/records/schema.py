"""What a record declaration is made of: columns with type, bounds, codes, privacy and label."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pandas as pd

from features.common.plain_text import tidy
from features.records.code_list import CodeList


class Kind(StrEnum):
    """What a column holds."""

    ID = "id"
    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    CODE = "code"


class Privacy(StrEnum):
    """How much a column says of a person; decides what logs, exports and models may hold."""

    NONE = "none"
    PSEUDONYM = "pseudonym"  # identifies with a key held elsewhere
    PERSONAL = "personal"
    AUDIT_ONLY = "audit_only"  # protected: never an input, only to audit the model with
    SECRET = "secret"  # noqa: S105  # a word for proofs of identity, which leave the service for nobody


# No date of a work-study contract lies outside.
FIRST_DAY, LAST_DAY = date(1940, 1, 1), date(2100, 12, 31)
# Line breaks and tabs apart, control characters are in no text; PostgreSQL refuses some of them.
PLAIN_TEXT = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*"
LONGEST_TEXT = 10_000


Clean = Callable[[str], str]


@dataclass(frozen=True)
class Column:
    """One column: its type, its bounds and its meaning, for files, the API and forms alike.

    `may_lie_ahead` holds for a date that may come after the day it was learnt, as an announced end.
    `reserved` are last segments, after a slash, that an identifier may not have.
    `clean` turns what people write into what is declared; see `features.records.cleaning`.
    """

    name: str
    kind: Kind
    label: str
    privacy: Privacy = Privacy.NONE
    required: bool = False
    code_list: CodeList | None = None
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    max_length: int | None = None
    reserved: tuple[str, ...] = ()
    may_lie_ahead: bool = True
    default: bool | None = None  # of a flag that is never missing
    clean: Clean = tidy

    @property
    def is_decisive(self) -> bool:
        """Whether a faulty value refuses the whole record; of the others, one is left out."""
        return self.required or self.default is not None

    @property
    def holds_numbers(self) -> bool:
        """Whether a value is a number, whole or not."""
        return self.kind in {Kind.INTEGER, Kind.NUMBER}

    @property
    def dtype(self) -> "str | pd.CategoricalDtype":
        """The pandas dtype of the column in an accepted table."""
        if self.code_list is not None:
            return self.code_list.dtype
        match self.kind:
            case Kind.ID | Kind.TEXT:
                return "str"
            case Kind.DATE:
                return "datetime64[s]"
            case _:
                return "float64"

    @property
    def expected(self) -> str:
        """What a value must look like, in words, for reports and error messages."""
        match self.kind:
            case Kind.CODE if self.code_list is not None:
                return f"a code of the list {self.code_list.name}"
            case Kind.DATE:
                return f"a date YYYY-MM-DD between {FIRST_DAY.year} and {LAST_DAY.year}"
            case Kind.FLAG:
                return "true or false"
            case Kind.INTEGER | Kind.NUMBER:
                noun = "a whole number" if self.kind is Kind.INTEGER else "a number"
                return f"{noun} from {self.low:g} to {self.high:g}"
            case _ if self.pattern == PLAIN_TEXT:
                return f"text of {self.max_length} characters at most, none of control"
            case _ if self.pattern is not None:
                return f"text of the form {self.pattern}{self._exception}"
            case _:
                return "text"

    @property
    def reserved_form(self) -> str | None:
        """The regular expression of identifiers that end with a reserved segment."""
        return f".*/(?:{'|'.join(self.reserved)})" if self.reserved else None

    def is_reserved(self, text: str) -> bool:
        """Tell whether an identifier would be read as an address below another one."""
        return self.reserved_form is not None and bool(re.fullmatch(self.reserved_form, text))

    @property
    def _exception(self) -> str:
        return f", not ending with /{', /'.join(self.reserved)}" if self.reserved else ""


@dataclass(frozen=True)
class RecordType:
    """One table: its key, its columns, and the columns no correction may change."""

    name: str
    label: str
    key: str
    columns: tuple[Column, ...]
    immutable: tuple[str, ...]
    happened: str | None = None  # the date the record describes; `known_on` may not precede it
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name."""
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def names(self) -> list[str]:
        """Column names in declared order."""
        return list(self.by_name)

    @property
    def stated(self) -> list[str]:
        """Names of the columns that a table of this type may not leave out by default."""
        return [column.name for column in self.columns if column.default is None]

    def empty(self) -> pd.DataFrame:
        """Return a table of this type without rows."""
        return pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Order the columns, add the missing ones and give each its dtype; values must be valid.

        This is for rows that were built in code. Rows from outside go through
        `features.intake.parsing`.
        """
        frame = frame.reindex(columns=self.names)
        defaults = {c.name: float(c.default) for c in self.columns if c.default is not None}
        frame = frame.fillna(defaults)
        return frame.astype({c.name: c.dtype for c in self.columns}).reset_index(drop=True)
