"""What a reader prefers, by the headers of the request (RFC 9110, 12.5): language, page or data."""

from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import Scope

from serving.actors import LANGUAGES, Language

PROGRAMS = ("/v1/", "/health/")
EXACT = ("/v1", "/health", "/metrics")
HTML, JSON = "text/html", ("application/problem+json", "application/json")


def language_of(scope: Scope) -> Language:
    """Return the language to respond in: French unless English is asked for more."""
    return preferred(_header(scope, "accept-language"))


@lru_cache(maxsize=256)
def preferred(header: str) -> Language:
    """Return the best of our languages for an Accept-Language header, the first when none is."""
    weights: dict[str, float] = {}
    for tag, weight in _weights(header).items():
        language = tag.partition("-")[0]
        weights[language] = max(weight, weights.get(language, 0.0))
    anything = weights.get("*", 0.0)
    return max(LANGUAGES, key=lambda language: weights.get(language, anything))


def wants_page(scope: Scope) -> bool:
    """Return whether HTML is asked for by name, more than JSON, outside the addresses of programs.

    A program that takes anything (`*/*`) is sent problems.
    """
    path = scope["path"]
    if path in EXACT or path.startswith(PROGRAMS):
        return False
    weights = _weights(_header(scope, "accept"))
    return weights.get(HTML, 0.0) > max(weights.get(kind, 0.0) for kind in JSON)


def _header(scope: Scope, name: str) -> str:
    return ",".join(Headers(scope=scope).getlist(name))


def _weights(header: str) -> dict[str, float]:
    """`en-GB;q=0.8, *` -> {`en-gb`: 0.8, `*`: 1}; a weight that is no share counts for nothing."""
    weights = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        _, _, quality = parameters.partition("q=")
        if name.strip():
            weights[name.strip()] = _share(quality) if quality else 1.0
    return weights


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        return 0.0
    return share if 0 <= share <= 1 else 0.0
