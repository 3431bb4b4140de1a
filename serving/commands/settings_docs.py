"""The part of docs/exploitation.md that is written from the declaration of the settings."""

from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from features.common.errors import InputError
from features.common.writing import whole_file
from serving.settings import Settings

PAGE = "exploitation.md"
START = "<!-- settings: written by `vigie docs` from serving/settings.py -->"
END = "<!-- end of settings -->"


def settings_table() -> str:
    """Return every setting with its variable, default, bounds and meaning, as a Markdown table."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(["| variable | default | bounds | meaning |", "|---|---|---|---|", *rows])


def with_settings(text: str) -> str:
    """Return the text of the page with its table of settings written anew.

    Raises InputError when the page has no place for it.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise InputError(f"docs/{PAGE}: expected the marks of the settings' table, got none")
    return f"{before}{START}\n\n{settings_table()}\n\n{END}{after}"


def write_settings(folder: Path) -> Path:
    """Write the table into the page of a folder. Raises StorageError when the disk refuses."""
    page = folder / PAGE
    text = with_settings(page.read_text(encoding="utf-8"))
    with whole_file(page) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return page


def _row(name: str, field: FieldInfo) -> str:
    bounds = ", ".join(_bound(rule) for rule in field.metadata if _bound(rule))
    meaning = (field.description or "").replace("|", "\\|")
    return f"| `VIGIE_{name.upper()}` | {_default(field)} | {bounds} | {meaning} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "**required**"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if str(value) else ""


def _bound(rule: object) -> str:
    """« ≥ 1 » for a rule of pydantic; nothing for others."""
    signs = {"Ge": "≥", "Gt": ">", "Le": "≤", "Lt": "<", "MinLen": "length ≥"}
    kind = type(rule).__name__
    value = getattr(rule, "min_length" if kind == "MinLen" else kind.lower(), None)
    return f"{signs[kind]} {value:,}" if kind in signs and value is not None else ""
