"""How far the cells of a workbook reach, before a reader holds the whole rectangle in memory."""

import re
import zipfile

CHUNK = 1 << 20
LONGEST_REFERENCE = 16  # ` r="XFD1048576"` and its quotes
_COLUMN = re.compile(rb"\sr=[\"']([A-Z]{1,3})[0-9]")
_ROW = re.compile(rb"\sr=[\"'][A-Z]{0,3}([0-9]{1,7})[\"']")


def largest_rectangle(book: zipfile.ZipFile) -> tuple[int, int]:
    """Return the rows and columns of the largest sheet: two far cells are enough for a large one.

    The places of the cells are read, for what a sheet says of its own size need not be true.
    """
    sheets = [m for m in book.infolist() if m.filename.lower().startswith("xl/worksheets/")]
    extents = [_extent(book, member) for member in sheets if not member.is_dir()]
    return max(extents, key=lambda extent: extent[0] * extent[1], default=(0, 0))


def _extent(book: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    rows, columns, tail = 0, 0, b""
    with book.open(member) as sheet:
        while chunk := sheet.read(CHUNK):
            text = tail + chunk
            rows = max(rows, *map(int, {*_ROW.findall(text), b"0"}))
            columns = max(columns, *map(_number, {*_COLUMN.findall(text), b""}))
            tail = text[-LONGEST_REFERENCE:]
    return rows, columns


def _number(letters: bytes) -> int:
    """Return the rank of a column: A is 1, Z is 26, AA is 27."""
    rank = 0
    for letter in letters:
        rank = 26 * rank + letter - 64
    return rank
