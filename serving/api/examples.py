"""Bodies shown in the OpenAPI document; a test sends each of them and expects it to be accepted."""

CONTRACT = {
    "person_id": "P-0042",
    "advisor_id": "A-07",
    "kind": "apprenticeship",
    "form": "fixed_term",
    "signed_on": "2025-08-25",
    "started_on": "2025-09-08",
    "planned_end_on": "2027-08-31",
    "job_rome": "D1106",
    "pay_percent_smic": 43,
    "weekly_hours": 35,
    "employer_siret": "12345678900011",
    "employer_naf": "47.24Z",
    "employer_headcount": 7,
    "training_rncp": "RNCP37537",
    "level_prepared": 3,
    "training_centre_uai": "0442199T",
    "born_on": "2008-05-17",
    "diploma_10103": "25",
    "commute_minutes": 35,
    "known_on": "2025-09-10",
}
INTERVIEW = {
    "interview_id": "I-2025-118",
    "held_on": "2025-11-20",
    "status": "held",
    "phase": "during",
    "channel": "phone",
    "with_young_person": True,
    "theme_pedagogical_support": True,
    "rating_motivation": 4,
    "rating_tutor": 2,
    "need_mobility": "open",
    "declared_risk": "yes",
    "known_on": "2025-11-20",
}
EVENT = {
    "event_id": "E-2025-733",
    "happened_on": "2025-12-02",
    "kind": "absence_work",
    "value": 7,
    "known_on": "2025-12-04",
}
OUTCOME = {
    "ended_on": "2026-01-15",
    "how": "rupture",
    "initiator": "young_person",
    "cause_1": "mobility",
    "known_on": "2026-01-16",
}
OF_CONTRACT = {"contract_id": "C-2025-0042"}
CASE = {
    "contract": {**OF_CONTRACT, **CONTRACT},
    "interviews": [INTERVIEW],
    "events": [EVENT],
}
FEEDBACK = {
    "kind": "disagree",
    "reason": "known_and_handled",
    "comment": "Un covoiturage est prévu.",
}
PERSON = {"given_name": "Camille", "family_name": "Exemple"}
ORGANISATION = {"name": "Boulangerie de l'Exemple"}
