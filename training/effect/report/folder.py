"""The sealed folder of a report: effect.json, report.html, manifest.json."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Undefined

from features.common.writing import whole_folder
from training.effect.report.figures import draw
from training.effect.report.flow import flow
from training.effect.report.words import FOLDER, LANGUAGES, Words

EFFECT, PAGE, MANIFEST = "effect.json", "report.html", "manifest.json"
FORMAT = 1
Facts = Mapping[str, Any]


def write_report(effect: Facts, folder: Path) -> Path:
    """Write the folder of a report whole, replacing an earlier one of the same analysis.

    The manifest holds the SHA-256 of both files: it tells a damaged or altered report from a whole
    one, not who wrote it. Same effect, same bytes. Raises StorageError when the disk refuses.
    """
    files = {
        EFFECT: json.dumps(effect, indent=1, allow_nan=False, ensure_ascii=False),
        PAGE: render(effect),
    }
    with whole_folder(folder, replace=True) as scratch:
        for name, text in files.items():
            (scratch / name).write_text(text, encoding="utf-8")
        manifest = json.dumps(_manifest(effect, files), indent=1, ensure_ascii=False)
        (scratch / MANIFEST).write_text(manifest, encoding="utf-8")
    return folder


def render(effect: Facts) -> str:
    """Return the page: self-contained, both languages, no script, no outside address."""
    languages = [Words(language, effect) for language in LANGUAGES]
    drawn = {w.language: draw(effect, w) | {"flow": flow(effect, w)} for w in languages}
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=_Absent, trim_blocks=True
    )
    plan = effect.get("plan")
    return environment.get_template("page.html.jinja").render(
        effect=effect,
        languages=languages,
        drawn=drawn,
        style=_style(),
        level=plan["analysis"]["level"] if plan else effect["level"],
        floor=plan["floors"]["per_stratum"] if plan else 1,
    )


class _Absent(StrictUndefined):
    """What a table of a trial lacks is false, and anything else that is absent is a fault."""

    __bool__ = Undefined.__bool__  # type: ignore[assignment]  # false, where its base raises


def _style() -> Any:
    from markupsafe import Markup

    return Markup((FOLDER / "page.css").read_text(encoding="utf-8"))  # noqa: S704  # our own file


def _manifest(effect: Facts, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": effect["kind"],
        "title": effect["title"],
        "as_of": effect.get("as_of"),
        "programme": effect["plan"]["code"] if "plan" in effect else None,
        "plan_hash": effect.get("plan_hash"),
        "source": effect["source"],
        "digest": effect["digest"],
        "files": {
            name: hashlib.sha256(text.encode("utf-8")).hexdigest() for name, text in files.items()
        },
    }
