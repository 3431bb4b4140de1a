"""What lists and pages say of a case: training, why it has no score, notices, last interview."""

from datetime import date

from models.sufficiency import NotAssessed
from serving.pages.shared.formatting import day_in_words
from serving.queries.case_summary import CaseSummary, ContractFacts
from serving.wording import Wording, untypeset
from serving.wording.not_assessed import why_not_alone

UNSEEN_DAYS = 45


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
    code, detail = _code_and_detail(case)
    words = why_not_alone(code, t=t, detail=detail)
    if code is not NotAssessed.SUSPENDED:
        words = untypeset(words)  # the file has them as it always had; pages typeset them
    return words[:1].upper() + words[1:]


def _code_and_detail(case: CaseSummary) -> tuple[NotAssessed, str | None]:
    if case.suspended is not None:
        return NotAssessed.SUSPENDED, case.suspended
    if case.assessment is None or case.assessment.why_not is None:
        return NotAssessed.NOT_YET, None
    return case.assessment.why_not, case.assessment.why_not_detail


def notices(case: CaseSummary, *, today: date, t: Wording) -> tuple[str, ...]:
    """What every list says beside a case.

    Its centre no longer sends it, its end is announced, the person has another contract, its
    employer changed.
    """
    days = {
        "not_transmitted": case.not_transmitted_since,
        "announced_end": case.announced_end(today),
    }
    dated = [(code, day) for code, day in days.items() if day is not None]
    return tuple(
        t(f"notice.{code}", day=_words(day, today, t) if day else "")
        for code, day in (*dated, *case.surroundings)
    )


def _words(day: date, today: date, t: Wording) -> str:
    return day_in_words(day, language=t.language, today=today)


def last_seen(case: CaseSummary, *, today: date, t: Wording) -> str:
    """How long ago the last interview was held."""
    days = case.days_since_interview(today)
    if days is None:
        return t("worklist.never_seen")
    return t.count("worklist.seen", days) if days else t("worklist.seen_today")
