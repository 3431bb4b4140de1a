"""What the case page says of the year to come, and of facts the model has never seen."""

from dataclasses import dataclass

from models.incidence import DAYS
from serving.pages.shared.formatting import number, percent
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

SHOWN = (30, 90, 180, 270, 365)


@dataclass(frozen=True)
class OutlookRow:
    """The cumulative risk within so many days, and its band, in words."""

    within: str
    risk: str
    low: str
    high: str


@dataclass(frozen=True)
class Outlook:
    """The curve as a sentence, a table, and how far it could be followed when not for a year."""

    summary: str
    rows: tuple[OutlookRow, ...]
    stops: str | None


def outlook_of(assessment: StoredAssessment | None, *, t: Wording) -> Outlook | None:
    """Return the year to come; None for what has no curve, such as an older model's."""
    curve = None if assessment is None else assessment.incidence
    if curve is None:
        return None
    points = list(zip(curve.days, curve.risk, curve.low, curve.high, strict=True))
    points_shown = [point for point in points if point[0] in SHOWN or point == points[-1]]
    rows = tuple(_row(*point, t=t) for point in points_shown)
    last = rows[-1]
    return Outlook(
        summary=t(
            "outlook.summary", within=last.within, risk=last.risk, low=last.low, high=last.high
        ),
        rows=rows,
        stops=None
        if curve.followed_days >= DAYS[-1]
        else t("outlook.stops", days=number(points[-1][0], language=t.language)),
    )


def unusual_of(assessment: StoredAssessment | None) -> tuple[str, ...]:
    """Return the facts outside of what the model learned from, as sentences."""
    return () if assessment is None else tuple(one.sentence for one in assessment.unusual)


def _row(days: int, risk: float, low: float, high: float, *, t: Wording) -> OutlookRow:
    months = round(days / 30.4)
    shares = (percent(share, language=t.language) for share in (risk, low, high))
    return OutlookRow(t.count("outlook.within", months), *shares)
