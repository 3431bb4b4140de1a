"""Which language a reader prefers: French unless English is asked for (RFC 9110, 12.5.4)."""

from functools import lru_cache

from starlette.types import Scope

from serving.api.problem_texts import LANGUAGES, Language


def language_of(scope: Scope) -> Language:
    """Return the language of the answers to a request."""
    headers = [value for name, value in scope["headers"] if name == b"accept-language"]
    return preferred(b",".join(headers).decode("latin-1")) if headers else "fr"


@lru_cache(maxsize=256)
def preferred(header: str) -> Language:
    """Return the best of our languages for an Accept-Language header.

    French when none is wanted more.
    """
    weights = dict(_weight(part) for part in header.lower().split(",") if part.strip())
    anything = weights.get("*", 0.0)
    return max(LANGUAGES, key=lambda language: weights.get(language, anything))


def _weight(part: str) -> tuple[str, float]:
    """`en-GB;q=0.8` -> (`en`, 0.8); a weight that is no number counts for nothing."""
    tag, _, parameters = part.partition(";")
    language = tag.strip().split("-")[0]
    _, _, quality = parameters.partition("q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return language, weight if 0 <= weight <= 1 else 0.0
