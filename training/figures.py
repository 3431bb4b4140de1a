"""The figures of a run: calibration, precision and recall, capacity, SHAP, rates over time."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from features.families import CATALOGUE
from models.explanation import Explainer
from models.reliability import reliability_table
from training.run import Run

Array = npt.NDArray[np.float64]
ACCENT, SOFT = "#1f5f8b", "#9aa5b1"
MOST_EXPLAINED, MOST_SHOWN = 2_000, 20


def draw_figures(run: Run) -> dict[str, Figure]:
    """File name -> figure, for the candidate that was chosen."""
    predictions = run.comparison.predictions
    label = predictions["label"].to_numpy()
    risk = predictions[run.comparison.chosen].to_numpy()
    return {
        "calibration.png": calibration(label, risk, predictions["person"].to_numpy()),
        "precision_recall.png": precision_recall(label, risk),
        "capacity.png": at_capacity(label, risk),
        "shap_summary.png": shap_summary(run),
        "rates_over_time.png": rates_over_time(run.dataset.cases, run.dataset.states()),
    }


def _axes(title: str, x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def calibration(label: Array, risk: Array, persons: npt.NDArray[np.int64]) -> Figure:
    """Observed rate against mean risk by bin, with 95 % intervals."""
    table = reliability_table(label, risk, persons=persons)
    figure, axes = _axes("Calibration in the backtest", "mean risk", "observed rate")
    top = float(max(table["rate_high"].max(), table["mean_risk"].max()))
    axes.plot([0, top], [0, top], color=SOFT, linestyle="--", label="perfect")
    below, above = table["rate"] - table["rate_low"], table["rate_high"] - table["rate"]
    axes.errorbar(
        table["mean_risk"], table["rate"], yerr=[below, above], fmt="o", color=ACCENT, capsize=3
    )
    axes.legend(frameon=False)
    return figure


def precision_recall(label: Array, risk: Array) -> Figure:
    """Precision against recall, with the rate as the floor."""
    precision, recall, _ = precision_recall_curve(label, risk)
    figure, axes = _axes("Precision and recall", "recall", "precision")
    axes.plot(recall, precision, color=ACCENT)
    axes.axhline(label.mean(), color=SOFT, linestyle="--", label="rate of all cases")
    axes.legend(frameon=False)
    return figure


def at_capacity(label: Array, risk: Array) -> Figure:
    """Precision and recall as the list grows from one case to all of them."""
    found = label[np.argsort(-risk, kind="stable")].cumsum()
    seen = np.arange(1, len(label) + 1)
    figure, axes = _axes("What a list of the most urgent finds", "share of cases seen", "share")
    axes.plot(seen / len(label), found / seen, color=ACCENT, label="precision")
    axes.plot(seen / len(label), found / found[-1], color=ACCENT, linestyle=":", label="recall")
    axes.legend(frameon=False)
    return figure


def shap_summary(run: Run) -> Figure:
    """Mean absolute contribution of the features that weigh most, in log-odds."""
    rows = run.learned[:: max(1, len(run.learned) // MOST_EXPLAINED)]
    contributions = Explainer(run.bundle.model).explain(run.dataset.X[rows]).contributions
    weight = np.abs(contributions).mean(axis=0)
    heaviest = np.argsort(weight)[-MOST_SHOWN:]
    figure, axes = _axes("What weighs most", "mean |contribution| (log-odds)", "")
    axes.barh([CATALOGUE.inputs[i] for i in heaviest], weight[heaviest], color=ACCENT)
    axes.tick_params(axis="y", labelsize=7)
    return figure


def rates_over_time(cases: pd.DataFrame, states: pd.DataFrame) -> Figure:
    """Share of mornings followed by a rupture, by quarter of the morning, matured labels only."""
    matured = states["label"].notna().to_numpy() & ~cases["cutoff"].to_numpy()
    quarter = cases.loc[matured, "as_of"].dt.to_period("Q").dt.to_timestamp()
    rate = states.loc[matured, "label"].groupby(quarter.to_numpy()).mean()
    figure, axes = _axes("Ruptures within the horizon over time", "", "rate")
    axes.plot(rate.index, rate.to_numpy(), color=ACCENT, marker="o")
    axes.set_ylim(bottom=0)
    return figure
