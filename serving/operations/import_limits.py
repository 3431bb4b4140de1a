"""How large a file is, before it is read: a small file may hold more than a process can take."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 1 << 20
LINES = (".csv", ".tsv", ".txt", ".ndjson", ".jsonl")
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class FileSize:
    """Bytes once unpacked, and rows as far as they can be counted without reading them."""

    size: int
    rows: int

    def __add__(self, other: "FileSize") -> "FileSize":
        return FileSize(self.size + other.size, self.rows + other.rows)


def size_of(path: Path) -> FileSize:
    """Return the size of a file, or of every file of a folder.

    Rows are lines of text tables, and what the metadata of Parquet say; dossiers and workbooks have
    none that can be counted. A file that is not what its name says has its own size: reading will
    refuse it.
    """
    files = [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file())
    return sum((_of_file(file) for file in files), start=FileSize(0, 0))


def _of_file(file: Path) -> FileSize:
    size, suffix = file.stat().st_size, file.suffix.lower()
    try:
        if suffix == ".parquet":
            return _of_parquet(file)
        if suffix in WORKBOOKS:
            with zipfile.ZipFile(file) as archive:
                return FileSize(sum(member.file_size for member in archive.infolist()), 0)
    except (pa.ArrowException, OSError, zipfile.BadZipFile):
        return FileSize(size, 0)
    return FileSize(size, _lines(file) if suffix in LINES else 0)


def _of_parquet(file: Path) -> FileSize:
    metadata = pq.read_metadata(file)
    groups = (metadata.row_group(n) for n in range(metadata.num_row_groups))
    return FileSize(sum(group.total_byte_size for group in groups), metadata.num_rows)


def _lines(file: Path) -> int:
    with file.open("rb") as source:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: source.read(CHUNK), b""))
