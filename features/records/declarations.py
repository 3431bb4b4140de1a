"""The record types: columns, codes, bounds, dates, privacy and French labels, declared once.

Validation, documentation, storage, forms and pseudonymisation all read these declarations. A record
is never updated in place: a correction is a new row with the same key and a later `known_on`.

In memory a record table is a DataFrame with the dtypes of `Column.dtype`: missing numbers and flags
are NaN (flags are 1.0 and 0.0), missing dates NaT, codes are categoricals of their list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import pandas as pd

from features.common.plain_text import tidy
from features.records import codes, form_codes, spellings
from features.records.code_list import CodeList
from features.records.schema import (
    LONGEST_TEXT,
    PLAIN_TEXT,
    Clean,
    Column,
    Kind,
    Privacy,
    RecordType,
)


def _id(name: str, label: str, *, required: bool = True, reserved: tuple[str, ...] = ()) -> Column:
    return Column(name, Kind.ID, label, Privacy.PSEUDONYM, required, pattern=ID, reserved=reserved)


def _date(
    name: str, label: str, *, required: bool = False, privacy: Privacy = Privacy.NONE
) -> Column:
    return Column(name, Kind.DATE, label, privacy, required)


def _past_date(name: str, label: str) -> Column:
    return Column(name, Kind.DATE, label, required=True, may_lie_ahead=False)


def _code(name: str, label: str, listing: CodeList, *, required: bool = False) -> Column:
    return Column(name, Kind.CODE, label, required=required, code_list=listing)


def _number(name: str, label: str, low: float, high: float, clean: Clean = tidy) -> Column:
    return Column(name, Kind.NUMBER, label, low=low, high=high, clean=clean)


def _integer(name: str, label: str, low: int, high: int, clean: Clean = tidy) -> Column:
    return Column(name, Kind.INTEGER, label, low=low, high=high, clean=clean)


def _flag(name: str, label: str, privacy: Privacy = Privacy.NONE) -> Column:
    return Column(name, Kind.FLAG, label, privacy)


def _text(
    name: str, label: str, pattern: str, clean: Clean, privacy: Privacy = Privacy.NONE
) -> Column:
    longest = LONGEST_TEXT if pattern == PLAIN_TEXT else None
    return Column(name, Kind.TEXT, label, privacy, pattern=pattern, max_length=longest, clean=clean)


SIRET, UAI, ID = r"[0-9]{14}", r"[0-9][0-9AB][0-9]{5}[A-Z]", r"[A-Za-z0-9_.:@/+-]{1,64}"
KNOWN_ON = _past_date("known_on", "connu le")
# A version that says "this was wrong": the record is no longer shown nor counted from its day on.
WITHDRAWN = Column("withdrawn", Kind.FLAG, "retiré (enregistré par erreur)", default=False)
# What the service has below the address of a contract, in the API and on the site (decision 24).
BELOW_A_CONTRACT = (
    *("assessment", "assessments", "feedback"),
    *("donnees", "reponse", "entretien", "evenement", "action", "fin", "fiche"),
)
ARM_LABEL = "groupe du programme"
CONTRACT_ID = _id("contract_id", "contrat", reserved=BELOW_A_CONTRACT)

CONTRACT = RecordType(
    name="contracts",
    label="contrat",
    key="contract_id",
    immutable=("person_id",),
    columns=(
        CONTRACT_ID,
        _id("person_id", "personne"),
        _id("advisor_id", "conseiller", required=False),
        Column("programme_arm", Kind.CODE, ARM_LABEL, Privacy.AUDIT_ONLY, code_list=codes.ARM),
        _code("kind", "type de contrat", codes.KIND, required=True),
        _code("form", "forme du contrat", codes.FORM),
        _code("contract_type_12434", "nature du contrat (12434)", form_codes.TYPE_12434),
        _code("contract_type_10103", "nature du contrat (10103)", form_codes.TYPE_10103),
        _date("signed_on", "date de signature"),
        _date("started_on", "date de début", required=True),
        _date("planned_end_on", "date de fin prévue", required=True),
        _date("trial_end_on", "fin de la période d'essai"),
        _date("training_end_on", "fin de la formation"),
        _text("job_rome", "métier (ROME)", r"[A-Z][0-9]{4}", spellings.rome),
        _number("pay_percent_smic", "rémunération (% du SMIC)", 10, 400, spellings.percent),
        _number("weekly_hours", "durée hebdomadaire (heures)", 1, 60, spellings.hours),
        _text("employer_siret", "SIRET de l'employeur", SIRET, spellings.siret),
        _text("employer_naf", "activité (NAF)", r"[0-9]{4}[A-Z]", spellings.naf),
        _text("employer_idcc", "convention collective (IDCC)", r"[0-9]{4}", spellings.idcc),
        _integer("employer_headcount", "effectif de l'employeur", 0, 1_000_000, spellings.people),
        _code("employer_kind", "type d'employeur", form_codes.EMPLOYER_KIND),
        _number("tutor_experience_years", "expérience du tuteur (années)", 0, 60, spellings.years),
        _integer("tutor_learners", "alternants suivis par le tuteur", 0, 50, spellings.people),
        _text("training_rncp", "certification (RNCP)", r"(RNCP)?[0-9]{2,5}", spellings.rncp),
        _integer("level_prepared", "niveau préparé", 3, 8, spellings.level),
        _number("training_hours", "heures de formation", 1, 6000, spellings.hours),
        _code("training_rhythm", "rythme de l'alternance", codes.RHYTHM),
        _text("training_centre_uai", "centre de formation (UAI)", UAI, spellings.uai),
        _text("training_centre_siret", "SIRET du centre de formation", SIRET, spellings.siret),
        _flag("distance_learning", "formation à distance"),
        _date("born_on", "date de naissance", privacy=Privacy.PERSONAL),
        _code("diploma_12434", "diplôme le plus élevé (12434)", form_codes.DIPLOMA_12434),
        _code("diploma_10103", "diplôme le plus élevé (10103)", form_codes.DIPLOMA_10103),
        _code("situation_12434", "situation avant contrat (12434)", form_codes.SITUATION_12434),
        _code("situation_10103", "situation avant contrat (10103)", form_codes.SITUATION_10103),
        _text("home_postcode", "code postal", r"[0-9]{5}", spellings.postcode, Privacy.PERSONAL),
        _number("commute_minutes", "temps de trajet (minutes)", 0, 300, spellings.minutes),
        _code("commute_mode", "mode de trajet", codes.COMMUTE_MODE),
        _code("housing", "logement", codes.HOUSING),
        _integer("previous_ruptures", "ruptures précédentes", 0, 20),
        Column("sex", Kind.CODE, "sexe", Privacy.AUDIT_ONLY, code_list=codes.SEX),
        _flag("rqth", "reconnaissance de travailleur handicapé", Privacy.AUDIT_ONLY),
        _flag("qpv", "quartier prioritaire", Privacy.AUDIT_ONLY),
        KNOWN_ON,
        WITHDRAWN,
    ),
)

RATINGS = {
    "motivation": "motivation pour le métier",
    "tutor": "relation avec le tuteur",
    "conditions": "conditions de travail",
    "fit": "lien entre les missions et la formation",
    "content": "contenu de la formation",
    "wellbeing": "bien-être",
    "project": "clarté du projet",
}
NEEDS = {
    "mobility": "besoin : déplacements",
    "housing": "besoin : logement",
    "health_access": "besoin : accès aux soins",
    "money": "besoin : argent",
    "administrative": "besoin : démarches administratives",
    "family": "besoin : situation familiale",
    "reorientation": "besoin : réorientation",
    "job_search": "besoin : recherche d'emploi",
    "other": "autre besoin",
}

INTERVIEW = RecordType(
    name="interviews",
    label="entretien",
    key="interview_id",
    immutable=("contract_id",),
    happened="held_on",
    columns=(
        _id("interview_id", "entretien"),
        CONTRACT_ID,
        _past_date("held_on", "date de l'entretien"),
        _code("status", "statut", codes.INTERVIEW_STATUS, required=True),
        _code("phase", "phase", codes.PHASE),
        _code("channel", "canal", codes.CHANNEL),
        _flag("with_young_person", "avec le jeune"),
        _flag("with_tutor", "avec le tuteur"),
        _flag("with_training_centre", "avec le centre de formation"),
        *(_flag(f"theme_{code}", f"thème : {label}") for code, label in codes.THEME.labels.items()),
        *(_integer(f"rating_{name}", label, 1, 5) for name, label in RATINGS.items()),
        *(_code(f"need_{name}", label, codes.NEED_STATE) for name, label in NEEDS.items()),
        _code("declared_risk", "risque de rupture déclaré", codes.DECLARED_RISK),
        _text("note", "note", PLAIN_TEXT, spellings.prose, Privacy.PERSONAL),
        KNOWN_ON,
        WITHDRAWN,
    ),
)

EVENT = RecordType(
    name="events",
    label="évènement",
    key="event_id",
    immutable=("contract_id",),
    happened="happened_on",
    columns=(
        _id("event_id", "évènement"),
        CONTRACT_ID,
        _past_date("happened_on", "date"),
        _code("kind", "nature", codes.EVENT_KIND, required=True),
        _number("value", "valeur (heures, jours ou note)", 0, 1000),
        _code("theme", "thème de l'action", codes.THEME),
        KNOWN_ON,
        WITHDRAWN,
    ),
)

OUTCOME = RecordType(
    name="outcomes",
    label="fin de contrat",
    key="contract_id",
    immutable=(),
    columns=(
        CONTRACT_ID,
        _date("ended_on", "date de fin", required=True),
        _code("how", "issue", codes.END, required=True),
        _code("initiator", "à l'initiative de", codes.INITIATOR),
        _code("motive", "motif légal (DSN)", form_codes.MOTIVE),
        _code("cause_1", "cause principale", codes.CAUSE),
        _code("cause_2", "deuxième cause", codes.CAUSE),
        _code("cause_3", "troisième cause", codes.CAUSE),
        _date("new_contract_on", "nouveau contrat signé le"),
        _flag("employed_at_6_months", "en emploi 6 mois après la fin prévue"),
        KNOWN_ON,
        WITHDRAWN,
    ),
)

RECORD_TYPES = (CONTRACT, INTERVIEW, EVENT, OUTCOME)


@dataclass(frozen=True)
class Records:
    """The accepted rows of the four tables, every version of every record."""

    contracts: pd.DataFrame
    interviews: pd.DataFrame
    events: pd.DataFrame
    outcomes: pd.DataFrame

    @classmethod
    def of(cls, **tables: pd.DataFrame) -> "Records":
        """Records from tables built in code; tables not named are empty."""
        return cls(**{t.name: t.conform(tables.get(t.name, t.empty())) for t in RECORD_TYPES})

    def __iter__(self) -> Iterator[tuple[RecordType, pd.DataFrame]]:
        return ((record_type, getattr(self, record_type.name)) for record_type in RECORD_TYPES)

    def of_contracts(self, contract_ids: Iterable[str]) -> "Records":
        """Return the rows of these contracts only."""
        wanted = set(contract_ids)
        return Records(**{t.name: rows[rows["contract_id"].isin(wanted)] for t, rows in self})

    @property
    def last_known_on(self) -> pd.Timestamp:
        """The latest `known_on` of any row; NaT when there is none."""
        known = pd.concat([rows["known_on"] for _, rows in self])
        return pd.Timestamp(known.max())


assert {f.name for f in fields(Records)} == {t.name for t in RECORD_TYPES}
