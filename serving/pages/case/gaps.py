"""What is not known of a case, and what was known too long ago to be relied on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.records.declarations import CONTRACT, RATINGS
from features.records.rows import ContractRow, InterviewRow
from serving.pages.shared.formatting import day_in_words
from serving.wording import Wording

STALE_DAYS = 60

# What weighs most often in a score and can be asked: one name of each pair is enough.
_WANTED: tuple[tuple[str, ...], ...] = (
    ("trial_end_on",),
    ("level_prepared",),
    ("diploma_12434", "diploma_10103"),
    ("employer_headcount",),
    ("pay_percent_smic",),
    ("tutor_experience_years",),
    ("commute_minutes",),
    ("housing",),
    ("born_on",),
)


@dataclass(frozen=True)
class Gaps:
    """Labels (French) of facts that are missing, and of ratings that are old, day by day."""

    missing: tuple[str, ...]
    unheard: tuple[str, ...]
    stale: tuple[tuple[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is missing or old."""
        return not (self.missing or self.unheard or self.stale)


def gaps_of(
    *, contract: ContractRow, interviews: Sequence[InterviewRow], today: date, t: Wording
) -> Gaps:
    """Return the gaps of a case on a day; `interviews` are the versions in force."""
    missing = [
        CONTRACT[names[0]].label.partition(" (")[0]
        for names in _WANTED
        if all(getattr(contract, name) is None for name in names)
    ]
    last = {name: _last_rated(name, interviews) for name in RATINGS}
    stale = {
        day: ", ".join(RATINGS[name] for name, rated in last.items() if rated == day)
        for day in sorted({day for day in last.values() if day is not None})
        if (today - day).days > STALE_DAYS
    }
    unheard = [RATINGS[name] for name, day in last.items() if day is None]
    outdated = [
        (labels, day_in_words(day, language=t.language, today=today))
        for day, labels in stale.items()
    ]
    return Gaps(tuple(missing), tuple(unheard), tuple(outdated))


def _last_rated(name: str, interviews: Sequence[InterviewRow]) -> date | None:
    rated = [r.held_on for r in interviews if getattr(r, f"rating_{name}") is not None]
    return max(rated, default=None)
