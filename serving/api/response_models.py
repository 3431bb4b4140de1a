"""What is answered, as the OpenAPI document tells it. Answers are built in `answers`, not here."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from features.records.codes import THEME
from models.levels import Level
from models.sufficiency import NotAssessed

Status = Literal["assessed", "not_assessed", "suspended"]


class Answer(BaseModel):
    """What all answers share: no field that is not documented here."""

    model_config = ConfigDict(extra="forbid")


class Similar(Answer):
    """Ce que disent les dossiers de risque proche, et la bande à 95 % du risque."""

    cases: int = Field(description="Nombre de dossiers de risque proche.")
    ruptures: int = Field(description="Dont rompus dans l'horizon.")
    low: float = Field(description="Borne basse de la bande à 95 % de la courbe d'étalonnage.")
    high: float = Field(description="Borne haute de la bande à 95 % de la courbe d'étalonnage.")


class Point(Answer):
    """Le risque cumulé à une échéance, et sa bande."""

    days: int = Field(description="Jours depuis le matin de l'évaluation.")
    risk: float = Field(description="Risque cumulé ; à l'horizon, le risque affiché.")
    low: float = Field(description="Borne basse de la bande à 95 %.")
    high: float = Field(description="Borne haute de la bande à 95 %.")


class Incidence(Answer):
    """Le risque cumulé sur un an, les autres fins de contrat comptées comme telles."""

    points: list[Point]
    followed_days: int = Field(
        description="Jours pour lesquels des contrats de cette ancienneté ont été suivis."
    )
    complete: bool = Field(description="Faux : la courbe s'arrête avant un an, faute de suivi.")


class Unusual(Answer):
    """Un fait hors de tout ce que le modèle a vu : le risque y est moins sûr."""

    feature: str = Field(description="Code de la variable.")
    label: str = Field(description="Nom de la variable.")
    sentence: str = Field(description="Le fait, en français, à lire tel quel.")


class Reason(Answer):
    """Une raison : un groupe de variables et ce qu'il ajoute (+) ou retire (−) au risque."""

    group: str = Field(description="Code du groupe.")
    label: str = Field(description="Nom du groupe.")
    sentence: str = Field(description="La raison, en français, à lire telle quelle.")
    contribution: float = Field(description="En log-cotes ; positif, le risque monte.")
    theme: str = Field(
        description="Thème d'accompagnement.", json_schema_extra={"enum": list(THEME.codes)}
    )
    within_reach: bool = Field(description="Si le conseiller peut y agir.")


class Change(Answer):
    """Ce qui a changé depuis l'évaluation précédente, par groupe."""

    group: str = Field(description="Code du groupe.")
    label: str = Field(description="Nom du groupe.")
    change: float = Field(description="Différence de contribution, en log-cotes.")


class Outline(Answer):
    """Une évaluation, sans le détail. Non évalué : ni risque, ni niveau, ni raison, jamais 0."""

    contract_id: str
    status: Status = Field(description="`assessed`, `not_assessed` ou `suspended`.")
    why_not: str | None = Field(
        description="Pourquoi il n'y a pas de risque, dans la langue d'`Accept-Language`."
    )
    why_not_code: NotAssessed | None = Field(description="La même raison, pour un programme.")
    as_of: date = Field(description="Matin de l'évaluation.")
    valid_until: date = Field(description="Jour jusqu'où s'y fier, sans information nouvelle.")
    risk: float | None = Field(ge=0, le=1, description="Probabilité calibrée dans l'horizon.")
    level: Level | None = Field(description="Niveau, selon la capacité du programme.")
    base_rate: float | None = Field(description="Risque moyen, à montrer à côté du risque.")
    base_value: float | None = Field(description="Log-cotes de départ.")
    similar_cases: Similar | None
    incidence: Incidence | None = Field(
        description="Nul aussi pour un modèle d'avant que la courbe n'existe."
    )
    unusual: list[Unusual]
    reasons: list[Reason] = Field(description="Pour et contre, la plus forte d'abord.")
    changes: list[Change] = Field(description="Depuis l'évaluation précédente du même modèle.")
    model_version: str | None
    label_version: str | None = Field(description="Version de la définition de la rupture.")
    catalogue_hash: str | None = Field(description="Empreinte du catalogue des variables.")


CONTRIBUTIONS = Field(description="Par variable : base_value + leur somme = log-cotes du risque.")


