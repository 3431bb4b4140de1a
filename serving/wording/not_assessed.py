"""Why a case has no risk, as a sentence."""

from datetime import date

from models.sufficiency import CORE_FACTS, NotAssessed
from serving.wording import Wording, untypeset, wording


def why_not_alone(code: NotAssessed, *, t: Wording, detail: str | None = None) -> str:
    """Return why, to stand beside a mark that says « non évalué ».

    `detail` completes some codes: the reason an administrator gave for SUSPENDED, the day (ISO)
    for NOT_TRANSMITTED.
    """
    match code:
        case NotAssessed.TOO_LITTLE_KNOWN:
            facts = ", ".join(t(f"core_fact.{name}") for name in CORE_FACTS)
            return t(f"why_not.{code}", facts=facts)
        case NotAssessed.SUSPENDED:
            return t(f"why_not.{code}", because=detail or "")
        case NotAssessed.NOT_TRANSMITTED:
            return t(f"why_not.{code}", day=_day(detail, t=t))
        case _:
            return t(f"why_not.{code}")


def why_not_in_full(code: NotAssessed, *, t: Wording, detail: str | None = None) -> str:
    """Return the sentence of a case without a risk, complete by itself."""
    why = why_not_alone(code, t=t, detail=detail)
    return why if code is NotAssessed.SUSPENDED else t("not_assessed.because", why=why)


def why_not_as_sent(
    code: NotAssessed | None, *, language: str, detail: str | None = None
) -> str | None:
    """Return `why_not_in_full` with the plain spaces that programs and files were always given."""
    if code is None:
        return None
    return untypeset(why_not_in_full(code, t=wording(language), detail=detail))


def _day(detail: str | None, *, t: Wording) -> str:
    day = date.fromisoformat(detail or "")
    return f"{day:%d/%m/%Y}" if t.language == "fr" else f"{day.day} {day:%B %Y}"
