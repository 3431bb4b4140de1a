"""Text on why a contract ended -> how it ended, who ended it, the legal ground, the causes.

The CFA format has no list for `cause_rupture_contrat`, so this vocabulary is ours. Official labels
come first and whole (`ground_labels`); other texts are read by their words (`ground_words`), with
what they deny and whose it is. The first ending found gives how, initiator and ground, and the
first three causes found count. An amendment, a transfer of the establishment, a suspension or a
rupture that was withdrawn is no end: `not_an_end` says which. What is not known stays missing and
is counted, never quoted. Grounds are those of the DSN (S21.G00.62); the « démission » of an
apprentice is 037, an early end by the employee.
"""

import re
from functools import cache

import pandas as pd

from features.intake.formats.ground_labels import Ending, NotAnEnd, official, plain
from features.intake.formats.ground_words import (
    CANCELLED,
    CAUSES,
    DENIED,
    ENDINGS,
    EXPLICIT,
    NOT_ENDS,
    REWRITES,
)

COLUMNS = ["how", "initiator", "motive", "cause_1", "cause_2", "cause_3", "not_an_end"]
_READ = [*COLUMNS, "unmapped"]


def read_causes(texts: pd.Series) -> pd.DataFrame:
    """Read texts into columns how, initiator, motive, cause_1 to cause_3, not_an_end, `unmapped`.

    `motive` holds the legal ground, under the name of its column. `not_an_end` is a value of
    `NotAnEnd` where the contract goes on. `unmapped` is true where there is a text and no word of
    it is known. Without any known ending `how` is "rupture": the format has the text for contracts
    that were broken only.
    """
    codes, distinct = pd.factorize(texts)
    read = pd.DataFrame([read_cause(text) for text in distinct], columns=_READ)
    rows = read.reindex(codes).set_axis(texts.index, axis="index")
    unmapped = rows["unmapped"].astype("boolean").fillna(value=False).astype("bool")
    given = rows[COLUMNS].astype("str")
    return given.assign(how=given["how"].fillna("rupture"), unmapped=unmapped)


def read_cause(text: str) -> tuple[str | bool | None, ...]:
    """Return the columns of `read_causes` for one text, None where it does not say."""
    raw = plain(text)
    label = official(raw)
    words = _rewritten(raw)
    stated = _without_denials(words)
    ending = label or _not_an_end(words, stated) or _first_ending(stated)
    causes = [code for code, pattern in CAUSES.items() if _found(pattern, stated)][:3]
    found = ending or Ending()
    places = (*causes, None, None, None)[:3]
    known = ending is not None or bool(causes)
    return (found.how, found.initiator, found.legal_ground, *places, found.not_an_end, not known)


def _rewritten(text: str) -> str:
    for pattern, words in REWRITES:
        text = pattern.sub(words, text)
    return " ".join(text.split())


def _without_denials(text: str) -> str:
    return " ".join(DENIED.sub(" ", text).split())


def _not_an_end(words: str, stated: str) -> Ending | None:
    if _found(CANCELLED, words):
        return Ending(not_an_end=NotAnEnd.CANCELLED)
    if _found(EXPLICIT, stated):
        return None
    kinds = (kind for kind, pattern in NOT_ENDS if _found(pattern, stated))
    kind = next(kinds, None)
    return None if kind is None else Ending(not_an_end=kind)


def _first_ending(text: str) -> Ending | None:
    return next((ending for pattern, ending in ENDINGS if _found(pattern, text)), None)


def _found(pattern: str, text: str) -> bool:
    return _compiled(pattern).search(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})")