class Score(Outline):
    """Une évaluation qui n'est pas enregistrée."""

    contributions: dict[str, float] | None = CONTRIBUTIONS


class Summary(Outline):
    """Une évaluation enregistrée, sans ses contributions."""

    id: int = Field(description="Numéro, croissant.")
    made_at: datetime = Field(description="Instant de l'évaluation.")
    previous_id: int | None = Field(description="Numéro de l'évaluation précédente.")


class Assessment(Summary):
    """Une évaluation enregistrée, entière."""

    contributions: dict[str, float] | None = CONTRIBUTIONS


class SavedRecord(Answer):
    """Ce qu'est devenu un enregistrement, et l'évaluation qui en découle."""

    changed: bool = Field(description="Faux : c'était une répétition, rien n'a changé.")
    assessment: Assessment | None
    why_no_assessment: str | None = Field(
        description="Pourquoi il n'y en a pas, dans la langue d'`Accept-Language`."
    )
    why_no_assessment_code: NotAssessed | None = Field(
        description="La même raison, pour un programme."
    )


class Stored(Answer):
    """Un enregistrement et toutes ses versions, dans l'ordre où elles comptent."""

    record: str = Field(description="`contracts`, `interviews`, `events` ou `outcomes`.")
    withdrawn: bool = Field(description="Vrai : retiré, la dernière version dit qu'il était faux.")
    versions: list[dict[str, Any]] = Field(
        description="Les colonnes de l'enregistrement, `recorded_at` et `recorded_by`."
    )


class Feed(Answer):
    """Une page du fil des évaluations."""

    items: list[Summary]
    next: str = Field(description="Curseur à donner à `changed_since` la prochaine fois.")
    more: bool = Field(description="S'il y a peut-être d'autres évaluations tout de suite.")


class History(Answer):
    """Les évaluations d'un contrat, la dernière d'abord."""

    items: list[Summary]


class Given(Answer):
    """Le numéro d'une réponse de conseiller."""

    id: int


class Model(Answer):
    """Le modèle en service."""

    version: str
    label_version: str
    catalogue_hash: str
    horizon_days: int
    base_rate: float
    thresholds: dict[str, float] = Field(description="Plus petit risque de chaque niveau.")
    metrics: dict[str, Any] = Field(description="Mesures, avec leurs intervalles.")
    card: str = Field(description="Fiche du modèle, en Markdown.")
    refusal: str | None = Field(description="Pourquoi un modèle plus récent est refusé.")


class Variable(Answer):
    """Une variable du catalogue."""

    name: str
    label: str
    unit: str
    low: float | None
    high: float | None
    group: str
    theme: str
    sense: int = Field(description="+1 : le risque ne baisse jamais quand elle monte ; −1 ; 0.")
    policy: Literal["input", "context"] = Field(description="`input` : le modèle l'apprend.")


class Variables(Answer):
    """Le catalogue des variables."""

    hash: str
    features: list[Variable]


class Erased(Answer):
    """Ce qui a été effacé : lignes par table."""

    persons: int
    counts: dict[str, int]


class BatchAnswer(Answer):
    """La réponse à une ligne d'un lot : une évaluation, ou le problème de cette ligne."""

    id: str | None = Field(description="Identifiant de la ligne ; absent s'il n'a pu être lu.")
    line: int = Field(description="Numéro de la ligne, à partir de 1.")
    assessment: Score | None = None
    problem: "Problem | None" = None


class Health(Answer):
    """L'état du service, et ce qui manque."""

    status: Literal["ok", "unavailable"]
    missing: list[Literal["database", "model"]] = Field([], description="Ce qui manque.")
    model_version: str | None = None


class FaultContent(Answer):
    """Un champ fautif, sans sa valeur."""

    pointer: str | None = Field(None, description="Pointeur JSON dans le corps.")
    parameter: str | None = Field(None, description="Paramètre de l'adresse.")
    code: str = Field(description="Ce qui ne va pas, pour un programme ; ne change jamais.")
    expected: str
    got: str


class Problem(Answer):
    """Un problème (RFC 9457). `type` ne change jamais ; aucune valeur envoyée n'est reprise."""

    type: str = Field(examples=["urn:vigie:problem:invalid-record"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(None, description="Identifiant de la requête.")
    reason: str | None = Field(None, description="Précision technique, en anglais.")
    errors: list[FaultContent] | None = None
