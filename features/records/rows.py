"""Rows of records as typed values: one class per record type, one attribute per declared column.

The declarations stay the source: a test holds that names, order and types are theirs. Numbers are
float, dates `date`, flags bool, codes their stored spelling; what is missing is None. Named tuples,
because a row is made from a tuple of the database, or of a table, a million times over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME, RECORD_TYPES
from features.records.schema import RecordType


class ContractRow(NamedTuple):
    """One version of a contract."""

    contract_id: str
    person_id: str
    advisor_id: str | None
    programme_arm: str | None
    kind: str
    form: str | None
    contract_type_12434: str | None
    contract_type_10103: str | None
    signed_on: date | None
    started_on: date
    planned_end_on: date
    trial_end_on: date | None
    training_end_on: date | None
    job_rome: str | None
    pay_percent_smic: float | None
    weekly_hours: float | None
    employer_siret: str | None
    employer_naf: str | None
    employer_idcc: str | None
    employer_headcount: float | None
    employer_kind: str | None
    tutor_experience_years: float | None
    tutor_learners: float | None
    training_rncp: str | None
    level_prepared: float | None
    training_hours: float | None
    training_rhythm: str | None
    training_centre_uai: str | None
    training_centre_siret: str | None
    distance_learning: bool | None
    born_on: date | None
    diploma_12434: str | None
    diploma_10103: str | None
    situation_12434: str | None
    situation_10103: str | None
    home_postcode: str | None
    commute_minutes: float | None
    commute_mode: str | None
    housing: str | None
    previous_ruptures: float | None
    sex: str | None
    rqth: bool | None
    qpv: bool | None
    known_on: date
    withdrawn: bool


class InterviewRow(NamedTuple):
    """One version of an interview."""

    interview_id: str
    contract_id: str
    held_on: date
    status: str
    phase: str | None
    channel: str | None
    with_young_person: bool | None
    with_tutor: bool | None
    with_training_centre: bool | None
    theme_information: bool | None
    theme_guidance: bool | None
    theme_pedagogical_support: bool | None
    theme_psychosocial_support: bool | None
    theme_career_project: bool | None
    theme_securing_the_path: bool | None
    theme_staying_in_employment: bool | None
    rating_motivation: float | None
    rating_tutor: float | None
    rating_conditions: float | None
    rating_fit: float | None
    rating_content: float | None
    rating_wellbeing: float | None
    rating_project: float | None
    need_mobility: str | None
    need_housing: str | None
    need_health_access: str | None
    need_money: str | None
    need_administrative: str | None
    need_family: str | None
    need_reorientation: str | None
    need_job_search: str | None
    need_other: str | None
    declared_risk: str | None
    note: str | None
    known_on: date
    withdrawn: bool


class EventRow(NamedTuple):
    """One version of an event."""

    event_id: str
    contract_id: str
    happened_on: date
    kind: str
    value: float | None
    theme: str | None
    known_on: date
    withdrawn: bool


class OutcomeRow(NamedTuple):
    """One version of the end of a contract."""

    contract_id: str
    ended_on: date
    how: str
    initiator: str | None
    motive: str | None
    cause_1: str | None
    cause_2: str | None
    cause_3: str | None
    new_contract_on: date | None
    employed_at_6_months: bool | None
    known_on: date
    withdrawn: bool


Row = ContractRow | InterviewRow | EventRow | OutcomeRow
R = TypeVar("R", ContractRow, InterviewRow, EventRow, OutcomeRow)
ROW_CLASSES: dict[str, type[Row]] = {
    CONTRACT.name: ContractRow,
    INTERVIEW.name: InterviewRow,
    EVENT.name: EventRow,
    OUTCOME.name: OutcomeRow,
}


DEFAULTS = {
    record_type.name: {c.name: c.default for c in record_type.columns if c.default is not None}
    for record_type in RECORD_TYPES
}


@dataclass(frozen=True)
class Versions:
    """Every version of the records of one or more contracts.

    Versions stand in the order in which they count: by `known_on`, then as they arrived.
    """

    contracts: Sequence[ContractRow] = ()
    interviews: Sequence[InterviewRow] = ()
    events: Sequence[EventRow] = ()
    outcomes: Sequence[OutcomeRow] = ()

    @classmethod
    def by_type(cls, tables: Mapping[str, Sequence[Any]]) -> "Versions":
        """Return the versions of tables by the name of their record type."""
        return cls(**tables)

    def __iter__(self) -> Iterator[Row]:
        return chain(self.contracts, self.interviews, self.events, self.outcomes)

    def __len__(self) -> int:
        return sum(len(self.of(record_type)) for record_type in RECORD_TYPES)

    def of(self, record_type: RecordType) -> Sequence[Row]:
        """Return the versions of one type."""
        versions: Sequence[Row] = getattr(self, record_type.name)
        return versions

    def by_contract(self) -> dict[str, "Versions"]:
        """Return the versions of each contract, contracts in the order they first appear."""
        found: dict[str, dict[str, list[Any]]] = {}
        for record_type in RECORD_TYPES:
            for row in self.of(record_type):
                tables = found.setdefault(row.contract_id, {t.name: [] for t in RECORD_TYPES})
                tables[record_type.name].append(row)
        return {contract_id: Versions.by_type(tables) for contract_id, tables in found.items()}

    def with_added(self, added: "Versions") -> "Versions":
        """Return these and the `added` ones, which arrived later, in the order they count."""
        by_day = attrgetter("known_on")
        return Versions.by_type(
            {t.name: sorted([*self.of(t), *added.of(t)], key=by_day) for t in RECORD_TYPES}
        )


def joined(parts: Iterable[Versions]) -> Versions:
    """Return the versions of several parts, one after the other."""
    parts = list(parts)
    return Versions.by_type(
        {t.name: [row for part in parts for row in part.of(t)] for t in RECORD_TYPES}
    )


def row_from(record_type: RecordType, values: Mapping[str, Any]) -> Any:
    """Return the row of typed values by column name; a column that is not there is missing."""
    named = {**DEFAULTS[record_type.name], **values}
    return ROW_CLASSES[record_type.name]._make(map(named.get, record_type.names))


def rows_from(record_type: RecordType, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Return rows of typed values in the order of the declared columns."""
    return list(map(ROW_CLASSES[record_type.name]._make, rows))


def in_force(versions: Iterable[R], key: str) -> list[R]:
    """Return the version in force of each record, in the order the records first appear.

    A record whose last version withdraws it has none.
    """
    last = {getattr(row, key): row for row in versions}
    return [row for row in last.values() if not row.withdrawn]
