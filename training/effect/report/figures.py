"""The figures of a report in one language: effects, curves, looks, strata, balance."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from training.effect.report import drawing
from training.effect.report.drawing import COMPARISON, FAINT, INK, SOFT, SUPPORTED
from training.effect.report.words import Words

WIDTH = 8.2
MOST_BALANCE = 24
EPOCH = date(1970, 1, 1)
Facts = Mapping[str, Any]


def draw(effect: Facts, words: Words) -> dict[str, str]:
    """Return the figures by name as inline SVG; one that has nothing to show is left out."""
    figures = {
        "effects": effects(effect["outcomes"], words),
        "balance": balance(effect["balance"], words),
        "curves": curves(effect["curves"], words),
        "forest": forest(effect["outcomes"][0], words),
        "looks": looks(effect["outcomes"][0], words),
    }
    return {name: figure for name, figure in figures.items() if figure}


def effects(outcomes: Sequence[Facts], words: Words) -> str:
    """Every binary outcome: interval of one look, and that of the plan."""
    rows = [o for o in outcomes if o["kind"] == "binary" and o["difference"]["low"] is not None]
    if not rows:
        return ""
    with drawing.figure(WIDTH, 0.75 + 0.62 * len(rows)) as (figure, axes):
        for place, outcome in enumerate(reversed(rows)):
            found, sequence = outcome["difference"], outcome.get("sequence")
            if sequence:
                ends = [100 * sequence["low"], 100 * sequence["high"]]
                axes.plot(ends, [place, place], color=SUPPORTED, linewidth=1.2, alpha=0.65)
            _bar(axes, found, place, color=SUPPORTED, width=5)
        names = [words.sentence(words.of("outcomes", o["code"])) for o in reversed(rows)]
        _rows(axes, names, words)
        return drawing.svg(figure, label=words.of("sections", "effects"))


def forest(outcome: Facts, words: Words) -> str:
    """The first outcome by stratum, and pooled below."""
    rows = [r for r in outcome.get("by_stratum", []) if r["difference"]["low"] is not None]
    if len(rows) < 2:  # one stratum is the whole
        return ""
    with drawing.figure(WIDTH, 0.9 + 0.36 * (len(rows) + 1)) as (figure, axes):
        largest = max(row["persons1"] + row["persons0"] for row in rows)
        for place, row in enumerate(reversed(rows), start=1):
            size = (row["persons1"] + row["persons0"]) / largest
            _bar(axes, row["difference"], place, color=SOFT, width=1.6, marker=4 + 6 * size)
        if outcome["stratified"]["low"] is not None:
            _bar(axes, outcome["stratified"], 0, color=SUPPORTED, width=5)
        names = [words.of("labels", "pooled"), *(_stratum(r, words) for r in reversed(rows))]
        _rows(axes, names, words)
        axes.set_xlim(-103, 103)
        return drawing.svg(figure, label=words.of("sections", "forest"))


def curves(found: Facts, words: Words) -> str:
    """Cumulative incidence of the first cause by arm, with bands."""
    if not found or not found["curves"]:
        return ""
    cause, arms = next(iter(found["curves"].items()))
    with drawing.figure(WIDTH, 3.7) as (figure, axes):
        for arm, color in (("supported", SUPPORTED), ("comparison", COMPARISON)):
            curve = arms[arm]
            value, low, high = ([100 * v for v in curve[k]] for k in ("value", "low", "high"))
            axes.fill_between(
                curve["days"], low, high, step="post", color=color, alpha=0.13, linewidth=0
            )
            axes.step(curve["days"], value, where="post", color=color, linewidth=2)
            axes.annotate(
                words.arm(arm),
                (curve["days"][-1], value[-1]),
                xytext=(6, 0),
                textcoords="offset points",
                color=color,
                va="center",
                fontweight="bold",
            )
        axes.set_xlim(0, found["days"])
        axes.set_ylim(bottom=0)
        axes.set_xlabel(words.of("labels", "days"))
        axes.set_ylabel(words.sentence(words.of("causes", cause)))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda v, _: words.formats.percent(v / 100, 0))
        )
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        return drawing.svg(figure, label=words.of("sections", "curves"))


def looks(outcome: Facts, words: Words) -> str:
    """The interval of every look, over the calendar."""
    sequence = outcome.get("sequence")
    if not sequence:
        return ""
    found = sequence["looks"]
    days = [(date.fromisoformat(day) - EPOCH).days for day in found["day"]]
    persons = [a + b for a, b in zip(found["persons1"], found["persons0"], strict=True)]
    moving = [k for k, n in enumerate(persons) if n < persons[-1]]
    last = moving[-1] + 2 if moving else 1  # after the last result, looks see nothing new
    shown = [k for k, ok in enumerate(found["allowed"]) if ok and k <= last]
    if len(shown) < 2:  # a line needs two points
        return ""
    with drawing.figure(WIDTH, 3.3) as (figure, axes):
        x = [days[k] for k in shown]
        low, high = ([100 * found[end][k] for k in shown] for end in ("low", "high"))
        middle = [100 * _gap(found, k) for k in shown]
        axes.fill_between(x, low, high, color=SUPPORTED, alpha=0.15, linewidth=0, step="post")
        axes.step(x, middle, color=SUPPORTED, linewidth=2, where="post")
        axes.axhline(0, color=SOFT, linewidth=0.9, linestyle=(0, (3, 3)))
        axes.set_ylabel(f"{words.of('labels', 'difference')} ({words['points']})")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: words.formats.signed(v, 0)))
        axes.xaxis.set_major_locator(MaxNLocator(7))
        axes.xaxis.set_major_formatter(FuncFormatter(_month))
        axes.set_title(
            f"{words.of('labels', 'known')}: {persons[shown[0]]} → {persons[shown[-1]]}",
            fontsize=9.5,
            color=SOFT,
            loc="right",
        )
        return drawing.svg(figure, label=words.of("sections", "looks"))


def balance(rows: Sequence[Facts], words: Words) -> str:
    """Standardised differences, the largest first."""
    known = [row for row in rows if row["difference"] is not None]
    chosen = sorted(known, key=lambda row: -abs(row["difference"]))[:MOST_BALANCE]
    if not chosen:
        return ""
    with drawing.figure(WIDTH, 0.9 + 0.29 * len(chosen)) as (figure, axes):
        axes.axvspan(-0.25, 0.25, color=FAINT, alpha=0.45, linewidth=0)
        drawing.zero_line(axes)
        for place, row in enumerate(reversed(chosen)):
            axes.plot([0, row["difference"]], [place, place], color=SUPPORTED, linewidth=1)
            axes.plot(row["difference"], place, "o", color=SUPPORTED, markersize=5.5)
        axes.set_yticks(range(len(chosen)), [_fact(row, words) for row in reversed(chosen)])
        reach = max(0.5, *(abs(row["difference"]) * 1.1 for row in chosen))
        axes.set_xlim(-reach, reach)
        axes.set_xlabel(words.of("labels", "standardised_difference"))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: words.formats.signed(v, 2)))
        drawing.only_horizontal(axes)
        return drawing.svg(figure, label=words.of("sections", "balance"))


def _bar(
    axes: Axes, found: Facts, place: int, *, color: str, width: float, marker: float = 8
) -> None:
    axes.plot(
        [100 * found["low"], 100 * found["high"]],
        [place, place],
        color=color,
        linewidth=width,
        solid_capstyle="round",
    )
    axes.plot(100 * found["value"], place, "o", color="white", markersize=marker, mec=color, mew=2)


def _rows(axes: Axes, names: Sequence[str], words: Words) -> None:
    drawing.zero_line(axes)
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.set_ylim(-0.6, len(names) - 0.4)
    minus = words["minus"].format(one=words.supported, zero=words.comparison)
    axes.set_xlabel(f"{minus} ({words['points']})")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: words.formats.signed(v, 0)))
    drawing.only_horizontal(axes)


def _stratum(row: Facts, words: Words) -> str:
    parts = (words.of("strata", part) for part in row["stratum"].split("/"))
    name = " · ".join(part.replace("_", " ") for part in parts)
    return f"{name} ({row['persons1']}, {row['persons0']})"


def _fact(row: Facts, words: Words) -> str:
    name = words.of("labels", row["fact"])
    category = words.category(row["fact"], row["category"])
    return f"{name} : {category}" if category else name


def _gap(found: Facts, k: int) -> float:
    one = found["events1"][k] / found["persons1"][k]
    return float(one - found["events0"][k] / found["persons0"][k])


def _month(value: float, _position: object) -> str:
    return f"{EPOCH + timedelta(days=value):%m/%Y}"
