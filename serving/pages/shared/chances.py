"""Risk in natural frequencies, with the average in the same denominator beside it.

People compare « 4 sur 10 » with « 1 sur 10 » well, and « 38 % » with « 1 sur 10 » badly: the
denominator is chosen once, from the average, and kept for every case.
Source: Gigerenzer and Hoffrage (1995), How to improve Bayesian reasoning without instruction.
"""

from dataclasses import dataclass
from datetime import date

from serving.pages.shared.formatting import day_in_words, percent
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

COMMON = 0.075  # from this average on, tenths tell cases apart


@dataclass(frozen=True)
class Chances:
    """The risk in words. `short` stands alone in a list; `percent` and `exact` tell the figure."""

    short: str
    sentence: str
    average: str
    until: str
    percent: str
    exact: float


def chances_of(
    assessment: StoredAssessment | None, *, horizon_end: date, today: date, t: Wording
) -> Chances | None:
    """Return the chances of a rupture before `horizon_end`; None for what was not assessed."""
    if assessment is None or assessment.risk is None or assessment.base_rate is None:
        return None
    whole = 10 if assessment.base_rate >= COMMON else 100
    until = day_in_words(horizon_end, language=t.language, today=today)
    short = frequency(assessment.risk, whole=whole, t=t)
    return Chances(
        short=short,
        sentence=t("chances.sentence", chances=_chances(assessment.risk, whole, t)),
        average=t("chances.average", chances=frequency(assessment.base_rate, whole=whole, t=t)),
        until=t("chances.until", day=until),
        percent=percent(assessment.risk, language=t.language, digits=1),
        exact=assessment.risk,
    )


def frequency(share: float, *, whole: int, t: Wording) -> str:
    """« 4 sur 10 », or « moins de 1 sur 20 » for what rounds to nothing."""
    if share < 0.5 / whole:
        return t("chances.less_than", n=1, whole=2 * whole)
    return t("chances.of", n=round(share * whole), whole=whole)


def _chances(share: float, whole: int, t: Wording) -> str:
    if share < 0.5 / whole:
        return t("chances.less_than_one_chance", whole=2 * whole)
    return t.count("chances.about", round(share * whole), whole=whole)
