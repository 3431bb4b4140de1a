"""A drawn page of the model: figures as a bundle's backtest writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from serving.pages.model.view import (
    RANGES,
    SHOWN,
    GroupFigures,
    ModelView,
    Spot,
    Version,
    figure_of,
    versions_of,
)
from serving.pages.shared.formatting import percent
from serving.store.models import ServedModel
from serving.wording import Wording

OVERALL = {
    "roc_auc": {"value": 0.73, "low": 0.69, "high": 0.77},
    "precision_at_capacity": {"value": 0.21, "low": 0.16, "high": 0.27},
    "recall_at_capacity": {"value": 0.34, "low": 0.26, "high": 0.43},
    "calibration_ratio": {"value": 0.97, "low": 0.8, "high": 1.16},
    "brier_skill": {"value": 0.04, "low": 0.02, "high": 0.07},
}
RATES = (
    (0.02, 0.01, 0.0, 0.03),
    (0.06, 0.07, 0.04, 0.11),
    (0.12, 0.1, 0.07, 0.15),
    (0.3, 0.33, 0.25, 0.42),
)


def MODEL(t: Wording) -> ModelView:  # noqa: N802  # stands for a bundle
    """The model's page."""

    def share(value: float) -> str:
        return percent(value, language=t.language)

    spots = tuple(
        Spot(
            x=100 * expected / 0.45,
            y=100 - 100 * rate / 0.45,
            y_low=100 - 100 * low / 0.45,
            y_high=100 - 100 * high / 0.45,
            expected=share(expected),
            observed=share(rate),
            interval=t("model.between", low=share(low), high=share(high)),
            cases="251",
        )
        for expected, rate, low, high in RATES
    )
    return ModelView(
        version="trees-124f9ad05d9f",
        candidate="trees",
        horizon_days=90,
        base_rate=share(0.1),
        contracts="1 358",
        persons="1 311",
        first_day="1er septembre 2022",
        last_day="2 septembre 2026",
        figures=tuple(
            figure_of(name, OVERALL[name], low=RANGES[name][0], high=RANGES[name][1], t=t)
            for name in SHOWN
        ),
        spots=spots,
        top=share(0.45),
        groups=(
            GroupFigures(t("attribute.sex"), "femme", "1 076", "52", "0,74", "1,09"),
            GroupFigures(t("attribute.rqth"), "oui", "36", "1", t("model.too_small"), "–"),
        ),
    )


def versions(t: Wording) -> tuple[Version, ...]:
    """Two versions that served, the second without figures."""
    served = (
        ServedModel("trees-124f9ad05d9f", datetime(2026, 9, 3, tzinfo=UTC), {"figures": OVERALL}),
        ServedModel("logistic-77ab", datetime(2026, 3, 2, tzinfo=UTC), {"figures": {}}),
    )
    return versions_of(served, zone=ZoneInfo("Europe/Paris"), t=t)
