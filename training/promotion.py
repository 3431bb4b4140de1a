"""The gates between a trained model and the service."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.common.writing import whole_file, whole_folder
from models.bundle import Bundle

# A two-sided 95 % interval.
Z = 1.96
CHAMPION = "champion"
# Judged ruptures from which figures are steady enough to be held to by themselves.
MANY = 100
Facts = dict[str, Any]


@dataclass(frozen=True)
class Gate:
    """One condition of promotion: its name, whether it holds, and the figures that say so."""

    name: str
    holds: bool
    words: str


def judge_gates(bundle: Bundle, *, champion_version: str | None) -> list[Gate]:
    """Return every gate of the bundle's own recipe, in a fixed order.

    `champion_version` is the one in service now, or None: a bundle compared with another champion
    than the present one has not been compared with anything that matters. One that serves already
    may be promoted again: the alias may not have followed the first time.
    """
    metrics, gates = bundle.facts["metrics"], bundle.facts["recipe"]["gates"]
    return [
        _champion_gate(bundle, champion_version),
        _age_rate_gate(metrics),
        _range_gate("calibration slope", metrics, "calibration_slope", gates["calibration_slope"]),
        _range_gate("calibration ratio", metrics, "calibration_ratio", gates["calibration_ratio"]),
        _group_gate(metrics["groups"], gates["group_floor_auc"]),
        _leak_gate(metrics["leaks"]),
    ]


def _champion_gate(bundle: Bundle, champion_version: str | None) -> Gate:
    name, compared = "not worse than the champion", bundle.facts["metrics"]["champion"]
    if champion_version is None:
        return Gate(name, True, "no champion yet")
    if champion_version == bundle.version:
        return Gate(name, True, "serves already")
    if compared["version"] != champion_version:
        words = (
            f"compared with {compared['version'] or 'no champion'}, but {champion_version} serves"
        )
        return Gate(name, False, f"{words}; train again")
    gap, error = compared["log_loss_gap"], compared["log_loss_gap_error"]
    holds = gap <= Z * error
    return Gate(name, holds, f"log loss {gap:+.5f} ± {Z * error:.5f} against {champion_version}")


def _age_rate_gate(metrics: Facts) -> Gate:
    """A ranking that knows no more than the age of a contract is worth no list.

    With many judged ruptures the interval must say so, with few the value: at that size the
    interval of a good model reaches below 0 too (decision 18).
    """
    name, gain = "better than the rate by contract age", metrics["over_age_rate"]
    if gain["value"] is None or gain["low"] is None:
        return Gate(name, False, "undefined: expected judged cases of several persons")
    holds = (gain["low"] if metrics["ruptures"] >= MANY else gain["value"]) > 0.0
    words = f"log loss lower by {gain['value']:.5f} ({gain['low']:.5f} to {gain['high']:.5f})"
    advice = "" if holds else "; work by days without an interview, not by this ranking"
    return Gate(name, holds, words + advice)


def _range_gate(name: str, metrics: Facts, key: str, bounds: tuple[float, float]) -> Gate:
    """Holds when the figure is in the range; with few ruptures, when its interval meets it."""
    figure, (low, high) = metrics["overall"][key], bounds
    if figure["value"] is None:
        return Gate(name, False, "undefined: expected cases of both classes to judge it on")
    # No interval: the value alone. A bound of 0 is a bound.
    reach = [figure["value"] if figure[end] is None else figure[end] for end in ("low", "high")]
    judged = [figure["value"]] * 2 if metrics["ruptures"] >= MANY else reach
    holds = judged[0] <= high and judged[1] >= low
    words = (
        f"{figure['value']:.2f} ({reach[0]:.2f} to {reach[1]:.2f}), accepted {low:g} to {high:g}"
    )
    return Gate(name, holds, words)


def _group_gate(groups: list[Facts], floor: float) -> Gate:
    below = [
        f"{row['attribute']}={row['group']}"
        for row in groups
        if row["verdict"] == "judged"
        and row["roc_auc_high"] is not None
        and row["roc_auc_high"] < floor
    ]
    words = f"below {floor:g}: {', '.join(below)}" if below else f"every judged group at {floor:g}"
    return Gate("no group below its floor", not below, words)


def _leak_gate(leaks: list[Facts]) -> Gate:
    words = "; ".join(f"{leak['column']} {leak['reason']} ({leak['figure']:.2f})" for leak in leaks)
    return Gate("no leak flag", not leaks, words or "nothing suspect")


def install(source: Path, bundles: Path, *, version: str) -> Path:
    """Copy a bundle into the bundles folder and point `champion` there, in one atomic step.

    Raises StorageError when the disk refuses; the champion in service then stays.
    """
    folder = bundles / version
    with whole_folder(folder, replace=True) as temporary:
        shutil.copytree(source, temporary, dirs_exist_ok=True)
    with whole_file(bundles / CHAMPION) as link:
        link.symlink_to(folder.name, target_is_directory=True)
    return folder
