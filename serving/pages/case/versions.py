"""One record with all its versions: what each said, since when, and whether it was withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from features.common.errors import NotFoundError
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, WITHDRAWN
from features.records.rows import Row
from features.records.schema import Column, Privacy, RecordType
from serving.pages.shared.addresses import case_path
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.record_values import format_value
from serving.queries.stored_records import StoredVersion
from serving.wording import Wording

# By the word of the address, in the order of a case.
TYPES = {"contrat": CONTRACT, "entretien": INTERVIEW, "evenement": EVENT, "fin": OUTCOME}
WORDS = {record_type.name: word for word, record_type in TYPES.items()}
RECORDERS = ("account", "key", "command")  # as the audit names them
HIDDEN = {Privacy.PSEUDONYM, Privacy.AUDIT_ONLY, Privacy.SECRET}


@dataclass(frozen=True)
class VersionView:
    """What one version said; `facts` are (label, value, whether it differs from the one before)."""

    known_on: str
    recorded: str
    withdrawn: bool
    facts: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class VersionsView:
    """A record, its versions (the one in force first), and where to withdraw or restore it."""

    path: str
    action: str
    kind: str
    record_id: str
    withdrawn: bool
    versions: tuple[VersionView, ...]


def record_type_of(word: str) -> RecordType:
    """Return the type of record of an address. Raises NotFoundError."""
    if word not in TYPES:
        raise NotFoundError("record: expected a kind of record, got another word")
    return TYPES[word]


def record_path(contract_id: str, record_type: RecordType, key: str) -> str:
    """Return the address of a record's page."""
    word = WORDS[record_type.name]
    return f"{case_path(contract_id)}/fiche?nature={word}&id={quote(key, safe='')}"


def versions_view(
    found: Sequence[StoredVersion], *, record_type: RecordType, key: str, today: date, t: Wording
) -> VersionsView:
    """Return the page of a record, from its versions in the order they count."""
    contract_id = found[-1].row.contract_id
    before = [None, *(one.row for one in found)]
    shown = [
        _version(one, previous, record_type=record_type, today=today, t=t)
        for one, previous in zip(found, before, strict=False)
    ]
    return VersionsView(
        path=case_path(contract_id),
        action=f"{case_path(contract_id)}/fiche",
        kind=WORDS[record_type.name],
        record_id=key,
        withdrawn=found[-1].row.withdrawn,
        versions=tuple(reversed(shown)),
    )


def _version(
    one: StoredVersion, previous: Row | None, *, record_type: RecordType, today: date, t: Wording
) -> VersionView:
    def words(day: date) -> str:
        return day_in_words(day, language=t.language, today=today)

    who = one.recorded_by.partition(":")[0]
    by = t(f"versions.by_{who if who in RECORDERS else 'command'}")
    return VersionView(
        known_on=words(one.row.known_on),
        recorded=t("versions.recorded", day=words(one.recorded_at.date()), by=by),
        withdrawn=one.row.withdrawn,
        facts=_facts(one.row, previous, record_type),
    )


def _facts(
    row: Row, previous: Row | None, record_type: RecordType
) -> tuple[tuple[str, str, bool], ...]:
    """Return what a version said; what the one before said and this one does not is told too."""

    def value(of: Row | None, column: Column) -> str | None:
        stated = None if of is None else getattr(of, column.name)
        return None if stated is None else format_value(column, stated)

    pairs = [
        (column.label, value(row, column), value(previous, column))
        for column in record_type.columns
        if column.privacy not in HIDDEN
        and column is not WITHDRAWN
        and column.name not in (record_type.key, "contract_id", "known_on")
    ]
    return tuple(
        (label, now or "—", previous is not None and now != before)
        for label, now, before in pairs
        if now is not None or before is not None
    )
