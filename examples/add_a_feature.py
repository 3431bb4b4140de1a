"""Add a feature: declare it, check it against a plain count, measure what it brings.

`python examples/add_a_feature.py`. In the project the declaration stands in `features/families/`,
its spec in `tests/spec/`, and the measure is a training run; here all three fit on a page.
"""

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold, cross_val_predict

from features.catalogue.catalogue import Feature
from features.catalogue.units import Unit
from features.intake.intake import take_in
from features.point_in_time.days import Days, to_days
from features.point_in_time.snapshot import Index, Snapshot, take_snapshot
from features.records.declarations import Records
from models.intervals import Difference, paired_difference
from models.metrics import log_losses
from training.dataset import Dataset, build_dataset
from training.recipe import Backtest, Recipe, Snapshots
from training.simulator import write_simulation

WINDOW = 60  # days
KINDS = ("absence_work", "absence_class")
RECIPE = Recipe(snapshots=Snapshots(every_days=90), backtest=Backtest(cutoffs=2, folds=2))


def absences_lately(s: Snapshot) -> Days:
    """Absences of the last 60 days that were known that morning."""
    return s.events.count(s.events.is_code("kind", *KINDS) & s.events.within(WINDOW))


FEATURE = Feature(
    "absences_60d",
    absences_lately,
    unit=Unit.COUNT,
    low=0,
    high=10_000,
    label=f"absences sur {WINDOW} jours",
    sentence=f"{{value:absence|absences}} sur {WINDOW} jours",
    zero=f"Aucune absence sur {WINDOW} jours",
    group="attendance",
    monotonic=1,
)


def simulated(contracts: int) -> Records:
    """Records of a small simulated programme, as the intake accepted them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "extract"
        write_simulation(folder, contracts=contracts, years=4, seed=7)
        return take_in(folder).records


def values_of(feature: Feature, dataset: Dataset) -> Days:
    """Return the feature's value for each case of a data set."""
    ids, as_of = dataset.cases["contract_id"].tolist(), to_days(dataset.cases["as_of"])
    return feature.compute(take_snapshot(Index.of(dataset.records), contract_ids=ids, as_of=as_of))


def counted_by_hand(dataset: Dataset, row: int) -> int:
    """The spec: of each event the last version known before the morning, counted one by one."""
    case, events = dataset.cases.iloc[row], dataset.records.events
    known = events[(events["contract_id"] == case["contract_id"])]
    known = known[known["known_on"] < case["as_of"]].sort_values("known_on", kind="stable")
    known = known.drop_duplicates("event_id", keep="last")
    days = (case["as_of"] - known["happened_on"]).dt.days
    withdrawn = known["withdrawn"].fillna(value=False).astype(bool)
    return int((known["kind"].isin(KINDS) & (days <= WINDOW) & (days > 0) & ~withdrawn).sum())


def gain(dataset: Dataset, values: Days) -> Difference:
    """Return the log loss without the feature minus that with it, persons never on both sides."""
    labels = dataset.labels(known_by=dataset.until)
    matured = ~np.isnan(labels)  # an unmatured label is unknown, never 0
    y, persons = labels[matured], dataset.persons[matured]
    without, added = dataset.X[matured], values[matured, np.newaxis]

    def losses(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        trees = HistGradientBoostingClassifier(max_iter=40, random_state=0)
        folds = GroupKFold(3)
        p = cross_val_predict(trees, x, y, groups=persons, cv=folds, method="predict_proba")
        return log_losses(y, p[:, 1])

    return paired_difference(losses(without), losses(np.hstack([without, added])), persons)


def main(contracts: int = 400) -> None:
    """Declare, check, measure, and print what came out."""
    dataset = build_dataset(simulated(contracts), RECIPE)
    values = values_of(FEATURE, dataset)
    for row in range(0, len(values), max(1, len(values) // 50)):
        assert values[row] == counted_by_hand(dataset, row), dataset.cases.iloc[row].to_dict()  # noqa: S101 - the spec
    brings = gain(dataset, values)
    print(f"{FEATURE.name}: {pd.Series(values).value_counts().sort_index().to_dict()}")  # noqa: T201
    print(f"log loss gained: {brings.mean:.5f} (standard error {brings.standard_error:.5f})")  # noqa: T201


if __name__ == "__main__":
    main()
