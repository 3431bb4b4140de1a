"""The level of a run's risks on matured labels, by morning, course, centre and group."""

from typing import Any

from features.records.declarations import CONTRACT
from features.records.schema import Privacy
from models.level import observed_against_expected
from training.dataset import Dataset
from training.evaluate import Comparison

COURSE_AND_CENTRE = ("training_rncp", "training_centre_uai")
GROUPS = ("kind", "level_prepared")


def judge_level(dataset: Dataset, comparison: Comparison) -> list[dict[str, Any]]:
    """Return observed against expected of every cell that can be judged, JSON-able."""
    predictions = comparison.predictions
    protected = [c.name for c in CONTRACT.columns if c.privacy is Privacy.AUDIT_ONLY]
    contracts = dataset.records.contracts.drop_duplicates("contract_id", keep="last")
    columns = contracts.set_index("contract_id")[[*COURSE_AND_CENTRE, *GROUPS, *protected]]
    ids = dataset.cases["contract_id"].iloc[predictions["row"]]
    cells = columns.loc[ids].astype("object").reset_index(drop=True)
    cells.insert(0, "morning", predictions["split"].to_numpy())
    table = observed_against_expected(predictions["label"], predictions[comparison.chosen], cells)
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
