"""Cases drawn for the pages: one of each kind, with figures that add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp
from typing import Any

import numpy as np

from features.catalogue.groups import GROUPS
from features.records.declarations import CONTRACT
from features.records.rows import ContractRow, row_from
from models.reasons import Reason
from models.sufficiency import NotAssessed
from serving.queries.assessments import Change
from serving.queries.case_summary import CaseSummary, facts_of
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
    row = contract(contract_id, **values)
    last = None if seen_days_ago is None else TODAY - timedelta(days=seen_days_ago)
    contract_summary = ContractSummary(
        contract_id=contract_id,
        person_id=row.person_id,
        advisor_id="A1",
        known_on=row.known_on,
        started_on=row.started_on,
        planned_end_on=row.planned_end_on,
        employer_siret=row.employer_siret,
        training_centre_uai=row.training_centre_uai,
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
    facts = facts_of(row)
    return CaseSummary(contract_summary, facts, person, employer, centre, made, line, snoozed_until)
