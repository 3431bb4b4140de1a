"""Writing to an output that cannot show every letter: a plain one in its place, never an error."""

import codecs
import io
import unicodedata
from collections.abc import Iterable
from typing import Any

HANDLER = "vigie.plain"
PLAIN = str.maketrans("’‘“”–—−…«»œŒ\u00a0\u202f", '\'\'""---.""oO  ')


def show_plain_letters(streams: Iterable[Any]) -> None:
    """Let each text stream write what its encoding has no letter for without its accent, or `?`.

    An output in ASCII (`PYTHONIOENCODING=ascii`) then shows `rupture declaree`, and a command whose
    work is done does not end in an error about a letter. Streams of no encoding are left alone.
    """
    codecs.register_error(HANDLER, _plain)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_without_accent(letter) for letter in text), error.end


def _without_accent(letter: str) -> str:
    found = unicodedata.normalize("NFKD", letter.translate(PLAIN))
    return "".join(c for c in found if c.isascii()) or "?"
