"""The reference pages of docs/, written from the declarations they describe."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from features.catalogue.catalogue import Catalogue, Family, Feature, Policy
from features.catalogue.groups import GROUPS
from features.common.writing import whole_file
from features.families import CATALOGUE
from features.records.code_list import CodeList
from features.records.codes import THEME
from features.records.declarations import RECORD_TYPES
from features.records.schema import Column, Privacy, RecordType

GENERATED = "<!-- Generated from the declarations by `make docs`: change those, not this page. -->"
MONOTONIC = {1: "never lowers the risk", -1: "never raises the risk", 0: "no promise"}
PRIVACIES = {
    Privacy.NONE: "",
    Privacy.PSEUDONYM: "pseudonym",
    Privacy.PERSONAL: "personal",
    Privacy.AUDIT_ONLY: "audit only, never an input",
}
FEATURES_INTRODUCTION = """\
Every feature looks at what was known on the morning `as_of`. An unknown is missing, never 0. A
window of 30 or 90 days holds the days from `as_of` - w to the day before `as_of`. *Monotonic* is a
promise on the model: what a growing value does to the risk, all else equal."""
RECORDS_INTRODUCTION = """\
A record is never updated in place: a correction is a new row with the same key and a later
`known_on`, the day it was learnt. Unknown is missing, never 0. *Audit only* columns serve to audit
the model and are seen by no feature; pseudonyms identify with a key kept elsewhere."""


def pages() -> dict[str, str]:
    """Return every generated page of docs/: file name -> Markdown."""
    return {"features.md": features_page(CATALOGUE), "records.md": records_page()}


def write_documentation(folder: Path) -> list[Path]:
    """Write every generated page into `folder`; their paths.

    Raises StorageError: the disk refused the write; a page is written whole or not at all.
    """
    for name, text in pages().items():
        with whole_file(folder / name) as page:
            page.write_text(text, encoding="utf-8")
    return [folder / name for name in pages()]


def features_page(catalogue: Catalogue) -> str:
    """Describe every feature: unit, bounds, promise, group, theme and what advisors read of it."""
    size = f"{len(catalogue)} features in {len(catalogue.families)} families"
    used = f"models learn from {len(catalogue.inputs)}, the others complete a sentence"
    blocks = [
        GENERATED,
        "# Features",
        f"{size}; {used}. Catalogue `{catalogue.hash}`.",
        FEATURES_INTRODUCTION,
        "## Groups",
        _table(("group", "French label", "theme", "within the advisor's reach"), _group_rows()),
        *(block for family in catalogue.families for block in _family(family)),
    ]
    return "\n\n".join(blocks) + "\n"


def _group_rows() -> Iterator[tuple[str, ...]]:
    for group in GROUPS.values():
        reach = "yes" if group.within_reach else "no"
        yield f"`{group.name}`", group.label, THEME.labels[group.theme], reach


def _family(family: Family) -> tuple[str, str, str]:
    columns = ("feature", "French label", "unit", "bounds", "monotonic", "group", "sentences")
    rows = [_feature_row(feature) for feature in family.features]
    return f"## {family.label}", f"Family `{family.name}`.", _table(columns, rows)


def _feature_row(feature: Feature) -> tuple[str, ...]:
    name = f"`{feature.name}`" + (" (context)" if feature.policy is Policy.CONTEXT else "")
    revision = f" (revision {feature.revision})" if feature.revision > 1 else ""
    return (
        name + revision,
        feature.label,
        feature.unit.value,
        f"{feature.low:,g} to {feature.high:,g}",
        MONOTONIC[feature.monotonic],
        f"`{feature.group}`",
        "<br>".join(_sentences(feature)),
    )


def _sentences(feature: Feature) -> Iterator[str]:
    yield f"`{feature.sentence}`"
    if feature.negative is not None:
        yield f"below 0: `{feature.negative}`"
    if feature.zero is not None:
        yield f"0: `{feature.zero}`"
    yield f"unknown: `{feature.template(float('nan'))}`"


def records_page() -> str:
    """Describe every record type, its columns, and the closed code lists they use."""
    blocks = [
        GENERATED,
        "# Records",
        RECORDS_INTRODUCTION,
        *(block for record_type in RECORD_TYPES for block in _record_type(record_type)),
        "## Code lists",
        *(block for listing in _code_lists() for block in _code_list(listing)),
    ]
    return "\n\n".join(blocks) + "\n"


def _record_type(record_type: RecordType) -> tuple[str, str, str]:
    day_note = f" Tells of `{record_type.happened}`; `known_on` may not precede it."
    immutable = ", ".join(f"`{name}`" for name in record_type.immutable)
    fixed_note = f" No correction may change {immutable}." if immutable else ""
    about = f"Key `{record_type.key}`.{fixed_note}{day_note if record_type.happened else ''}"
    columns = ("column", "French label", "type", "expected", "required", "privacy")
    title = f"## `{record_type.name}`: {record_type.label}"
    return title, about, _table(columns, map(_column_row, record_type.columns))


def _column_row(column: Column) -> tuple[str, ...]:
    listing = column.code_list
    expected = f"[{listing.name}](#{_anchor(listing.name)})" if listing else _expected(column)
    required = "yes" if column.required else ""
    kind, privacy = column.kind.value, PRIVACIES[column.privacy]
    return f"`{column.name}`", column.label, kind, expected, required, privacy


def _expected(column: Column) -> str:
    pattern = column.pattern
    return column.expected.replace(pattern, f"`{pattern}`") if pattern else column.expected


def _code_lists() -> list[CodeList]:
    columns = (column for record_type in RECORD_TYPES for column in record_type.columns)
    return list({c.code_list.name: c.code_list for c in columns if c.code_list}.values())


def _code_list(listing: CodeList) -> tuple[str, str, str]:
    rows = ((f"`{code}`", label) for code, label in listing.labels.items())
    return f"### {listing.name}", f"Source: {listing.source}.", _table(("code", "label"), rows)


def _anchor(title: str) -> str:
    letters = (letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return "".join(letters).replace(" ", "-")


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    """Escape what would end a cell."""
    return text.replace("|", "\\|")
