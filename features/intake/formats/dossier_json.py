"""A file of dossiers as JSON: every whole dossier with its rank, and what is none refused.

Software that writes JSON by hand leaves a dossier cut or broken among sound ones. An array that
does not read whole is read dossier by dossier: the faulty one is refused with its rank, and the
next one begins at the next object. A dossier with half a character (a lone surrogate) is refused:
nothing it holds can be written again.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from features.common.errors import InputError

Dossier = dict[str, Any]
EXACT = 2**53  # beyond it a float no longer holds every whole number
SURROGATE = re.compile("[\ud800-\udfff]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
BLANK = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_NEXT = re.compile(r'(?<=[,}\]\n])\s*(?=\{\s*")')
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Broken:
    """A dossier that cannot be taken: its rank in the file, and why."""

    rank: int
    reason: str


@dataclass(frozen=True)
class Items:
    """The dossiers of a file with their ranks from 1, and those that are none."""

    ranks: list[int]
    dossiers: list[Dossier]
    broken: list[Broken]
    repeated_keys: int = 0


class _Repeats(dict[str, Any]):
    """An object in which a key stood twice with two values; the last is the one it holds."""


def read_items(text: str, *, name: str, fields: frozenset[str]) -> Items:
    """Read the dossiers of a JSON text; a dossier is an object with at least one of `fields`.

    Accepts an array, an object that holds one array (`{"dossiers": [...]}`), one dossier alone and
    objects one after the other.

    Raises InputError: not JSON, or no whole dossier in it; says what the first one lacks.
    """
    ranks, dossiers, broken, repeats = [], [], [], 0
    for rank, item in enumerate(_elements(text), start=1):
        reason = item.reason if isinstance(item, Broken) else _fault(item, fields)
        if reason is not None:
            broken.append(Broken(rank, reason))
            continue
        ranks.append(rank)
        dossiers.append(item)
        repeats += isinstance(item, _Repeats)
    if not dossiers:
        first = f" ({broken[0].reason}: dossier {broken[0].rank})" if broken else ""
        raise InputError(
            f"{name}: expected a JSON array of dossiers V3, got none that is whole{first}; "
            f"export it again"
        )
    return Items(ranks, dossiers, broken, repeats)


NOT_ONE = "not a dossier"
CUT = "not whole JSON"
TOO_DEEP = "nested too deep"
HALF = "half a character: written by software that cuts texts"


def _fault(item: object, fields: frozenset[str]) -> str | None:
    if not isinstance(item, dict) or fields.isdisjoint(item):
        return NOT_ONE
    texts = (text for pair in item.items() for text in pair if isinstance(text, str))
    return HALF if any(SURROGATE.search(text) for text in texts) else None


def _elements(text: str) -> Iterator[Any]:
    """Yield the elements of the array, or of the objects one after the other."""
    try:
        whole = _DECODER.decode(text)
    except (ValueError, RecursionError):
        yield from _one_by_one(text)
        return
    yield from _array_in(whole)


def _array_in(whole: object) -> list[Any]:
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        arrays = [value for value in whole.values() if isinstance(value, list)]
        return arrays[0] if len(arrays) == 1 and len(whole) <= MOST_WRAPPING_KEYS else [whole]
    return []


MOST_WRAPPING_KEYS = 10  # a wrapper holds a count, a date, a source; a dossier has twenty fields


def _one_by_one(text: str) -> Iterator[Any]:
    at = _start(text)
    while (at := _BETWEEN.match(text, at).end()) < len(text) and text[at] not in "]}":  # type: ignore[union-attr]  # it matches nothing at least
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            item = Broken(0, TOO_DEEP if isinstance(error, RecursionError) else CUT)
            following = _NEXT.search(text, at + 1)
            item = item if _names_a_field(text[at : following and following.end()]) else None
            at = following.end() if following else len(text)
        yield item


def _names_a_field(text: str) -> bool:
    return re.search(r'"[a-z_0-9]{4,}"\s*:', text) is not None


def _start(text: str) -> int:
    """Find the first element: after the first bracket, or the first brace when none is before."""
    opening = re.match(r'\s*(?:\{\s*"[^"]{1,40}"\s*:\s*(?=\[))?\s*\[?', text)
    return opening.end() if opening else 0


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    item = dict(pairs)
    if len(item) == len(pairs) or all(item[key] == value for key, value in pairs):
        return item
    return _Repeats(item)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=lambda _: None)


def text_of(value: object) -> str | None:
    """Write a JSON value as trimmed text, None where it says nothing."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float() if math.isfinite(value) and value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        case int() | float() | str():
            text = UNSEEN.sub("", str(value).replace("\u0000", ""))
            return BLANK.sub(" ", text).strip() or None
        case _:
            return "(nested)"
