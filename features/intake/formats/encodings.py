"""What a text file is written in: UTF-8, UTF-16 or Windows-1252 become UTF-8, with a note."""

import codecs
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 22
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def read_utf8(path: Path) -> tuple[bytes, tuple[str, ...]]:
    """Return the content of a text file as UTF-8 that ends its last line, and what was seen.

    Bytes that are no character become U+FFFD, which no column but a note takes.
    """
    content = path.read_bytes()
    mark, encoding = _marked(content)
    body = memoryview(content)[mark:]
    notes: list[str] = []
    if encoding == "utf-8":
        whole, broken = _characters(body)
        if broken > whole:
            encoding = "cp1252"  # a text in UTF-8 has more whole characters than broken ones
        elif broken:
            notes.append(f"{broken} characters are not whole UTF-8 and were lost")
    if encoding != "utf-8":
        notes.append(f"read as {_NAMES.get(encoding, encoding.upper())}")
    if encoding != "utf-8" or notes:
        content = b"".join(text.encode() for text in _decoded(body, encoding))
    elif mark:
        content = bytes(body)
    content = content.rstrip(b"\x1a\x00")  # what DOS and cut disks leave at the end
    return (content if content.endswith((b"\n", b"\r")) else content + b"\n"), tuple(notes)


def _marked(content: bytes) -> tuple[int, str]:
    """Return the length of the byte order mark and the encoding it, or the zeros, tell."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return len(mark), encoding
    head = content[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 4:  # a text of Latin letters in UTF-16: every second byte is 0
        return 0, "utf-16-be" if even > odd else "utf-16-le"
    return 0, "utf-8"


def _characters(body: memoryview) -> tuple[int, int]:
    """Count the characters beyond ASCII that are whole UTF-8, and the bytes that are not."""
    whole = broken = 0
    for text in _decoded(body, "utf-8"):
        if not text.isascii():
            lost = text.count("\ufffd")
            broken += lost
            whole += sum(1 for letter in text if letter > "\x7f") - lost
    return whole, broken


def _decoded(body: memoryview, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for start in range(0, len(body), CHUNK):
        yield decoder.decode(body[start : start + CHUNK])
    yield decoder.decode(b"", final=True)
