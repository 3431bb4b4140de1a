"""The rows a training run works on: cases along each contract, cases at each cutoff, one matrix."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import TrainingError
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.cases import cases_along, cases_open
from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.risk import RiskModel
from models.sufficiency import why_not_assessed
from training.labels import label_cases
from training.recipe import Recipe
from training.splits import cutoffs_of


@dataclass(frozen=True)
class Dataset:
    """Assessable cases and their matrix, row by row.

    `cases` has columns contract_id, as_of, person_id and `cutoff`: True for the cases that were
    open on a cutoff morning (to judge), False for those along the contracts (to learn).
    `parent` is a model learned elsewhere that candidates may start from, or None.
    `until` is the morning on which the extract was made: the day after the last thing known.
    """

    records: Records
    cases: pd.DataFrame
    matrix: pd.DataFrame
    until: pd.Timestamp
    cutoffs: tuple[pd.Timestamp, ...]
    not_assessed: int
    recipe: Recipe
    parent: RiskModel | None = None

    @property
    def X(self) -> npt.NDArray[np.float64]:
        """Inputs of the catalogue, float64."""
        return self.matrix[CATALOGUE.inputs].to_numpy()

    @property
    def persons(self) -> npt.NDArray[np.int64]:
        """Number of the person of each row."""
        return np.asarray(pd.factorize(self.cases["person_id"])[0], dtype="int64")

    def labels(self, *, known_by: pd.Timestamp) -> npt.NDArray[np.float64]:
        """Label of every row as known on a morning; NaN where it is not."""
        labelled = label_cases(
            self.cases, self.records, known_by=known_by, target=self.recipe.target
        )
        return labelled["label"].to_numpy()

    def states(self) -> pd.DataFrame:
        """State and label of every row as known when the extract was made."""
        return label_cases(self.cases, self.records, known_by=self.until, target=self.recipe.target)


def build_dataset(
    records: Records,
    recipe: Recipe,
    *,
    until: pd.Timestamp | None = None,
    progress: Callable[[int], None] | None = None,
) -> Dataset:
    """Cut and describe every case of the recipe.

    `until` defaults to the morning after the last `known_on`. Raises TrainingError when there is
    not a single case.
    """
    until = until if until is not None else records.last_known_on + pd.Timedelta(days=1)
    along = cases_along(records, every_days=recipe.snapshots.every_days, until=until)
    if along.empty:
        raise TrainingError(
            "training: expected contracts that ran and were known before they ended, got none; "
            "check started_on, planned_end_on and known_on with `vigie check`"
        )
    cutoffs = cutoffs_of(along, until=until, recipe=recipe)
    judged = (cases_open(records, as_of=cutoff, with_announced=False) for cutoff in cutoffs)
    at_cutoffs = [part for part in judged if len(part)]
    cases = pd.concat(
        [along.assign(cutoff=False), *(part.assign(cutoff=True) for part in at_cutoffs)],
        ignore_index=True,
    )
    persons = records.contracts.drop_duplicates("contract_id").set_index("contract_id")["person_id"]
    cases["person_id"] = cases["contract_id"].map(persons)
    matrix = build_matrix(Index.of(records), cases, progress=progress)
    assessable = why_not_assessed(matrix).isna().to_numpy()
    return Dataset(
        records,
        cases[assessable].reset_index(drop=True),
        matrix[assessable],
        until,
        tuple(cutoffs),
        int((~assessable).sum()),
        recipe,
    )
