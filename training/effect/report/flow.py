"""The flow of persons as CONSORT draws it: met, drawn, followed, analysed.

Source: Schulz, Altman and Moher (2010), CONSORT 2010 statement.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from training.effect.report import drawing
from training.effect.report.drawing import COMPARISON, INK, SOFT, SUPPORTED
from training.effect.report.words import Words

Facts = Mapping[str, Any]
LEFT, MIDDLE, RIGHT = 25.0, 50.0, 75.0
WIDE, HIGH = 40.0, 13.0


def flow(effect: Facts, words: Words) -> str:
    """Return the diagram as inline SVG; nothing for a table, which shows only who was analysed."""
    found = effect.get("flow")
    if not found:
        return ""
    drawn = sum(arm["drawn"] for arm in found["arms"].values())
    verb = "drawn" if effect["plan"]["design"] == "randomised" else "compared"
    with drawing.figure(8.2, 6.0) as (figure, axes):
        axes.set(xlim=(0, 100), ylim=(0, 100))
        axes.axis("off")
        _box(axes, MIDDLE, 92, words.of("labels", "met"), str(found["screened"]["met"]))
        _aside(axes, found["screened"], words)
        _box(axes, MIDDLE, 64, words.of("labels", verb), str(drawn))
        _arrow(axes, (MIDDLE, 85.5), (MIDDLE, 70.5))
        for name, x, color in (
            ("supported", LEFT, SUPPORTED),
            ("comparison", RIGHT, COMPARISON),
        ):
            _arm(axes, found["arms"][name], name, x, color, words)
        return drawing.svg(figure, label=words.of("sections", "flow"))


def _arm(axes: Axes, arm: Facts, name: str, x: float, color: str, words: Words) -> None:
    """One column: drawn, lost on the way, analysed."""
    _arrow(axes, (MIDDLE, 57.5), (x, 50.5))
    _box(axes, x, 44, words.arm(name), str(arm["drawn"]), color=color)
    lost = {
        "never_started": arm["never_started"],
        "left_out": sum(arm["left_out"].values()),
        "not_yet_due": arm["not_yet_due"],
        "unknown": arm["unknown"],
    }
    lines = [f"{words.of('labels', code)} : {count}" for code, count in lost.items()]
    axes.text(x, 26.5, "\n".join(lines), ha="center", va="center", color=SOFT, fontsize=9.5)
    _arrow(axes, (x, 37.5), (x, 34.5), head=False)
    _arrow(axes, (x, 18.5), (x, 14.0))
    _box(axes, x, 7, words.of("labels", "analysed"), str(arm["analysed"]), color=color)


def _aside(axes: Axes, screened: Facts, words: Words) -> None:
    codes = ("declined", "withdrawn", "informed_only", "waiting")
    lines = [f"{words.of('labels', c)} : {screened[c]}" for c in codes if screened[c]]
    if not lines:
        return
    axes.text(80, 78, "\n".join(lines), ha="center", va="center", color=SOFT, fontsize=9.5)
    _arrow(axes, (MIDDLE, 78), (68, 78))


def _box(axes: Axes, x: float, y: float, label: str, count: str, *, color: str = INK) -> None:
    corner = (x - WIDE / 2, y - HIGH / 2)
    axes.add_patch(
        FancyBboxPatch(
            corner,
            WIDE,
            HIGH,
            boxstyle="round,pad=0,rounding_size=1.6",
            facecolor="white",
            edgecolor=color,
            linewidth=1.3,
        )
    )
    axes.text(
        x, y + 2.4, count, ha="center", va="center", fontsize=14, fontweight="bold", color=color
    )
    axes.text(x, y - 3.2, label, ha="center", va="center", fontsize=9.5)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], *, head: bool = True
) -> None:
    style = {"arrowstyle": "-|>" if head else "-", "color": SOFT, "linewidth": 1.0}
    axes.annotate("", xy=end, xytext=start, arrowprops=style)
