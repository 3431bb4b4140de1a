"""What saving a record did to the risk: before, after, and what moved it."""

from dataclasses import dataclass

from models.sufficiency import NotAssessed
from serving.operations.records import SavedRecord
from serving.pages.shared.addresses import case_path
from serving.pages.shared.formatting import percent
from serving.pages.shared.levels import LevelView, level_view
from serving.pages.shared.weights import Change, changes_of
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording
from serving.wording.not_assessed import why_not_in_full


@dataclass(frozen=True)
class SavedView:
    """The page shown after a record was stored; `after` is False when there is no risk to show."""

    path: str
    level: LevelView
    words: str
    changes: tuple[Change, ...]
    after: bool


def saved_view(
    contract_id: str,
    *,
    before: StoredAssessment | None,
    saved: SavedRecord,
    t: Wording,
) -> SavedView:
    """Return the page after a record was stored."""
    after = saved.assessment
    if after is None or after.risk is None:
        without = after or saved
        code = without.why_not or NotAssessed.NOT_YET
        why = why_not_in_full(code, t=t, detail=without.why_not_detail)
        return SavedView(case_path(contract_id), level_view(after, t=t), why, (), after=False)
    new = percent(after.risk, language=t.language, digits=1)
    old = None if before is None or before.risk is None else before.risk
    words = (
        t("saved.now", after=new)
        if old is None
        else t("saved.from_to", before=percent(old, language=t.language, digits=1), after=new)
    )
    moved = changes_of(after, t=t)
    return SavedView(case_path(contract_id), level_view(after, t=t), words, moved, after=True)
