"""How people write what a column holds, and what it then says; declared at the column.

Each function takes a text and returns it as the declaration expects it. A text it does not know is
returned as it is, for the declaration to judge. Raises CellError where the fault has a name.
"""

import re

from features.common.plain_text import plain, tidy
from features.records.faults import CellError, Fault

_SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,3}")
# European level of each Roman numeral of 1969, which the Arabic ones replaced in 2019.
_ROMAN_LEVELS = {"v": "3", "iv": "4", "iii": "5", "ii": "6"}


def prose(text: str) -> str:
    """Return a free text without the control characters that no page shows and no store takes."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", text).strip()


def siret(text: str) -> str:
    """Return the 14 figures of an establishment; a lost zero comes back, two if the check agrees.

    A wrong check figure is no fault: the report of a delivery lists those of 14 figures.
    """
    figures = _figures(text)
    if re.fullmatch("[0-9]{9}", figures):
        raise CellError(Fault.SIREN)
    lost = len(figures) == 13 or (len(figures) == 12 and figures.isdecimal() and luhn(figures))
    return figures.zfill(14) if lost else figures


def luhn(figures: str) -> bool:
    """Return whether the check figure is right (Luhn, 1960); zeros in front change nothing."""
    doubled = (int(f) * (1 + i % 2) for i, f in enumerate(reversed(figures)))
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def naf(text: str) -> str:
    """Return an activity as `4711B`: point and blanks go, a lost zero comes back."""
    code = re.sub(r"[\s.]+", "", text).upper()
    return code.zfill(5) if re.fullmatch("[0-9]{3}[A-Z]", code) else code


def idcc(text: str) -> str:
    """Return a collective agreement as four figures: `IDCC 16 - Transports` is `0016`."""
    found = re.fullmatch(r"(?:IDCC\W*)?([0-9]{1,4})(?:\s*[-:(].*)?", tidy(text), re.IGNORECASE)
    return found[1].zfill(4) if found else tidy(text)


def postcode(text: str) -> str:
    """Return a postcode as five figures: `1000` is `01000`, `F-44 000` is `44000`."""
    code = re.sub(r"[\s.-]+", "", text).upper()
    if re.fullmatch("2[AB][0-9]{3}", code):
        raise CellError(Fault.COMMUNE)
    code = code.removeprefix("FR").removeprefix("F")
    return code.zfill(5) if re.fullmatch("[0-9]{4}", code) else code


def rncp(text: str) -> str:
    """Return a certification as `RNCP35316`, or its figures where they came alone."""
    code = re.sub(r"[\s.:-]+", "", text).upper()
    if re.fullmatch("RS[0-9]{1,5}", code):
        raise CellError(Fault.RS)
    return re.sub("^FICHE", "", code)


def rome(text: str) -> str:
    """Return a job as `D1102`, also off `d1102` and `D1102 - Boulanger`."""
    found = re.fullmatch(r"([A-Z])\s?([0-9]{4})(?:\s*[-–:(].*|\s+\D.*)?", tidy(text), re.IGNORECASE)
    return found[1].upper() + found[2] if found else tidy(text)


def uai(text: str) -> str:
    """Return a school as `0441234A`: blanks go, a lost zero comes back."""
    code = re.sub(r"[\s.-]+", "", text).upper()
    return code.zfill(8) if re.fullmatch("[0-9]{6}[A-Z]", code) else code


def percent(text: str) -> str:
    """Return a percentage: `85 %` is 85, and so is `0.85`, the way a spreadsheet stores it."""
    text = tidy(text)
    if re.fullmatch(r"0[.,][1-9][0-9]*|1[.,][0-4][0-9]*[1-9]", text):
        return f"{float(text.replace(',', '.')) * 100:.10g}"
    return re.sub(r"\s?(%|pour cent|p\. ?cent)( du smic)?$", "", text, flags=re.IGNORECASE)


def hours(text: str) -> str:
    """Return hours: `35h`, `35 heures`, `35h30`, `35:30` and `35:30:00`."""
    text = tidy(text)
    found = re.fullmatch(r"([0-9]{1,4}) ?(?:h|:) ?([0-5][0-9])(?: ?mi?n|:00)?", text.lower())
    if found:
        return f"{int(found[1]) + int(found[2]) / 60:.10g}"
    return re.sub(r" ?(h|hrs?|heures?)\.?( ?(/|par) ?sem(aine)?)?$", "", text, flags=re.IGNORECASE)


def minutes(text: str) -> str:
    """Return minutes: `45 min`, `1h10`, `1 heure`."""
    text = tidy(text)
    found = re.fullmatch(r"([0-9]{1,2}) ?h(?:eures?)? ?([0-5]?[0-9])?(?: ?mi?n)?", text.lower())
    if found:
        return str(60 * int(found[1]) + int(found[2] or 0))
    return re.sub(r" ?(min|mn|minutes?|')\.?$", "", text, flags=re.IGNORECASE)


def years(text: str) -> str:
    """Return years: `3 ans`, `18 mois`."""
    text = tidy(text)
    found = re.fullmatch(r"([0-9]{1,3}) ?mois", text.lower())
    if found:
        return f"{int(found[1]) / 12:.10g}"
    return re.sub(r" ?(ans?|années?)$", "", text, flags=re.IGNORECASE)


def people(text: str) -> str:
    """Return a number of people: `12 salariés`."""
    words = r" ?(salariée?s?|personnes?|pers\.?|employée?s?|agents?|alternants?|apprentis?)$"
    return re.sub(words, "", tidy(text), flags=re.IGNORECASE)


def level(text: str) -> str:
    """Return a level of 3 to 8: `Niveau 5`, `niv. 5 (BTS)`; `V`, of the list of 1969, is 3."""
    words = plain(text)
    found = re.fullmatch(r"(?:niveau|niv|n) ?([3-8])(?: .*)?", words)
    if found:
        return found[1]
    roman = re.fullmatch(r"(?:niveau |niv )?(v|iv|iii|ii)", words)
    return _ROMAN_LEVELS[roman[1]] if roman else tidy(text)


def _figures(text: str) -> str:
    """Return an identifier of figures without the blanks, points and hyphens people part it by."""
    if _SCIENTIFIC.fullmatch(tidy(text)):
        raise CellError(Fault.FIGURES_LOST)
    return re.sub(r"[\s.-]+", "", tidy(text))
