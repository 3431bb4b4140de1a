"""The records of a programme: enrolments and follow-ups, declared as the other record types are.

They travel in an extract as tables of their own and are no input of a model: no feature can reach
them. Every row is a version; the day something happened is apart from `known_on`.
"""

from datetime import date
from typing import NamedTuple

from features.records.code_list import CodeList
from features.records.declarations import CONTRACT_ID, KNOWN_ON
from features.records.schema import Column, Kind, Privacy, RecordType

SOURCE = "AGIR, FEJ AP1 no. 140"
STATUS = CodeList(
    "enrolment status",
    {
        "informed": "informé",
        "declined": "a refusé",
        "agreed": "a accepté, en attente du tirage",
        "drawn": "tiré au sort",
        "withdrawn": "s'est retiré",
    },
    SOURCE,
)
DRAWN_ARM = CodeList(
    "drawn arm", {"supported": "accompagné", "comparison": "groupe de comparaison"}, SOURCE
)
MOMENT = CodeList(
    "moment of a follow-up",
    {
        "end": "à la fin du contrat",
        "6_months": "6 mois après la fin prévue",
        "12_months": "12 mois après la fin prévue",
    },
    SOURCE,
)
ANSWER = CodeList(
    "answer to a follow-up",
    {
        "answered": "a répondu",
        "unreachable": "injoignable",
        "refused": "n'a pas souhaité répondre",
    },
    SOURCE,
)
SITUATION = CodeList(
    "situation after the contract",
    {
        "job": "en emploi",
        "training": "en formation",
        "apprenticeship": "en alternance",
        "job_seeking": "en recherche d'emploi",
        "other": "autre situation",
    },
    SOURCE,
)
JOB_KIND = CodeList(
    "kind of job",
    {
        "permanent": "CDI",
        "fixed_term_long": "CDD de 6 mois ou plus",
        "fixed_term_short": "CDD de moins de 6 mois",
        "temporary": "intérim",
        "self_employed": "à son compte",
        "other": "autre emploi",
    },
    SOURCE,
)
NO_CONTROL = r"[^\x00-\x1f\x7f]*"


def _id(name: str, label: str) -> Column:
    return Column(name, Kind.ID, label, Privacy.PSEUDONYM, required=True)


def _day(name: str, label: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, label, required=required, may_lie_ahead=False)


def _code(name: str, label: str, listing: CodeList, *, required: bool = False) -> Column:
    return Column(name, Kind.CODE, label, required=required, code_list=listing)


def _text(name: str, label: str, *, longest: int, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, label, required=required, pattern=NO_CONTROL, max_length=longest)


ENROLMENT = RecordType(
    name="enrolments",
    label="inscription au programme",
    key="enrolment_id",
    immutable=("person_id",),
    happened="informed_on",
    columns=(
        _id("enrolment_id", "inscription"),
        _text("programme", "programme", longest=40, required=True),
        _id("person_id", "personne"),
        CONTRACT_ID,
        _text("site", "site", longest=64),
        _code("status", "situation dans le programme", STATUS, required=True),
        _day("informed_on", "informé le", required=True),
        _id("informed_by", "informé par"),
        _text("notice_version", "version de la notice", longest=40, required=True),
        _day("answered_on", "réponse le"),
        _day("drawn_on", "tiré au sort le"),
        _text("stratum", "strate", longest=200),
        Column("arm", Kind.CODE, "groupe tiré", Privacy.AUDIT_ONLY, code_list=DRAWN_ARM),
        _text("plan_hash", "plan (SHA-256)", longest=64),
        KNOWN_ON,
    ),
)
FOLLOW_UP = RecordType(
    name="follow_ups",
    label="suivi après le contrat",
    key="follow_up_id",
    immutable=("person_id",),
    happened="asked_on",
    columns=(
        _id("follow_up_id", "suivi"),
        _id("person_id", "personne"),
        CONTRACT_ID,
        _code("moment", "moment", MOMENT, required=True),
        _day("asked_on", "demandé le", required=True),
        _id("asked_by", "demandé par"),
        _code("answer", "réponse", ANSWER, required=True),
        _code("situation", "situation", SITUATION),
        _code("job_kind", "nature de l'emploi", JOB_KIND),
        Column("job_related", Kind.FLAG, "emploi en lien avec la formation"),
        KNOWN_ON,
    ),
)
WEEK_LIST = RecordType(
    name="week_lists",
    label="place dans la liste de la semaine",
    key="line_id",
    immutable=("advisor_id", "week", "contract_id"),
    columns=(
        _id("line_id", "ligne"),
        _id("advisor_id", "conseiller"),
        CONTRACT_ID,
        _day("week", "semaine (lundi)", required=True),
        Column("rank", Kind.INTEGER, "rang dans la liste", low=1, high=10_000),
        Column("drawn", Kind.FLAG, "tiré au sort", required=True),
        Column("probability", Kind.NUMBER, "probabilité du tirage", required=True, low=0, high=1),
        Column("risk", Kind.NUMBER, "risque ce jour-là", low=0, high=1),
        _text("rule", "règle", longest=40, required=True),
        KNOWN_ON,
    ),
)
PROGRAMME_TYPES = (ENROLMENT, FOLLOW_UP, WEEK_LIST)


class EnrolmentRow(NamedTuple):
    """One version of an enrolment."""

    enrolment_id: str
    programme: str
    person_id: str
    contract_id: str
    site: str | None
    status: str
    informed_on: date
    informed_by: str
    notice_version: str
    answered_on: date | None
    drawn_on: date | None
    stratum: str | None
    arm: str | None
    plan_hash: str | None
    known_on: date


class FollowUpRow(NamedTuple):
    """One version of a follow-up."""

    follow_up_id: str
    person_id: str
    contract_id: str
    moment: str
    asked_on: date
    asked_by: str
    answer: str
    situation: str | None
    job_kind: str | None
    job_related: bool | None
    known_on: date


class WeekListRow(NamedTuple):
    """An open case of an advisor in one week: its place on the list, None off it, and its draw.

    `probability` is that of being drawn, known before the draw; never rewritten.
    """

    line_id: str
    advisor_id: str
    contract_id: str
    week: date
    rank: int | None
    drawn: bool
    probability: float
    risk: float | None
    rule: str
    known_on: date
