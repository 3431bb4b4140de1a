"""The model's page: what it is for, what it learnt from, how well it does, for whom, its limits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from features.common.json_types import JsonObject
from features.records.declarations import CONTRACT
from features.records.schema import Kind
from models.bundle import Bundle
from serving.pages.shared.formatting import day_in_words, number, percent
from serving.pages.shared.record_values import format_value
from serving.queries.administration import ServedModel
from serving.wording import Wording

Facts = JsonObject
SHOWN = (
    "roc_auc",
    "precision_at_capacity",
    "recall_at_capacity",
    "calibration_ratio",
    "brier_skill",
)
ATTRIBUTES = ("sex", "rqth", "qpv", "kind", "level_prepared")
RANGES = {
    "roc_auc": (0.5, 1.0),
    "precision_at_capacity": (0.0, 0.5),
    "recall_at_capacity": (0.0, 1.0),
    "calibration_ratio": (0.5, 1.5),
    "brier_skill": (-0.05, 0.2),
}
SHARES = ("precision_at_capacity", "recall_at_capacity", "brier_skill")


@dataclass(frozen=True)
class Figure:
    """A figure with its interval, and where they lie on a line of 100 from `low` to `high`."""

    name: str
    words: str
    value: str
    interval: str
    x: float
    x_low: float
    x_high: float


@dataclass(frozen=True)
class Spot:
    """A bin of the reliability table: expected and observed, in a box of 100 by 100."""

    x: float
    y: float
    y_low: float
    y_high: float
    expected: str
    observed: str
    interval: str
    cases: str


@dataclass(frozen=True)
class GroupFigures:
    """How the model does for one group."""

    attribute: str
    group: str
    cases: str
    ruptures: str
    auc: str
    ratio: str


@dataclass(frozen=True)
class ModelView:
    """Everything the model's page shows of the bundle in service."""

    version: str
    candidate: str
    horizon_days: int
    base_rate: str
    contracts: str
    persons: str
    first_day: str
    last_day: str
    figures: tuple[Figure, ...]
    spots: tuple[Spot, ...]
    top: str
    groups: tuple[GroupFigures, ...]


@dataclass(frozen=True)
class Version:
    """A version that served: since when, and its main figures with their intervals."""

    version: str
    since: str
    figures: tuple[Figure, ...]


def versions_of(
    served: Sequence[ServedModel], *, zone: ZoneInfo, t: Wording
) -> tuple[Version, ...]:
    """Return the history of versions, in the order given."""
    return tuple(
        Version(
            model.version,
            day_in_words(model.first_served_at.astimezone(zone).date(), language=t.language),
            tuple(
                _figure(name, model.facts["figures"], t)
                for name in SHOWN[:3]
                if name in model.facts["figures"]
            ),
        )
        for model in served
    )


def spots_of(bundle: Bundle, *, t: Wording) -> tuple[tuple[Spot, ...], float]:
    """Return the reliability table as a drawing, and the risk at its far ends."""
    table = bundle.reliability
    top = float(max(table["rate_high"].max(), table["mean_risk"].max())) * 1.05

    def share(value: float) -> str:
        return percent(value, language=t.language, digits=1)

    spots = tuple(
        Spot(
            x=round(100 * row["mean_risk"] / top, 2),
            y=round(100 * (1 - row["rate"] / top), 2),
            y_low=round(100 * (1 - row["rate_low"] / top), 2),
            y_high=round(100 * (1 - row["rate_high"] / top), 2),
            expected=share(row["mean_risk"]),
            observed=share(row["rate"]),
            interval=t("model.between", low=share(row["rate_low"]), high=share(row["rate_high"])),
            cases=number(row["cases"], language=t.language),
        )
        for row in table.to_dict(orient="records")
    )
    return spots, top


def figure_of(name: str, facts: Facts, *, low: float, high: float, t: Wording) -> Figure:
    """A metric with its interval (`value`, `low`, `high`), placed on the line from low to high."""

    def words(value: float) -> str:
        if name in SHARES:
            return percent(value, language=t.language)
        return number(value, language=t.language, digits=2)

    def place(value: float) -> float:
        return round(100 * min(max((value - low) / (high - low), 0.0), 1.0), 2)

    return Figure(
        name=t(f"metric.{name}"),
        words=t(f"metric_words.{name}"),
        value=words(facts["value"]),
        interval=t("model.between", low=words(facts["low"]), high=words(facts["high"])),
        x=place(facts["value"]),
        x_low=place(facts["low"]),
        x_high=place(facts["high"]),
    )


def model_view(bundle: Bundle, *, t: Wording) -> ModelView:
    """Return the page of a bundle; figures are those its backtest wrote down."""
    data, metrics = bundle.facts["data"], bundle.facts["metrics"]
    spots, top = spots_of(bundle, t=t)

    def count(value: float) -> str:
        return number(value, language=t.language)

    def day(text: str) -> str:
        return day_in_words(date.fromisoformat(text[:10]), language=t.language)

    return ModelView(
        version=bundle.version,
        candidate=bundle.model.candidate,
        horizon_days=bundle.horizon_days,
        base_rate=percent(bundle.base_rate, language=t.language, digits=1),
        contracts=count(data["contracts"]),
        persons=count(data["persons"]),
        first_day=day(data["first_as_of"]),
        last_day=day(data["until"]),
        figures=tuple(_figure(name, metrics["overall"], t) for name in SHOWN),
        spots=spots,
        top=percent(top, language=t.language),
        groups=tuple(_group(row, t) for row in metrics["groups"] if row["attribute"] in ATTRIBUTES),
    )


def _figure(name: str, overall: Facts, t: Wording) -> Figure:
    low, high = RANGES[name]
    return figure_of(name, overall[name], low=low, high=high, t=t)


def _group(row: Facts, t: Wording) -> GroupFigures:
    def with_interval(name: str) -> str:
        value = row.get(name)
        if value is None or math.isnan(value):
            return t("model.too_small")
        low, high = row[f"{name}_low"], row[f"{name}_high"]

        def words(figure: float) -> str:
            return number(figure, language=t.language, digits=2)

        return f"{words(value)} ({t('model.between', low=words(low), high=words(high))})"

    return GroupFigures(
        attribute=t(f"attribute.{row['attribute']}"),
        group=_group_name(row["attribute"], str(row["group"]), t),
        cases=number(row["cases"], language=t.language),
        ruptures=number(row["ruptures"], language=t.language),
        auc=with_interval("roc_auc"),
        ratio=with_interval("calibration_ratio"),
    )


def _group_name(attribute: str, group: str, t: Wording) -> str:
    """Return a group's label, in French: a code of the column, yes or no, or a number."""
    if group == "(missing)":
        return t("model.unknown_group")
    if attribute == "level_prepared":
        return t(f"training_level.{float(group):g}")
    column = CONTRACT[attribute]
    if column.kind is Kind.FLAG:
        return format_value(column, float(group) == 1)
    if column.code_list is not None:
        return column.code_list.labels.get(group, group)
    return number(float(group), language=t.language)
