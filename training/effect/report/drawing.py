"""What the figures share: inline SVG out of matplotlib, with text that stays text."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

SUPPORTED, COMPARISON = "#0f5c8c", "#c0622d"
INK, SOFT, FAINT = "#1d2a36", "#6b7886", "#d9dfe5"
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vigie",  # the same figure is the same bytes
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 10.5,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 10,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
}


@contextmanager
def figure(width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    """Yield a figure of this size in inches and its axes, in the style of the report."""
    with rc_context(STYLE):
        drawn = Figure(figsize=(width, height), layout="constrained")
        yield drawn, drawn.subplots()


def svg(drawn: Figure, *, label: str) -> str:
    """Return a figure as inline SVG that scales, described by `label` for who cannot see it."""
    with rc_context(STYLE):
        buffer = io.StringIO()
        drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r'\s(width|height)="[\d.]+pt"', "", text, count=2)
    name = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg", f'<svg role="img" aria-label="{name}"', 1)


def zero_line(axes: Axes) -> None:
    """Draw where both arms are alike."""
    axes.axvline(0, color=SOFT, linewidth=0.9, linestyle=(0, (3, 3)), zorder=0)


def only_horizontal(axes: Axes) -> None:
    """Leave the axis of figures alone: names of rows need no line."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", color=FAINT)
