"""What the service and its peer are asked, again and again."""

from datetime import date, timedelta
from typing import Any

from features.families import CATALOGUE


def case() -> dict[str, Any]:
    """Return one contract with 10 interviews and 20 events."""
    start, today = date.today() - timedelta(days=200), date.today()  # noqa: TID251, DTZ011  # a benchmark of now
    days = [today - timedelta(days=9 * number + 2) for number in range(20)]
    return {
        "contract": {
            "contract_id": "C1",
            "person_id": "P1",
            "kind": "apprenticeship",
            "form": "fixed_term",
            "started_on": start.isoformat(),
            "planned_end_on": (start + timedelta(days=700)).isoformat(),
            "employer_siret": "12345678900011",
            "employer_naf": "56.10A",
            "employer_headcount": 7,
            "level_prepared": 3,
            "pay_percent_smic": 43,
            "training_centre_uai": "0442199T",
            "born_on": "2008-05-17",
            "commute_minutes": 40,
        },
        "interviews": [
            {
                "interview_id": f"I{number}",
                "contract_id": "C1",
                "held_on": day.isoformat(),
                "status": "missed" if number % 4 == 1 else "held",
                "with_young_person": True,
                "rating_motivation": 1 + number % 5,
                "rating_tutor": 1 + (number + 2) % 5,
                "need_mobility": "open" if number % 2 else None,
            }
            for number, day in enumerate(days[:10])
        ],
        "events": [
            {
                "event_id": f"E{number}",
                "contract_id": "C1",
                "happened_on": day.isoformat(),
                "kind": ("absence_work", "lateness_class", "support_action")[number % 3],
                "value": None if number % 3 == 2 else 3.5,
            }
            for number, day in enumerate(days)
        ],
    }


def row() -> dict[str, Any]:
    """Return a ready-made row of features, as MLflow's server takes it."""
    values = [2.0] * len(CATALOGUE.inputs)
    columns = ["contract_id", *CATALOGUE.inputs]
    return {"dataframe_split": {"columns": columns, "data": [["C1", *values]]}}
