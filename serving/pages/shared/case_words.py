"""What lists and pages say of a case: training, why it has no score, notices, last interview."""

from datetime import date

from serving.pages.shared.formatting import day_in_words
from serving.pages.shared.wording import Wording
from serving.queries.case_summary import CaseSummary, ContractFacts

UNSEEN_DAYS = 45
BADGE = ("non évalué", "not assessed")


def training_of(contract: ContractFacts, *, t: Wording) -> str:
    """Return the training in a few words.

    Level prepared and certification, as far as they are known.
    """
    level, rncp = contract.level_prepared, contract.training_rncp
    known = [] if level is None else [t(f"training_level.{level:g}")]
    if rncp:
        known.append(f"RNCP {rncp.removeprefix('RNCP')}")
    return " · ".join(known) or t("worklist.training_unknown")


def why_not(case: CaseSummary, *, t: Wording) -> str | None:
    """Why a case has no score: what to record, or the suspension; None when it has one."""
    if case.is_assessed:
        return None
    if case.suspended is not None:
        return t("worklist.suspended", why=case.suspended)
    told = case.assessment.why_not if case.assessment else None
    return _without_badge(told or t("worklist.never_assessed"))


def _without_badge(words: str) -> str:
    """Return the level's badge already says « non évalué »."""
    told = words.partition(":")[2].strip() if words.startswith(BADGE) else words
    return told[:1].upper() + told[1:]


def notices(case: CaseSummary, *, today: date, t: Wording) -> tuple[str, ...]:
    """What every list says beside a case: its centre no longer sends it, its end is announced."""
    days = {
        "notice.not_transmitted": case.not_transmitted_since,
        "notice.announced_end": case.announced_end(today),
    }
    return tuple(
        t(key, day=day_in_words(day, language=t.language, today=today))
        for key, day in days.items()
        if day is not None
    )


def last_seen(case: CaseSummary, *, today: date, t: Wording) -> str:
    """How long ago the last interview was held."""
    days = case.days_since_interview(today)
    if days is None:
        return t("worklist.never_seen")
    return t.count("worklist.seen", days) if days else t("worklist.seen_today")
