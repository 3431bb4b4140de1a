"""A spec of features: drawn records, and a drawn table of what the features are worth by morning.

expect="as_of      | rating_tutor_last | rating_tutor_change
        2024-02-10 | 4                 | -
        2024-02-11 | 2                 | -2"
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.families import CATALOGUE
from features.point_in_time.days import to_days
from features.point_in_time.snapshot import Index, take_snapshot
from tests.lib.tables import cases_of, cells, number, records_of


@dataclass(frozen=True)
class Spec:
    """What some features are worth, on some mornings, given some records."""

    title: str
    expect: str
    contracts: str = ""
    interviews: str = ""
    events: str = ""
    outcomes: str = ""

    @property
    def names(self) -> list[str]:
        """The features the spec describes."""
        return [str(name) for name in cells(self.expect) if name not in {"contract_id", "as_of"}]

    def check(self) -> None:
        """Fail when a feature is not worth what the table says; `-` means unknown."""
        table = cells(self.expect)
        contract_ids = table.get("contract_id", pd.Series("C1", index=table.index))
        cases = cases_of(*zip(contract_ids, table["as_of"], strict=True))
        index = Index.of(
            records_of(
                contracts=self.contracts,
                interviews=self.interviews,
                events=self.events,
                outcomes=self.outcomes,
            )
        )
        snapshot = take_snapshot(
            index, contract_ids=cases["contract_id"].tolist(), as_of=to_days(cases["as_of"])
        )
        actual = {name: CATALOGUE[name].compute(snapshot) for name in self.names}
        expected = table[self.names].map(number)
        wrong = [
            f"{name}: expected {expected[name].tolist()}, got {actual[name].tolist()}"
            for name in self.names
            if not np.allclose(actual[name], expected[name], rtol=1e-9, atol=1e-12, equal_nan=True)
        ]
        assert not wrong, "\n".join([self.title, *wrong])
