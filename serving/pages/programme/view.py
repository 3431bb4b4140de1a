"""The follow-ups due, as they are shown, with the choices of the form that records an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.programme.records import ANSWER, FOLLOW_UP, JOB_KIND, MOMENT, SITUATION
from serving.pages.shared.formatting import day_in_words
from serving.queries.programme import DueFollowUp
from serving.wording import Wording

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FollowUpRow:
    """A person to ask; `key` tells the fields of one form from those of another."""

    key: str
    person: str
    person_id: str
    contract_id: str
    moment: str
    moment_words: str
    due_on: str
    attempts: int
    is_late: bool


@dataclass(frozen=True)
class FollowUpsView:
    """Everything the page shows; labels are those of the declarations, hence French."""

    rows: tuple[FollowUpRow, ...]
    today: str
    labels: dict[str, str]
    answers: Choices
    situations: Choices
    job_kinds: Choices
    refused: str | None = None


def follow_ups_view(
    due: Sequence[DueFollowUp], *, today: date, t: Wording, refused: str | None = None
) -> FollowUpsView:
    """Return the page of the follow-ups due."""
    return FollowUpsView(
        rows=tuple(_row(number, one, t) for number, one in enumerate(due)),
        today=today.isoformat(),
        labels={column.name: column.label for column in FOLLOW_UP.columns},
        answers=tuple(ANSWER.labels.items()),
        situations=tuple(SITUATION.labels.items()),
        job_kinds=tuple(JOB_KIND.labels.items()),
        refused=refused,
    )


def _row(number: int, one: DueFollowUp, t: Wording) -> FollowUpRow:
    return FollowUpRow(
        key=f"f{number}",
        person=one.name,
        person_id=one.person_id,
        contract_id=one.contract_id,
        moment=one.moment,
        moment_words=MOMENT.labels[one.moment],
        due_on=day_in_words(one.due_on, language=t.language),
        attempts=one.attempts,
        is_late=one.is_late,
    )
