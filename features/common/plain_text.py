"""Texts made comparable: blanks, case, accents and punctuation set aside."""

import re
import unicodedata

# Zero-width characters, marks of direction and the soft hyphen: pasted along, seen by nobody.
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD])


def tidy(text: str) -> str:
    """Take invisible characters off and leave single plain spaces between words."""
    return " ".join(text.translate(_INVISIBLE).split())


def plain(text: str) -> str:
    """Lower the case, take accents and punctuation off: "Démission !" becomes "demission"."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f]", "", letters)).strip()
