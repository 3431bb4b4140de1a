"""The explanation to hand out: what a contract's score is, what it rests on, how to contest it.

For the person it tells of (GDPR articles 13 to 15 and 22, AI Act article 86): plain French, one
HTML file that needs nothing else, without scripts, made to be printed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from features.catalogue.units import NARROW_SPACE, number_in_french, plural
from features.common.errors import BundleError
from features.records.codes import THEME
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import Privacy, RecordType
from serving.actors import Actor
from serving.context import AppContext
from serving.predictor.levels import LEVELS
from serving.queries.cases import CaseRecords, case_of, case_records, latest_assessment, names_of
from serving.store import audit
from serving.store.assessments import StoredAssessment
from serving.store.audit import Action

TEMPLATE = "explanation_sheet.html"
USED = (Privacy.NONE, Privacy.PERSONAL)  # of the rest, ids only tie rows and the others are audited


@dataclass(frozen=True)
class Data:
    """What is known of a kind of record: how many there are, and which facts they hold."""

    label: str
    count: int
    facts: tuple[str, ...]


def explanation(context: AppContext, *, actor: Actor, contract_id: str) -> str:
    """Write the explanation of the last assessment of a contract, as one HTML page.

    The audit says that it was handed out. Raises NotFoundError for a contract that is absent, not
    the actor's to see, or not assessed yet.
    """
    assessment = latest_assessment(context, actor=actor, contract_id=contract_id)
    case = case_of(context, actor=actor, contract_id=contract_id)
    records = case_records(context, actor=actor, contract_id=contract_id)
    names = names_of(context, cases=[case])
    with context.store.writing() as connection:
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.EXPLAIN,
            subject=f"contract:{contract_id}",
            details={"assessment_id": assessment.id, "model_version": assessment.model_version},
        )
    page: str = _template().render(
        assessment=assessment,
        contract_id=contract_id,
        name=" ".join(names.persons.get(case.person_id, ())),
        started_on=case.started_on,
        planned_end_on=case.planned_end_on,
        written_on=context.today,
        horizon_days=_horizon_days(context, assessment),
        level=LEVELS.get(assessment.level or ""),
        similar=_similar(assessment),
        raising=[r for r in assessment.reasons if r["contribution"] > 0],
        lowering=[r for r in assessment.reasons if r["contribution"] < 0],
        data=_data(records),
        retention_years=context.settings.retention_years,
    )
    return page


def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("serving.queries", "sheets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "day": _day, "theme": _theme, "french": _french}
    return environment.get_template(TEMPLATE)


def _horizon_days(context: AppContext, assessment: StoredAssessment) -> int | None:
    """Days ahead of the model of the assessment; None when another model is in service by now."""
    try:
        bundle = context.model.current().bundle
    except BundleError:
        return None
    return bundle.horizon_days if bundle.version == assessment.model_version else None


def _similar(assessment: StoredAssessment) -> str | None:
    """« 24 sur 100 (entre 19 et 30) » of the cases scored alike, off the backtest."""
    cases, ruptures = assessment.similar_cases, assessment.similar_ruptures
    low, high = assessment.similar_low, assessment.similar_high
    if not cases or ruptures is None or low is None or high is None:
        return None
    rate, least, most = (number_in_french(100 * share) for share in (ruptures / cases, low, high))
    return f"{rate} sur 100 (entre {least} et {most}, compte tenu du hasard)"


def _data(records: CaseRecords) -> list[Data]:
    """Return each kind of record with the facts that are filled in and may count."""
    standing = [(t, _standing(t, records)) for t in (CONTRACT, INTERVIEW, EVENT, OUTCOME)]
    return [_data_of(record_type, rows) for record_type, rows in standing if rows]


def _standing(record_type: RecordType, records: CaseRecords) -> list[dict[str, Any]]:
    """Every version of the records that were not withdrawn."""
    rows, key = records.versions[record_type.name], record_type.key
    withdrawn = {row[key]: row["withdrawn"] for row in rows}
    return [row for row in rows if not withdrawn[row[key]]]


def _data_of(record_type: RecordType, rows: list[dict[str, Any]]) -> Data:
    count = len({row[record_type.key] for row in rows})
    facts = tuple(
        column.label
        for column in record_type.columns
        if column.privacy in USED
        and column.name not in {"known_on", "note", "withdrawn"}
        and any(row[column.name] is not None for row in rows)
    )
    return Data(plural(count, record_type.label, _many(record_type.label)), count, facts)


def _many(label: str) -> str:
    """« fins de contrat », « entretiens »."""
    first, space, rest = label.partition(" ")
    return f"{first}s{space}{rest}"


def _percent(share: float) -> str:
    return f"{number_in_french(100 * share, digits=1)}{NARROW_SPACE}%"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _theme(name: str) -> str:
    return THEME.labels[name]


def _french(value: float) -> str:
    return number_in_french(value, digits=1)
