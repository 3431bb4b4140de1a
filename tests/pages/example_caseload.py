"""A small caseload with a case of each kind."""

from datetime import date

from models.sufficiency import NotAssessed
from serving.queries.assessments import Change
from serving.queries.case_summary import CaseSummary
from tests.pages.example_cases import CALM, assessment, case_summary, not_assessed, reason


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
