"""Cases drawn for the pages: one of each kind, with figures that add up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from typing import Any

import numpy as np

from features.catalogue.groups import GROUPS
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from features.records.rows import ContractRow, EventRow, InterviewRow, Versions, row_from
from models.reasons import Reason
from models.sufficiency import NotAssessed
from serving.queries.assessments import Change
from serving.queries.case_summary import CaseSummary, facts_of
from serving.queries.cases import CaseFile, Feedback
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary

TODAY = date(2026, 11, 22)
BASE_VALUE, BASE_RATE = -2.2, 0.1
Row = dict[str, Any]


def reason(group: str, contribution: float, sentence: str) -> Reason:
    """A reason as an assessment keeps it."""
    of = GROUPS[group]
    return Reason(group, of.label, sentence, contribution, of.theme, of.within_reach)


STRAINED = (
    reason("tutor", 0.92, "Relation avec le tuteur : 2 sur 5, en baisse de 2 depuis octobre"),
    reason("contact", 0.634, "2 entretiens manqués sur les 3 derniers"),
    reason("employer", 0.41, "Employeur de 8 personnes"),
    reason("motivation", -0.31, "Motivation pour le métier : 5 sur 5"),
    reason("commute", 0.12, "Trajet : non renseigné"),
    reason("timing", -0.09, "Fin de la période d'essai il y a 31 jours"),
)
CALM = (
    reason("fit", -0.62, "Lien entre les missions et la formation : 5 sur 5"),
    reason("contact", -0.44, "Un entretien tenu il y a 33 jours"),
    reason("pay", 0.08, "Rémunération : 43 % du SMIC"),
)


def assessment(
    contract_id: str = "C1",
    *,
    reasons: tuple[Reason, ...] = STRAINED,
    rest: float = 0.046,
    level: str = "eleve",
    as_of: date = TODAY + timedelta(days=1),
    number: int = 7,
    changes: tuple[Change, ...] = (),
    **values: Any,
) -> StoredAssessment:
    """An assessment whose risk is the sum of its reasons and of the rest."""
    total = BASE_VALUE + sum(r.contribution for r in reasons) + rest
    risk = 1 / (1 + exp(-total))
    defaults: Row = {
        "id": number,
        "contract_id": contract_id,
        "as_of": as_of,
        "valid_until": as_of + timedelta(days=7),
        "made_at": datetime(as_of.year, as_of.month, as_of.day, 4, tzinfo=UTC) - timedelta(days=1),
        "status": "assessed",
        "why_not": None,
        "why_not_detail": None,
        "risk": risk,
        "level": level,
        "base_rate": BASE_RATE,
        "base_value": BASE_VALUE,
        "similar_cases": 210,
        "similar_ruptures": 80,
        "similar_low": 0.30,
        "similar_high": 0.46,
        "reasons": list(reasons),
        "contributions": np.array([r.contribution for r in reasons] + [rest]),
        "row_digest": "d1",
        "model_version": "trees-124f9ad05d9f",
        "label_version": "2026.1",
        "catalogue_hash": "c0ffee",
        "previous_id": number - 1,
        "changes": list(changes),
    }
    return StoredAssessment(**{**defaults, **values})


def not_assessed(
    contract_id: str, why: NotAssessed, *, detail: str | None = None
) -> StoredAssessment:
    """An assessment without a score."""
    similar = ("similar_cases", "similar_ruptures", "similar_low", "similar_high")
    blank: Row = dict.fromkeys(("risk", "base_rate", "base_value", "contributions", *similar))
    blank |= {"status": "not_assessed", "why_not": why, "why_not_detail": detail}
    made = assessment(contract_id, reasons=(), **blank)
    return replace(made, level=None)


def contract(contract_id: str = "C1", **values: Any) -> ContractRow:
    """A contract as the store keeps it."""
    typed: Row = {
        "contract_id": contract_id,
        "person_id": f"P-{contract_id}",
        "advisor_id": "A1",
        "kind": "professionalisation",
        "form": "fixed_term",
        "started_on": date(2026, 9, 22),
        "planned_end_on": date(2027, 9, 21),
        "trial_end_on": date(2026, 10, 22),
        "employer_siret": "12345678900011",
        "employer_headcount": 8.0,
        "employer_naf": "10.71C",
        "pay_percent_smic": 65.0,
        "level_prepared": 5.0,
        "training_rncp": "RNCP38362",
        "training_centre_uai": "0442199T",
        "diploma_12434": "41",
        "tutor_experience_years": 6.0,
        "born_on": date(2006, 5, 17),
        "known_on": date(2026, 9, 20),
        **values,
    }
    row: ContractRow = row_from(CONTRACT, typed)
    return row


def case_summary(
    contract_id: str,
    person: str,
    made: StoredAssessment | None,
    *,
    past: tuple[float, ...] = (),
    seen_days_ago: int | None = 12,
    snoozed_until: date | None = None,
    employer: str = "Boulangerie Le Fournil, Rezé",
    centre: str = "CFA Cnam Nantes",
    ended_on: date | None = None,
    not_transmitted_since: date | None = None,
    **values: Any,
) -> CaseSummary:
    """A case of a caseload; `past` are its earlier risks, a fortnight apart."""
    kept = contract(contract_id, **values)
    last = None if seen_days_ago is None else TODAY - timedelta(days=seen_days_ago)
    contract_summary = ContractSummary(
        contract_id=contract_id,
        person_id=kept.person_id,
        advisor_id="A1",
        known_on=kept.known_on,
        started_on=kept.started_on,
        planned_end_on=kept.planned_end_on,
        employer_siret=kept.employer_siret,
        training_centre_uai=kept.training_centre_uai,
        ended_on=ended_on,
        not_transmitted_since=not_transmitted_since,
        last_held_on=last,
        last_contact_on=TODAY,
        records_seq=3,
        history_seq=3,
        assessment_id=made.id if made else None,
        as_of=made.as_of if made else None,
        status=made.status if made else None,
        level=made.level if made else None,
        risk=made.risk if made else None,
        model_version=made.model_version if made else None,
        scored_seq=3,
    )
    days = [TODAY + timedelta(days=1 - 14 * n) for n in range(len(past), 0, -1)]
    line = tuple(zip(days, past, strict=True))
    if made is not None and made.risk is not None:
        line = (*line, (made.as_of, made.risk))
    facts = facts_of(kept)
    return CaseSummary(contract_summary, facts, person, employer, centre, made, line, snoozed_until)


def caseload() -> list[CaseSummary]:
    """A small caseload with one of each kind."""
    moved = (Change("contact", "Contact avec le conseiller", 0.63),)
    return [
        case_summary(
            "C1",
            "Inès M.",
            assessment("C1", changes=moved),
            past=(0.09, 0.1, 0.13, 0.2),
            seen_days_ago=27,
        ),
        case_summary(
            "C2",
            "Yanis B.",
            assessment(
                "C2",
                reasons=(
                    reason("commute", 0.83, "Trajet de 75 minutes"),
                    reason("attendance_work", 0.5, "3 retards en entreprise depuis 30 jours"),
                ),
                number=12,
            ),
            seen_days_ago=None,
            employer="Brasserie du Port, Saint-Nazaire",
            centre="CFA de la Chambre de commerce",
            started_on=date(2026, 11, 2),
            trial_end_on=date(2026, 12, 1),
            planned_end_on=date(2027, 10, 31),
            level_prepared=3.0,
        ),
        case_summary(
            "C3",
            "Lucas T.",
            assessment(
                "C3",
                level="modere",
                reasons=(
                    reason("tutoring", 0.42, "Changement de tuteur il y a 19 jours"),
                    reason("attendance_class", -0.2, "Aucune absence en formation depuis 30 jours"),
                ),
                rest=0.4,
                number=17,
            ),
            past=(0.12, 0.11, 0.115, 0.12, 0.17),
            employer="Bati Ouest, Nantes",
            centre="BTP CFA",
            started_on=date(2026, 5, 18),
            planned_end_on=date(2027, 5, 17),
            trial_end_on=date(2026, 6, 18),
            level_prepared=4.0,
        ),
        case_summary(
            "C4",
            "Maëlle D.",
            assessment("C4", level="faible", reasons=CALM, rest=-0.1, number=22),
            past=(0.06, 0.055, 0.05, 0.048, 0.045),
            seen_days_ago=33,
            ended_on=date(2026, 12, 18),
            employer="Atelier 44, Orvault",
            centre="CFA Coiffure",
        ),
        case_summary(
            "C5",
            "Noé P.",
            not_assessed("C5", NotAssessed.TOO_LITTLE_KNOWN),
            seen_days_ago=None,
            employer="Sport+, Nantes",
            level_prepared=None,
            training_rncp=None,
            trial_end_on=None,
        ),
        case_summary(
            "C7",
            "Adam L.",
            not_assessed("C7", NotAssessed.NOT_TRANSMITTED, detail="2026-11-02"),
            seen_days_ago=60,
            not_transmitted_since=date(2026, 11, 2),
            employer="Garage du Lac",
        ),
        case_summary(
            "C6",
            "Soline K.",
            assessment("C6", level="modere", rest=-1.0, number=27),
            past=(0.2, 0.21, 0.2),
            snoozed_until=date(2026, 12, 5),
            employer="Pharmacie des Arts, Vertou",
        ),
    ]


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
