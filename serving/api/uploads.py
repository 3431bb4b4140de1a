"""A file that was sent -> what an import reads, in a folder of its own, under names of ours."""

import re
from pathlib import Path

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.types import Message

from features.common.errors import InputError
from features.intake.formats.archives import TooLargeError, unpack
from features.intake.formats.folder import TABLES
from serving.api import problem_texts as wording
from serving.api.dependencies import JSON, check_media_type
from serving.api.problem_texts import TOO_LARGE
from serving.api.problems import ProblemError

ZIP, FORM, CSV = "application/zip", "multipart/form-data", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {JSON: ".json", ZIP: ".zip", CSV: ".csv", XLSX: ".xlsx"}
CHUNK = 2**20
LONGEST_END = 1024  # bytes from the last boundary of a form on
DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


async def received(request: Request, folder: Path, *, largest: int) -> Path:
    """Return the file or folder to import, written under `folder`.

    A body is JSON (dossiers V3), one table or the national template (CSV or xlsx), a zip of
    tables, or a form with one of them in its field `file`.
    Raises ProblemError: 415; 413 when the tables are larger than `largest` once unpacked.
    Raises InputError for a zip that cannot be read or holds something else.
    """
    media_type = check_media_type(request.headers, *SUFFIXES, FORM)
    if media_type == FORM:
        return await _from_form(request, folder, largest)
    target = folder / f"sent{SUFFIXES[media_type]}"
    with target.open("wb") as file:
        async for chunk in request.stream():
            file.write(chunk)
    return await run_in_threadpool(_opened, target, folder, largest)


async def _from_form(request: Request, folder: Path, largest: int) -> Path:
    async with _whole(request).form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise InputError("import: expected a file in the field `file` of the form, got none")
        target = folder / _name(sent.filename or "")
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as file:
            while chunk := await sent.read(CHUNK):
                file.write(chunk)
    return await run_in_threadpool(_opened, target, folder, largest)


def _whole(request: Request) -> Request:
    """Return the same request, whose form is refused when it ends before its last boundary.

    A part that never ends is handed on by no parser: what was sent would be lost in silence, and
    its temporary file left open.
    """
    _, options = parse_options_header(request.headers["content-type"])
    end, tail = b"--" + options.get(b"boundary", b"") + b"--", b""

    async def receive() -> Message:
        nonlocal tail
        message = await request.receive()
        tail = (tail + message.get("body", b""))[-LONGEST_END:]
        if not message.get("more_body", False) and end not in tail:
            raise InputError("import: expected a whole form, got one that was cut; send it again")
        return message

    return Request(request.scope, receive)


def _name(filename: str) -> Path:
    """Return a name of ours for a file; one that is named for a table stands in a folder of tables.

    The day in theirs stays, because it tells when dossiers were received.
    """
    suffix, stem = Path(filename).suffix.lower(), Path(filename).stem.lower()
    if suffix not in SUFFIXES.values():
        raise ProblemError(wording.UNSUPPORTED_MEDIA_TYPE)
    if stem in TABLES and suffix in (".csv", ".xlsx"):
        return Path("table", f"{stem}{suffix}")
    day = DAY.search(filename)
    return Path(f"sent-{day[0]}{suffix}" if day else f"sent{suffix}")


def _opened(file: Path, folder: Path, largest: int) -> Path:
    if file.suffix != ".zip":
        return file if file.parent == folder else file.parent
    try:
        return unpack(file, folder / "tables", largest=largest)
    except TooLargeError:
        raise ProblemError(TOO_LARGE) from None
    except InputError as error:
        raise InputError(f"import: {error}") from error
