"""An effect on screen: what to know first, then the figures."""

from typing import Any

from rich.table import Table

from training.effect.report.words import Words


def findings(effect: dict[str, Any]) -> list[str]:
    """Return the sentences to read before the figures, the design first."""
    words = Words("en", effect)
    design = effect.get("plan", {}).get("design", "randomised")
    first = [] if design == "randomised" else [words.of("design", design)]
    return [*first, *(words.finding(found) for found in effect["findings"])]


def results(effect: dict[str, Any]) -> Table:
    """Return the figures of every outcome, one row per estimate."""
    words = Words("en", effect)
    table = Table(title=f"{words.supported} minus {words.comparison}")
    for name in ("outcome", words.supported, words.comparison, "difference", "interval", "p"):
        table.add_column(name, justify="left" if name == "outcome" else "right")
    for outcome in effect["outcomes"]:
        for row in _rows(outcome, words):
            table.add_row(*row)
    for name, found in _ratios(effect):
        f = words.formats
        interval = f.interval(found, points=False)
        table.add_row(name, "", "", f.number(found["value"], 3), interval, f.p(found["p"]))
    return table


def _rows(outcome: dict[str, Any], words: Words) -> list[tuple[str, ...]]:
    f, binary = words.formats, outcome["kind"] == "binary"
    form = f.points if binary else f.signed
    rows: list[tuple[str, ...]] = []
    for name in ("difference", "adjusted", "stratified"):
        found = outcome.get(name)
        if not found or (name != "difference" and found["low"] is None):
            continue
        rates = _rates(outcome, words) if name == "difference" else ("", "")
        label = words.of("outcomes", outcome["code"]) if name == "difference" else ""
        label = label or f"  {words.of('methods', found['method'])}"
        interval = f.interval(found, points=binary)
        rows.append((label, *rates, form(found["value"]), interval, f.p(found["p"])))
    for name in ("risk_ratio", "odds_ratio"):
        found = outcome.get(name)
        if found and found["value"] is not None:
            interval = f.interval(found, points=False)
            label = f"  {words.of('labels', name)}"
            rows.append((label, "", "", f.number(found["value"], 3), interval, ""))
    if "sequence" in outcome:
        sequence = outcome["sequence"]
        verdict = words.of("verdict", sequence["verdict"])
        rows.append((f"  {verdict}", "", "", "", f.interval(sequence), ""))
    return rows


def _rates(outcome: dict[str, Any], words: Words) -> tuple[str, str]:
    f = words.formats
    if outcome["kind"] == "number":
        found = outcome["difference"]
        return f.number(found["mean1"]), f.number(found["mean0"])
    rates = (outcome["rate1"], outcome["rate0"])
    one, zero = (f"{r['events']}/{r['persons']} ({f.percent(r['value'])})" for r in rates)
    return one, zero


def _ratios(effect: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    ratios = effect["curves"].get("ratios", {}) if effect["curves"] else {}
    return [
        (f"hazard ratio, {name.replace('_', ' ')}", found)
        for name, found in ratios.items()
        if isinstance(found, dict) and found["value"] is not None
    ]
