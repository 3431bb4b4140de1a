"""Templates to HTML: escaped, nothing undefined, the words and the frame of the page at hand."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from serving.actors import Role
from serving.pages.shared.formatting import day_in_words
from serving.wording import Wording, wording

PAGES = Path(__file__).parents[1]
STATIC = PAGES / "static"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Frame:
    """What surrounds every page. `person` is None for somebody who is not signed in."""

    language: str = "fr"
    theme: str = "auto"
    here: str = "/"
    place: str = ""
    person: str | None = None
    role: Role | None = None
    csrf_token: str = ""
    suspended: str | None = None
    notice: str | None = None
    draft_done: str | None = None

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The places of the main menu that this role has, with their paths."""
        return _PLACES[self.role] if self.role else ()

    @property
    def home(self) -> str:
        """Where the day begins for this role."""
        return _TEAM[1] if self.role is Role.COORDINATOR else self.places[0][1]


_WORKLIST, _TEAM, _MODEL, _ADMIN = (
    ("worklist", "/suivis"),
    ("team", "/equipe"),
    ("model", "/modele"),
    ("admin", "/administration"),
)
_PLACES: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.ADVISOR: (_WORKLIST, _MODEL),
    Role.COORDINATOR: (_WORKLIST, _TEAM, _MODEL),
    Role.DATA: (_MODEL,),
    Role.ADMINISTRATOR: (_ADMIN, _MODEL),
}


def render(template: str, frame: Frame, **views: Any) -> str:
    """Return the HTML of a page or of a part of one, in the language of its frame."""
    t = wording(frame.language)
    return (
        environment()
        .get_template(template)
        .render(frame=frame, t=t, fr=_french(t.language), **views)
    )


@cache
def environment() -> Environment:
    """Return the one set of templates; they see nothing but what they are given."""
    made = Environment(
        loader=FileSystemLoader(PAGES / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static_url
    made.filters["capitalize_first"] = _capital
    made.filters["after_colon"] = _after_colon
    made.filters["day"] = _day
    return made


@cache
def static_url(path: str) -> str:
    """The address of a static file, changed whenever its content does, so that caches may keep it.

    A stylesheet's own imports and fonts are found beside it: the digest goes in the query.
    """
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def _capital(text: str) -> str:
    """Return the first letter as a capital, the rest as it is.

    `capitalize` would lower acronyms.
    """
    return text[:1].upper() + text[1:]


def _after_colon(label: str) -> str:
    """« besoin : logement » -> « logement »; a label without a colon stays whole."""
    return label.partition(" : ")[2] or label


def _day(day: date, t: Wording, today: date) -> str:
    return day_in_words(day, language=t.language, today=today)


def _french(language: str) -> Any:
    """Marks text of the catalogue, which is French whatever the page's language."""

    def mark(text: str) -> Markup:
        if language == "fr":
            return escape(text)
        return Markup('<span lang="fr">{}</span>').format(text)

    return mark
