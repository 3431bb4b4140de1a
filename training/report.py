"""Everything a run has to say of itself, as JSON-able facts for the card, MLflow and the gates."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.point_in_time.rupture import DEFINITION
from features.records.declarations import CONTRACT
from features.records.schema import Privacy
from models.groups import by_group, gaps
from models.intervals import bootstrap, paired_difference
from models.metrics import log_losses
from models.reliability import Z_95
from training.dataset import Dataset
from training.evaluate import BASELINE, Comparison
from training.labels import known_ends
from training.leaks import Leak, above_reference, find_leaks

REFERENCE = "base_rate"
GROUP_COLUMNS = ("kind", "level_prepared")
Facts = dict[str, Any]


def judge(dataset: Dataset, comparison: Comparison) -> Facts:
    """Metrics with intervals, overall, per cutoff, on new contracts, by group and by candidate."""
    predictions = comparison.predictions
    judged = _Judge(dataset, predictions, comparison.chosen)
    names = (*comparison.ranking.index, BASELINE)
    groups = judged.groups()
    return {
        "chosen": comparison.chosen,
        "in_time_order": comparison.in_time_order,
        "cases": len(predictions),
        "ruptures": int(predictions["label"].sum()),
        "overall": judged.metrics(comparison.chosen),
        "over_age_rate": judged.over_age_rate(),
        "by_split": {
            str(split): judged.metrics(comparison.chosen, np.asarray(rows))
            for split, rows in predictions.groupby("split").indices.items()
        },
        "new_contracts": judged.metrics(
            comparison.chosen, np.flatnonzero(predictions["new"].to_numpy())
        ),
        "candidates": {
            name: {**_row(comparison.ranking, name), **judged.metrics(name)} for name in names
        },
        "groups": _records(groups),
        "gaps": _records(gaps(groups).reset_index()),
    }


def describe_data(
    dataset: Dataset, rows: npt.NDArray[np.int64], *, digest: str, source: str
) -> Facts:
    """Return what was learned from.

    Counts, dates, states of the labels, definition of a rupture.
    """
    states = dataset.states()["state"]
    ruptured = states.iloc[rows] == "rupture"
    contracts = dataset.cases["contract_id"].iloc[rows]
    return {
        "source": source,
        "digest": digest,
        "until": str(dataset.until.date()),
        "first_as_of": str(dataset.cases["as_of"].min().date()),
        "contracts": int(contracts.nunique()),
        "persons": int(dataset.cases["person_id"].iloc[rows].nunique()),
        "cases_learned": len(rows),
        "cases_ruptured": int(ruptured.sum()),
        "contracts_ruptured": int(contracts[ruptured].nunique()),
        **_returns(dataset, contracts[ruptured]),
        "cases_not_assessed": dataset.not_assessed,
        "label_states": {str(k): int(v) for k, v in states.value_counts().items()},
        "label_version": DEFINITION.version,
    }


def _returns(dataset: Dataset, ruptured: pd.Series) -> Facts:
    """Count net beside gross among the ruptures whose time to return is over."""
    ends = known_ends(dataset.records, known_by=dataset.until).reindex(ruptured.unique())
    days = DEFINITION.reentry_days + dataset.recipe.target.declaration_delay_days
    followed = ends["ended_on"] + pd.Timedelta(days=days) <= dataset.until
    net = ends["net"].eq(True) & followed
    return {"ruptures_followed": int(followed.sum()), "ruptures_net": int(net.sum())}


def check_leaks(dataset: Dataset, rows: npt.NDArray[np.int64], *, metrics: Facts) -> list[Facts]:
    """Return suspect columns, and the whole when `metrics` are too good, as facts."""
    labels = dataset.labels(known_by=dataset.until)[rows]
    inputs, contracts = dataset.matrix.iloc[rows], dataset.cases["contract_id"].iloc[rows]
    leaks = find_leaks(inputs, labels, dataset.records, contracts=contracts.to_numpy())
    return [vars(leak) for leak in [*leaks, *_above_reference(metrics)]]


def _above_reference(metrics: Facts) -> list[Leak]:
    model, plain = (
        part.get("roc_auc") or {} for part in (metrics["overall"], metrics["candidates"][BASELINE])
    )
    return above_reference(model.get("value"), plain.get("value"))


class _Judge:
    """Metrics of one set of predictions, against the same reference throughout."""

    def __init__(self, dataset: Dataset, predictions: pd.DataFrame, chosen: str) -> None:
        self._dataset, self._predictions, self._chosen = dataset, predictions, chosen
        reference = REFERENCE if REFERENCE in predictions else BASELINE
        self._base = predictions[reference].to_numpy()
        self._options: Facts = {
            "capacity": dataset.recipe.capacity.high,
            "seed": dataset.recipe.training.seed,
            "draws": dataset.recipe.training.bootstrap_draws,
        }

    def metrics(self, name: str, rows: npt.NDArray[np.int64] | None = None) -> Facts:
        """Return each metric as {value, low, high}; nothing to say of no rows."""
        chosen = np.arange(len(self._predictions)) if rows is None else rows
        if not len(chosen):
            return {}
        part = self._predictions.iloc[chosen]
        table = bootstrap(
            part["label"],
            part[name],
            persons=part["person"],
            base=self._base[chosen],
            **self._options,
        )
        return {str(metric): _clean(row) for metric, row in table.to_dict("index").items()}

    def over_age_rate(self) -> Facts:
        """Log loss of the rate by contract age minus that of the chosen: {value, low, high}."""
        labels, persons = self._predictions["label"], self._predictions["person"]
        chosen = log_losses(labels, self._predictions[self._chosen])
        gain = paired_difference(log_losses(labels, self._base), chosen, persons)
        half = Z_95 * gain.standard_error
        return _clean({"value": gain.mean, "low": gain.mean - half, "high": gain.mean + half})

    def groups(self) -> pd.DataFrame:
        """Return the same metrics for each group of the protected and of a few other columns."""
        protected = [c.name for c in CONTRACT.columns if c.privacy is Privacy.AUDIT_ONLY]
        contracts = self._dataset.records.contracts.drop_duplicates("contract_id", keep="last")
        columns = contracts.set_index("contract_id")[[*protected, *GROUP_COLUMNS]]
        ids = self._dataset.cases["contract_id"].iloc[self._predictions["row"]]
        return by_group(
            self._predictions["label"],
            self._predictions[self._chosen],
            columns.loc[ids].astype("object").reset_index(drop=True),
            base=self._base,
            persons=self._predictions["person"],
            **self._options,
        )


def _row(table: pd.DataFrame, name: str) -> Facts:
    if name not in table.index:
        return {}
    return _clean(table.loc[[name], ["gap", "gap_error"]].to_dict("records")[0])


def _records(table: pd.DataFrame) -> list[Facts]:
    return [_clean(row) for row in table.to_dict("records")]


def _clean(row: Mapping[Hashable, Any]) -> Facts:
    """JSON has no NaN: what is undefined is null."""
    return {
        str(k): None if isinstance(v, float) and not np.isfinite(v) else v for k, v in row.items()
    }
