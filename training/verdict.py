"""What an extract is enough for on a day: the first lines of `vigie check`."""

from dataclasses import dataclass

import pandas as pd

from features.intake.intake import Intake
from features.intake.quality import QualityReport
from features.point_in_time.cases import cases_along, cases_open
from features.records.declarations import Records
from training.labels import label_cases
from training.recipe import Recipe


@dataclass(frozen=True)
class Verdict:
    """What may be done with an extract as known on the morning after `day`, and what stands in it.

    `matured` counts the contracts broken whose horizon and delay are over, as training does before
    it leaves out those of which too little was known. `later` are rows known, or happening, after
    `day`, by table: they count for nothing that day.
    """

    day: pd.Timestamp
    open_contracts: int
    matured: int
    needed: int
    refused: int
    fallen: int
    left_out: int
    contradictions: int
    known_later: dict[str, int]
    happened_later: dict[str, int]

    @property
    def lines(self) -> tuple[str, ...]:
        """The verdict in sentences, what it is enough for first."""
        return (
            self._score(),
            self._train(),
            self._wrong(),
            *_counted("known", self.known_later, self.day),
            *_counted("dated", self.happened_later, self.day),
        )

    def _score(self) -> str:
        if not self.open_contracts:
            return "Nothing to score: no contract is open on the next morning."
        return f"Enough to score: {self.open_contracts:,} contracts open on the next morning."

    def _train(self) -> str:
        start = "Enough" if self.matured >= self.needed else "Not enough"
        return f"{start} to train: {self.matured:,} ruptures matured, {self.needed:,} needed."

    def _wrong(self) -> str:
        if not (self.refused or self.left_out or self.contradictions):
            return "Nothing wrong was found."
        fallen = f" ({self.fallen:,} with their contract)" if self.fallen else ""
        return (
            f"Wrong: {self.refused:,} rows refused{fallen}, {self.left_out:,} values left out, "
            f"{self.contradictions:,} contradictions."
        )


def verdict_on(
    intake: Intake, report: QualityReport, *, day: pd.Timestamp, recipe: Recipe
) -> Verdict:
    """Return the verdict on an extract for what was known by the end of `day`."""
    records, morning = intake.records, (day + pd.Timedelta(days=1)).as_unit("s")
    return Verdict(
        day=day,
        open_contracts=len(cases_open(records, as_of=morning)),
        matured=_matured(records, known_by=morning, recipe=recipe),
        needed=recipe.training.minimum_ruptures,
        refused=report.refused,
        fallen=int(report.rejects.loc[report.rejects["falls"], "cells"].sum()),
        left_out=len(intake.left_out),
        contradictions=sum(found.count for found in report.contradictions),
        known_later=_after(records, "known_on", day),
        happened_later=_after(records, None, day),
    )


def _matured(records: Records, *, known_by: pd.Timestamp, recipe: Recipe) -> int:
    cases = cases_along(records, every_days=recipe.snapshots.every_days, until=known_by)
    labelled = label_cases(cases, records, known_by=known_by, target=recipe.target)
    return int(cases.loc[labelled["label"].eq(1.0), "contract_id"].nunique())


def _after(records: Records, column: str | None, day: pd.Timestamp) -> dict[str, int]:
    """Rows after a day by table, none where there are none; `None`: by the day they tell of."""
    columns = {t.name: (rows, column or t.happened) for t, rows in records}
    counts = {name: int((rows[of] > day).sum()) for name, (rows, of) in columns.items() if of}
    return {name: count for name, count in counts.items() if count}


def _counted(what: str, counts: dict[str, int], day: pd.Timestamp) -> tuple[str, ...]:
    if not counts:
        return ()
    rows = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return (f"Left aside, {what} after {day:%Y-%m-%d}: {rows}.",)
