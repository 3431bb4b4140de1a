"""Records for data staff: no name, no note, no id of the service; `vigie train` takes them as is.

Ids become keyed hashes, the same in each export with the same key, which is held apart from the
extract. Birth dates keep their month and postcodes their department, for that is what features use;
the columns to audit the model with stay. This is pseudonymised, not anonymous: rare careers can be
recognised, so the extract stays personal data.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from features.common.errors import InputError, StorageError
from features.intake.extract import write_extract
from features.programme.records import PROGRAMME_TYPES
from features.records.declarations import RECORD_TYPES, Records
from features.records.rows import Row
from features.records.schema import Column, Privacy, RecordType
from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import AppContext
from serving.store import audit
from serving.store.audit import Action
from serving.store.export import all_versions

KEY_BYTES = 32
CODE_LENGTH = 32  # hex digits: 128 bits, no two ids meet
OVERSEAS = "97"  # departments of three digits


def export_extract(
    context: AppContext, *, actor: Actor, folder: Path, key: bytes
) -> dict[str, int]:
    """Write the pseudonymised extract of all records as of now and return rows by table.

    Enrolments and follow-ups travel beside the records, where there are some.

    The audit says so before a file is written. Everything passes through memory: about 1 GB for
    100,000 contracts with their events.

    Raises InputError: the folder is not empty. StorageError: the disk refused. ForbiddenError.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.store.reading() as connection:
        rows = all_versions(connection)
    records = pseudonymised(
        Records(**{t.name: frame_of(t, rows.pop(t.name)) for t in RECORD_TYPES}), key=key
    )
    beside = [
        (t, _table(t, frame_of(t, rows[t.name]), key)) for t in PROGRAMME_TYPES if rows[t.name]
    ]
    counts = {record_type.name: len(frame) for record_type, frame in (*records, *beside)}
    with context.store.writing() as connection:
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.EXPORT_EXTRACT,
            details={"rows": counts},
        )
    source = f"export of {context.today.isoformat()}, pseudonymised"
    write_extract(records, folder, source=source, beside=beside)
    return counts


def frame_of(record_type: RecordType, rows: Sequence[Row | tuple[Any, ...]]) -> pd.DataFrame:
    """Rows of the store as a record table; of several versions of one day the last counts."""
    frame = pd.DataFrame(rows, columns=record_type.names, dtype="object")
    last = ~frame.duplicated([record_type.key, "known_on"], keep="last")
    return record_type.conform(frame[last])


def pseudonymised(records: Records, *, key: bytes) -> Records:
    """The same records with nothing that names a person, rows in the order of the new ids."""
    return Records(**{t.name: _table(t, frame, key) for t, frame in records})


def read_key(path: Path, *, outside: Path) -> bytes:
    """Read the key of the hashes, or make one where there is none, readable by its owner only.

    Raises InputError: the key would lie in the folder `outside`, which travels; others can read it;
    or it is too short. StorageError: it cannot be read or written.
    """
    if path.resolve().is_relative_to(outside.resolve()):
        raise InputError(f"{path}: expected a place outside the extract, got one in it")
    try:
        if not path.exists():
            _make_key(path)
        mode, key = path.stat().st_mode, path.read_bytes().strip()
    except OSError as error:
        raise StorageError(f"{path}: expected a key to read, got « {error.strerror} »") from error
    if mode & 0o077:
        raise InputError(f"{path}: expected a file only its owner can read; chmod 600 it")
    if len(key) < KEY_BYTES:
        raise InputError(f"{path}: expected a key of {KEY_BYTES} characters or more, got less")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def _table(record_type: RecordType, frame: pd.DataFrame, key: bytes) -> pd.DataFrame:
    hidden = {c.name: _hidden(c, frame[c.name], key) for c in record_type.columns}
    ordered = pd.DataFrame(hidden).sort_values([record_type.key, "known_on"])
    return record_type.conform(ordered)


def _hidden(column: Column, values: pd.Series, key: bytes) -> pd.Series:
    """Return what leaves the service of a column.

    Personal ones nothing, unless a rule below says what.
    """
    match column.privacy, column.name:
        case Privacy.PSEUDONYM, name:
            hidden = values.map(lambda text: _code(name, text, key), na_action="ignore")
        case Privacy.PERSONAL, "born_on":
            hidden = values.dt.to_period("M").dt.start_time
        case Privacy.PERSONAL, "home_postcode":
            hidden = values.map(_department, na_action="ignore")
        case Privacy.PERSONAL | Privacy.SECRET, _:
            hidden = pd.Series(None, index=values.index, dtype="object")
        case _:
            hidden = values
    return hidden


def _code(name: str, text: str, key: bytes) -> str:
    """A keyed hash; one id in two columns gives two codes: a contract never joins a person."""
    return hmac.new(key, f"{name}:{text}".encode(), hashlib.sha256).hexdigest()[:CODE_LENGTH]


def _department(postcode: str) -> str:
    digits = 3 if postcode.startswith(OVERSEAS) else 2
    return postcode[:digits].ljust(5, "0")
