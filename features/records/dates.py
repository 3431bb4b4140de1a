"""Days as people write them: French and ISO, where only one day can be meant."""

import re
from datetime import date

from features.common.plain_text import tidy
from features.records.faults import CellError, Fault
from features.records.schema import FIRST_DAY, LAST_DAY

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv", "jan"),
            ("fevrier", "février", "fevr", "févr", "fev", "fév"),
            ("mars", "mar"),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout", "août", "aou", "aoû"),
            ("septembre", "sept", "sep"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "décembre", "dec", "déc"),
        ),
        start=1,
    )
    for name in names
}
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_NAMED = re.compile(
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di,? |dimanche,? )?"
    r"([0-9]{1,2})(?:er)?[- /]([a-zéûô]+)\.?[- /]([0-9]{4})"
)
_COMPACT = re.compile(r"(19|20|21)[0-9]{6}|[0-3][0-9][01][0-9](19|20|21)[0-9]{2}")
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1[0-9]{2}")
_SERIAL = re.compile(r"[1-7][0-9]{4}([.,][0-9]+)?")  # 1927 to 2119
_EPOCH = re.compile(r"-?[0-9]{9,10}|-?[0-9]{12,13}")
_CLOCK = re.compile(
    r"(?P<day>.*?[0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?:[T ]| à )"
    r"(?P<hour>[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
    r" ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_day(text: str) -> date:
    """Return the day of a text; an hour is taken only where it is midnight as written.

    Raises CellError: not a day, or one that could be meant otherwise, with what it looks like.
    """
    text = tidy(text)
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        if re.search("[1-9]", clock["hour"]):
            raise CellError(Fault.HOUR)
        text = clock["day"]
    year, month, day = _parts(text)
    if month > 12 and day <= 12 and not _YEAR_FIRST.fullmatch(text):
        raise CellError(Fault.MONTH_FIRST)
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError(Fault.DATE) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise CellError(Fault.BOUNDS)
    return found


def _parts(text: str) -> tuple[int, int, int]:
    """Return year, month and day as they are written."""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    if found := _NAMED.fullmatch(text.lower()):
        return int(found[3]), _MONTHS.get(found[2], 0), int(found[1])
    if _COMPACT.fullmatch(text):
        # Years of 1900 to 2199 are no day and month, so that one reading alone is a date.
        if text[:2] in {"19", "20", "21"} and int(text[4:6]) <= 12:
            return int(text[:4]), int(text[4:6]), int(text[6:])
        return int(text[4:]), int(text[2:4]), int(text[:2])
    for shape, fault in (
        (_TWO_DIGIT_YEAR, Fault.TWO_DIGIT_YEAR),
        (_SERIAL, Fault.EXCEL_SERIAL),
        (_EPOCH, Fault.EPOCH),
    ):
        if shape.fullmatch(text):
            raise CellError(fault)
    raise CellError(Fault.DATE)
