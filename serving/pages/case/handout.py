"""The explanation to hand out: the case, and every fact of the contract that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from features.records.declarations import CONTRACT, WITHDRAWN
from features.records.schema import Privacy
from serving.pages.case.view import CaseView
from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.record_values import format_value
from serving.pages.shared.wording import Wording


@dataclass(frozen=True)
class MyDataView:
    """What the explanation shows; the case's own fields are read through it."""

    case: CaseView
    today_words: str
    facts_kept: tuple[tuple[str, str], ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.case, name)


def my_data_view(
    case: CaseView, *, contract: Mapping[str, Any], today: date, t: Wording
) -> MyDataView:
    """Return the explanation of a case.

    `contract` is the version in force, audit-only facts included.
    """
    facts = tuple(
        (column.label, format_value(column, contract[column.name]))
        for column in CONTRACT.columns
        if contract.get(column.name) is not None
        and column.privacy is not Privacy.PSEUDONYM
        and column is not WITHDRAWN
    )
    return MyDataView(case, day_in_words(today, language=t.language), facts)
