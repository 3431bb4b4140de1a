"""The extract: a travelling folder of Parquet tables, sealed by a manifest of hashes.

The manifest tells a damaged, cut or altered file from a whole one. It does not tell who wrote it:
whoever can change a file can seal it again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.common.errors import InputError
from features.common.writing import whole_file, whole_folder
from features.intake.formats.folder import MANIFEST, programme_files, table_files
from features.intake.formats.tabular import count_rows
from features.records.declarations import RECORD_TYPES, Records
from features.records.schema import Column, Kind, RecordType

ARROW_TYPES = {
    Kind.DATE: pa.date32(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}  # all others are text


@dataclass(frozen=True)
class FileChecksum:
    """What the manifest says of one file."""

    sha256: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What a sealed folder holds: where it is from, its record schema and its table files."""

    source: str
    schema: str
    files: dict[str, FileChecksum]


def write_extract(
    records: Records,
    folder: Path,
    *,
    source: str,
    beside: Iterable[tuple[RecordType, pd.DataFrame]] = (),
) -> Path:
    """Write the four tables as Parquet with a manifest; the folder appears whole or not at all.

    `source` says in a few words where the records come from; it must hold no personal data.
    `beside` are the tables of a programme, which no model reads.

    Raises InputError: the folder exists and is not empty. StorageError: the disk refused the write.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: already there and not empty; choose another folder")
    with whole_folder(folder) as scratch:
        for record_type, rows in (*records, *beside):
            pq.write_table(to_arrow(record_type, rows), scratch / f"{record_type.name}.parquet")
        write_manifest(scratch, source=source)
    return folder


def write_manifest(folder: Path, *, source: str = "") -> Manifest:
    """Write manifest.json beside existing tables: SHA-256 and rows of each file, schema hash.

    Raises InputError: an unknown or unreadable table. StorageError: the disk refused the write.
    """
    files = {
        path.relative_to(folder).as_posix(): FileChecksum(_sha256(path), count_rows(path))
        for parts in _sealed_files(folder)
        for path in parts
    }
    manifest = Manifest(source, schema_hash(), files)
    with whole_file(folder / MANIFEST) as file:
        file.write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return manifest


def verify(folder: Path) -> Manifest | None:
    """Compare a folder with its manifest; a folder without one is not sealed and gives None.

    Raises InputError: naming the first file that is missing, extra, altered or cut short, or saying
    that the record schema is another one.
    """
    if not (folder / MANIFEST).exists():
        return None
    manifest = _read_manifest(folder)
    if manifest.schema != schema_hash():
        raise InputError(f"{folder}: sealed with other record declarations; export it again")
    present = {
        path.relative_to(folder).as_posix(): path
        for parts in _sealed_files(folder)
        for path in parts
    }
    for name in sorted({*present, *manifest.files}):
        _verify_file(name, present.get(name), manifest.files.get(name))
    return manifest


def schema_hash() -> str:
    """Hash what the declarations accept; labels may change, types, bounds and codes may not."""
    described = [
        [t.name, t.key, t.immutable, [_describe(c) for c in t.columns]] for t in RECORD_TYPES
    ]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()


def digest(records: Records) -> str:
    """Hash the content of records, whatever the order of rows and the format they came in.

    Rows are hashed to 64 bits, sorted and hashed with SHA-256: it tells whether two data sets
    are the same, and is not meant to resist someone who forges one.
    """
    whole = hashlib.sha256()
    for record_type, rows in records:
        hashes = np.sort(pd.util.hash_pandas_object(rows[record_type.names], index=False))
        whole.update(f"{record_type.name}:{','.join(record_type.names)}:{len(rows)}:".encode())
        whole.update(hashes.astype("<u8").tobytes())
    return whole.hexdigest()


def to_arrow(record_type: RecordType, rows: pd.DataFrame) -> pa.Table:
    """Give a record table the Arrow types of its declaration: dates, text, whole numbers, flags."""
    arrays = [_arrow_column(column, rows[column.name]) for column in record_type.columns]
    return pa.Table.from_arrays(arrays, names=record_type.names)


def _sealed_files(folder: Path) -> Iterator[list[Path]]:
    """Yield the files that a manifest vouches for: those of the records and of a programme."""
    yield from table_files(folder).values()
    yield programme_files(folder)


def _arrow_column(column: Column, values: pd.Series) -> pa.Array:
    array = pa.array(values.astype("str") if column.kind is Kind.CODE else values, from_pandas=True)
    if column.kind is Kind.FLAG:
        return pc.equal(array, 1.0)
    return array.cast(ARROW_TYPES.get(column.kind, pa.string()))


def _describe(column: Column) -> list[object]:
    codes = column.code_list.codes if column.code_list is not None else None
    bounds = [column.low, column.high, column.pattern, column.max_length]
    return [column.name, column.kind.value, column.required, codes, *bounds]


def _read_manifest(folder: Path) -> Manifest:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: FileChecksum(**entry) for name, entry in content["files"].items()}
        return Manifest(content["source"], content["schema"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder / MANIFEST}: not a manifest, or cut short; export the folder again"
        ) from error


def _verify_file(name: str, path: Path | None, sealed: FileChecksum | None) -> None:
    if path is None:
        raise InputError(f"{name}: in the manifest but not in the folder; export it again")
    if sealed is None:
        raise InputError(
            f"{name}: in the folder but not in the manifest; take it out or seal again"
        )
    if _sha256(path) != sealed.sha256:
        raise InputError(f"{name}: not the file that was sealed, altered or cut; export it again")
    if count_rows(path) != sealed.rows:
        raise InputError(f"{name}: not the {sealed.rows} rows of the manifest; export it again")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
