"""One cleaning for every way in: a text as people write it becomes a value as it is declared.

Tables, dossiers, API and forms call `read_value`; what a column may hold is read off its
declaration alone. Nothing is guessed: what could be meant in two ways is a fault.
"""

import re
from datetime import date

from features.common.plain_text import plain, tidy
from features.records.code_list import CodeList
from features.records.dates import read_day
from features.records.faults import CellError, Fault
from features.records.schema import Column, Kind

Value = str | float | date

# What people and software write where they know nothing.
_MARKS = r"""
    - -- --- – — _ . .. ... / // ? ?? ??? *
    nc n.c n.c. n/c nr n.r n.r. n/r nd n.d n.d. n/d na n.a n.a. n/a nsp \n none nan nat nil
    null (null) <na> undefined unknown vide (vide) (blank) inconnu inconnue
    #n/a #na #value! #valeur! #ref! #nom? #name? #div/0! #nul! #null! #num! #nombre!
"""
_WORDS = """
    non renseigné|non renseignée|non renseigne|à renseigner|a renseigner|non communiqué
    non communiquée|non communique|non précisé|non précisée|non precise|non connu|non connue
    non disponible|non applicable|sans objet|ne sait pas|not available|not applicable
"""
NOISE = frozenset(_MARKS.split()) | {
    words.strip() for line in _WORDS.splitlines() for words in line.split("|") if words.strip()
}
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+|,[0-9]{1,2}|,[0-9]{4,})?([eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
_FLAGS = {
    **dict.fromkeys(("true", "1", "1.0", "oui", "o", "yes", "y", "vrai"), 1.0),
    **dict.fromkeys(("false", "0", "0.0", "non", "n", "no", "faux"), 0.0),
}


def read_value(column: Column, text: str) -> Value | None:
    """Return the value of a text, None where it says nothing; a flag is 1.0 or 0.0.

    Raises CellError: the text is no value of the column, or a required one says nothing.
    """
    value = _value(column, text)
    if value is None and column.required:
        raise CellError(Fault.REQUIRED)
    return value


def read_typed(column: Column, value: object) -> Value | bool | None:
    """Return what a typed value says, as JSON holds them; a text is read as `read_value` does.

    A number is one of a number column alone and a boolean of a flag: neither stands for the other.
    Raises CellError: as `read_value`, and for a value of another type.
    """
    match value:
        case str():
            read = read_value(column, value)
            return bool(read) if column.kind is Kind.FLAG and read is not None else read
        case None if column.required:
            raise CellError(Fault.REQUIRED)
        case None:
            return None
        case bool() if column.kind is Kind.FLAG:
            return value
        case int() | float() if column.holds_numbers and not isinstance(value, bool):
            return _within(column, value)
        case _:
            raise CellError(Fault.TYPE)


def is_noise(text: str) -> bool:
    """Return whether a text says nothing: blank, or one of the marks of the unknown."""
    return not text or text.lower() in NOISE


def _value(column: Column, text: str) -> Value | None:
    if column.code_list is not None:
        return _code(column.code_list, tidy(text))
    if is_noise(tidy(text)):
        return None
    match column.kind:
        case Kind.DATE:
            return read_day(text)
        case Kind.FLAG:
            return _flag(tidy(text))
        case _ if column.holds_numbers:
            return _number(column, tidy(column.clean(text)))
        case _:
            return _text(column, column.clean(text))


def _text(column: Column, text: str) -> str | None:
    if not text:
        return None
    if column.pattern is not None and not re.fullmatch(column.pattern, text):
        raise CellError(Fault.FORM)
    if column.max_length is not None and len(text) > column.max_length:
        raise CellError(Fault.TOO_LONG)
    if column.is_reserved(text):
        raise CellError(Fault.RESERVED)
    return text


def _flag(text: str) -> float:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise CellError(Fault.FLAG)
    return flag


def _code(listing: CodeList, text: str) -> str | None:
    """Return the code of a text: the code itself, before its label, or its label alone."""
    spelt = listing.spellings
    found = spelt.get(text) or spelt.get(plain(text) if re.search(r"[^\W\d_]", text) else "")
    if found is None and is_noise(text):
        return None
    if found is None and (before := re.fullmatch(r"(\w+)\s*[-–:(.]?\s*([^\W\d].*)", text)):
        same = listing.labels.get(before[1]) or listing.labels.get(spelt.get(before[1], ""))
        found = spelt.get(before[1]) if same else None
    if found is None:
        raise CellError(Fault.CODE)
    return found


def _number(column: Column, text: str) -> float:
    if _GROUPED.fullmatch(text):
        text = text.replace(" ", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+", text):
        raise CellError(Fault.THOUSANDS)
    elif not _NUMBER.fullmatch(text):
        raise CellError(Fault.NUMBER)
    return _within(column, float(text.replace(",", ".")))


def _within(column: Column, number: float) -> float:
    """Return a number that is inside the bounds of its column, which no infinity is."""
    low, high = column.low, column.high
    if not (-float("inf") if low is None else low) <= number <= (high or float("inf")):
        raise CellError(Fault.BOUNDS)
    number = float(number) + 0.0  # -0.0 becomes 0.0: one content
    if column.kind is Kind.INTEGER and not number.is_integer():
        raise CellError(Fault.WHOLE)
    return number
