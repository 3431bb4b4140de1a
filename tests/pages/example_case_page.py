"""One case drawn for its page: records in versions, assessments in a row, answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import log
from typing import Any

from features.records.declarations import EVENT, INTERVIEW
from features.records.rows import EventRow, InterviewRow, Versions, row_from
from serving.queries.assessments import Change
from serving.queries.case_summary import CaseSummary
from serving.queries.cases import CaseFile, Feedback
from serving.store.assessments import StoredAssessment
from tests.pages.example_cases import (
    BASE_VALUE,
    STRAINED,
    Row,
    assessment,
    contract,
)


def interview(
    interview_id: str, held_on: date, *, status: str = "held", **values: Any
) -> InterviewRow:
    """An interview as the store keeps it."""
    typed: Row = {
        "interview_id": interview_id,
        "contract_id": "C1",
        "held_on": held_on,
        "status": status,
        "channel": "phone",
        "known_on": held_on,
        "note": None,
        **values,
    }
    row: InterviewRow = row_from(INTERVIEW, typed)
    return row


def event(event_id: str, happened_on: date, kind: str, **values: Any) -> EventRow:
    """An event as the store keeps it."""
    typed: Row = {
        "event_id": event_id,
        "contract_id": "C1",
        "happened_on": happened_on,
        "kind": kind,
        "value": None,
        "theme": None,
        "known_on": happened_on,
        **values,
    }
    row: EventRow = row_from(EVENT, typed)
    return row


def records() -> Versions:
    """Every version of the records of C1: one arrived late, one was corrected."""
    return Versions(
        contracts=[contract()],
        interviews=[
            interview(
                "I1",
                date(2026, 10, 6),
                channel="in_person",
                rating_motivation=5.0,
                rating_tutor=4.0,
                rating_conditions=3.0,
                theme_information=True,
                note="Bon démarrage, équipe accueillante.",
            ),
            interview(
                "I2",
                date(2026, 10, 26),
                rating_tutor=3.0,
                rating_motivation=5.0,
                theme_securing_the_path=True,
                need_mobility="open",
                declared_risk="no",
            ),
            interview(
                "I2",
                date(2026, 10, 26),
                rating_tutor=2.0,
                rating_motivation=5.0,
                theme_securing_the_path=True,
                need_mobility="open",
                declared_risk="no",
                known_on=date(2026, 10, 28),
                note="<script>alert('non')</script>\nÉchange difficile avec le tuteur.",
            ),
            interview("I3", date(2026, 10, 30), status="missed"),
            interview("I4", date(2026, 11, 6), status="missed", known_on=date(2026, 11, 16)),
        ],
        events=[
            event("E1", date(2026, 10, 20), "absence_class", value=7.0),
            event("E2", date(2026, 11, 2), "support_action", theme="psychosocial_support"),
        ],
    )


def past_assessments(
    risks: tuple[float, ...] = (0.09, 0.1, 0.13, 0.2, 0.28),
) -> list[StoredAssessment]:
    """Earlier assessments of C1, ten days apart, and the latest; the model changed once."""
    latest = assessment("C1", changes=tuple(_changes()))
    earlier = []
    for n, risk in enumerate(risks):
        day = latest.as_of - timedelta(days=10 * (len(risks) - n))
        level = "eleve" if risk > 0.18 else "modere" if risk > 0.11 else "faible"
        version = "trees-0ld" if n < 2 else latest.model_version
        made = assessment(
            "C1",
            number=n + 2,
            as_of=day,
            rest=log(risk / (1 - risk)) - BASE_VALUE - sum(r.contribution for r in STRAINED),
            level=level,
            model_version=version,
        )
        earlier.append(made)
    return [latest, *reversed(earlier)]


def _changes() -> list[Change]:
    return [
        Change("contact", "Contact avec le conseiller", 0.63),
        Change("tutor", "Relation avec le tuteur", 0.31),
        Change("timing", "Moment du contrat", -0.12),
    ]


def case_file(
    summary: CaseSummary,
    assessments: Sequence[StoredAssessment],
    *,
    answers: Sequence[Feedback] = (),
) -> CaseFile:
    """The file of a case with the records of C1."""
    return CaseFile(summary, records(), assessments, answers)


def answers() -> list[Feedback]:
    """What was answered about C1."""
    return [
        Feedback(
            id=1,
            contract_id="C1",
            assessment_id=7,
            kind="disagree",
            reason="known_and_handled",
            comment="Le tuteur change lundi, la suite est préparée.",
            until=None,
            actor="account:1",
            made_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
        )
    ]
