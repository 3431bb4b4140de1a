"""Whether who asks is a browser at a page, to be answered with one, or a program."""

from starlette.datastructures import Headers
from starlette.types import Scope

PROGRAMS = ("/v1/", "/health/")
EXACT = ("/v1", "/health", "/metrics")
HTML, JSON = "text/html", ("application/problem+json", "application/json")


def wants_page(scope: Scope) -> bool:
    """Return whether HTML is asked for by name, more than JSON, outside the addresses of programs.

    A program that takes anything (`*/*`) is told problems (RFC 9110, 12.5.1).
    """
    path = scope["path"]
    if path in EXACT or path.startswith(PROGRAMS):
        return False
    weights = _weights(",".join(Headers(scope=scope).getlist("accept")))
    return weights.get(HTML, 0.0) > max(weights.get(kind, 0.0) for kind in JSON)


def _weights(header: str) -> dict[str, float]:
    """`text/html, */*;q=0.8` -> {`text/html`: 1, `*/*`: 0.8}; what is no number counts for 0."""
    weights = {}
    for part in header.lower().split(","):
        kind, _, parameters = part.partition(";")
        _, _, quality = parameters.partition("q=")
        weights[kind.strip()] = _number(quality) if quality else 1.0
    return weights


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
