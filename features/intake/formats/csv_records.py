"""The records of a CSV file, found before any parser: which are whole, which are not, and where.

A quote that never closes, or closes in the middle of a value, is taken literally: its line is a
record that cannot be read, and the next line is the next record. So no row can swallow others.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from features.intake.formats.headers import HIGHEST, Header, find_header, known_names
from features.records.schema import RecordType

DELIMITERS = (";", ",", "\t", "|")
HEAD = 1 << 20  # the names of the columns stand within so many bytes
_DATE = re.compile(r"\W?[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}.*")


@dataclass(frozen=True)
class CsvRecords:
    """What a file holds under its header: `spans` of whole records, and the records that are not.

    A record is numbered as a spreadsheet numbers rows: the first line is 1 and a value over
    several lines counts once. `whole` counts the records in the spans.
    """

    delimiter: str
    header: Header
    first: int  # number of the first record under the header
    spans: tuple[tuple[int, int], ...]
    whole: int
    broken: tuple[tuple[int, str], ...]  # number and text
    over_lines: bool  # some value holds a line break


def csv_records(content: bytes, record_type: RecordType) -> CsvRecords | None:
    """Find the records of a CSV file in UTF-8 whose last line ends; None when it is blank."""
    found = _head(content, record_type)
    if found is None:
        return None
    delimiter, header, start, number = found
    if content.find(b'"', start) < 0:
        lines = _count_lines(content, start, len(content))
        spans = ((start, len(content)),) if lines else ()
        return CsvRecords(delimiter, header, number, spans, lines, (), over_lines=False)
    return _walk(content, found, _row_of(delimiter, header))


def _head(content: bytes, record_type: RecordType) -> tuple[str, Header, int, int] | None:
    """Return delimiter, header, where its line ends, and the number of the record after it."""
    text = content[:HEAD].decode(errors="replace")
    announced = re.match(r"\"?sep=(.)\"?\s*?(?:\r\n|\n|\r)", text, re.IGNORECASE)
    skipped = announced.end() if announced else 0
    best: tuple[int, int, str, Header, int] | None = None
    for delimiter in announced[1] if announced else DELIMITERS:
        records, ends = _first_records(text[skipped:], delimiter)
        header = find_header(record_type, records)
        if header is not None:
            found = known_names(record_type, header.names), len([n for n in header.names if n])
            if best is None or found > best[:2]:
                best = (*found, delimiter, header, ends[header.rank])
    if best is None:
        return None
    _, _, delimiter, header, lines = best
    end = len(text[:skipped].encode()) + _offset(content[len(text[:skipped].encode()) :], lines)
    return delimiter, header, end, header.rank + (2 if not announced else 3)


def _first_records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first records and, for each, on which line it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records, ends = [], []
    try:
        for cells in islice(reader, HIGHEST):
            records.append(cells)
            ends.append(reader.line_num)
    except csv.Error:
        pass  # a field beyond the reader's limit is none of a header
    return records, ends


def _offset(content: bytes, lines: int) -> int:
    """Return where the line after so many lines begins."""
    breaks = re.finditer(rb"\r\n|\n|\r", content)
    return next(islice(breaks, lines - 1, None)).end() if lines else 0


def _count_lines(content: bytes, start: int, end: int) -> int:
    carriages = content.count(b"\r", start, end)
    both = content.count(b"\r\n", start, end) if carriages else 0
    return content.count(b"\n", start, end) + carriages - both


def _row_of(delimiter: str, header: Header) -> Callable[[str], bool]:
    """Return a test whether a line reads as a row of its own: as wide, and known on a date."""
    names = [name.strip().lower() for name in header.names]
    place = names.index("known_on") if "known_on" in names else None

    def is_row(line: str) -> bool:
        cells = line.split(delimiter)
        wide = place is not None and len(cells) >= header.width > 2
        return wide and _DATE.fullmatch(cells[place or 0].strip()) is not None

    return is_row


def _walk(
    content: bytes, head: tuple[str, Header, int, int], is_row: Callable[[str], bool]
) -> CsvRecords:
    """Walk the records: whole ones by thousands, the others one at a time."""
    delimiter, header, position, first = head
    many, one = _patterns(delimiter)
    spans: list[tuple[int, int]] = []
    broken: list[tuple[int, str]] = []
    number, over_lines = first, False

    def keep(start: int, end: int) -> None:
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))

    while position < len(content):
        end = _end(many.match(content, position))
        if end > position:
            number += _count_lines(content, position, end)
        else:
            end = _end(one.match(content, position))
            inner = content[position:end].decode(errors="replace").splitlines()[1:]
            if end > position and not any(is_row(line) for line in inner):
                over_lines = True
            else:
                end = _line_end(content, position)
                broken.append((number, content[position:end].decode(errors="replace").rstrip()))
            number += 1
        if not broken or broken[-1][0] != number - 1:
            keep(position, end)
        position = end
    whole = number - first - len(broken)
    return CsvRecords(
        delimiter, header, first, tuple(spans), whole, tuple(broken), over_lines=over_lines
    )


def _patterns(delimiter: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches thousands of records of one line, and one record of several."""
    d = re.escape(delimiter).encode()
    plain = rb'[^"\r\n' + d + rb"][^\r\n" + d + rb"]*+"
    end = rb"(?:\r\n|\n|\r)"

    def record(inside: bytes) -> bytes:
        field = rb'(?:"(?:' + inside + rb'++|"")*+"|' + plain + rb"|)"
        return field + rb"(?:" + d + field + rb")*+" + end

    one_line, any_lines = record(rb'[^"\r\n]'), record(rb'[^"]')
    return re.compile(rb"(?:" + one_line + rb"){0,4096}+"), re.compile(any_lines)


def _end(match: re.Match[bytes] | None) -> int:
    return match.end() if match is not None else -1


def _line_end(content: bytes, position: int) -> int:
    found = re.compile(rb"\r\n|\n|\r").search(content, position)
    return found.end() if found is not None else len(content)
