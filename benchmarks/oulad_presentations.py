"""Which presentations of a folder of tables are learned from and judged."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.oulad_records import start_of
from features.common.errors import InputError

ALL = "all"


def present(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return the presentations that the tables hold, the earliest first."""
    return sorted(tables["studentInfo"]["code_presentation"].unique(), key=start_of)


def judged_presentations(
    tables: dict[str, pd.DataFrame], wanted: Sequence[str], *, where: Path
) -> list[str]:
    """Return the presentations to judge, all of them when ALL is wanted."""
    return present(tables) if ALL in wanted else chosen_presentations(tables, wanted, where=where)


def chosen_presentations(
    tables: dict[str, pd.DataFrame], wanted: Sequence[str], *, where: Path
) -> list[str]:
    """Return the wanted presentations, the earliest first. Raises InputError for one not there."""
    unknown = sorted(set(wanted) - set(present(tables)))
    if unknown:
        raise InputError(
            f"{where}: expected presentations among {', '.join(present(tables))}, got {unknown[0]}"
        )
    return sorted(set(wanted), key=start_of)
