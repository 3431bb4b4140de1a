"""What may be sent beside records: a case to score, feedback, names."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from features.records.declarations import CONTRACT
from features.records.schema import LONGEST_TEXT, PLAIN_TEXT
from serving.api.record_models import STRICT, Day, one_of, text_field
from serving.operations.feedback import KINDS, REASONS

if TYPE_CHECKING:
    # Types made from declarations are known when the program runs only.
    Contract: TypeAlias = BaseModel
    InterviewOfCase: TypeAlias = BaseModel
    EventOfCase: TypeAlias = BaseModel
    FeedbackKind: TypeAlias = str
    FeedbackReason: TypeAlias = str
else:
    from serving.api.record_models import Contract, EventOfCase, InterviewOfCase

    FeedbackKind, FeedbackReason = one_of(KINDS), one_of(REASONS)

MOST_INTERVIEWS, MOST_EVENTS = 1_000, 5_000
ID_PATTERN = f"^(?:{CONTRACT['contract_id'].pattern})$"
LINE = r"^[^\u0000-\u001f\u007f]*$"  # one line of plain text

Id = Annotated[str, Field(pattern=ID_PATTERN)]
Name = Annotated[str, Field(pattern=LINE, min_length=1, max_length=200)]


def _until_tomorrow(value: date, info: ValidationInfo) -> date:
    if info.context is not None and value > info.context["today"] + timedelta(days=1):
        raise PydanticCustomError("after_tomorrow", "a morning to come")
    return value


class Case(BaseModel):
    """Un dossier à évaluer : un contrat, ses entretiens et ses évènements."""

    model_config = STRICT

    contract: Contract
    interviews: list[InterviewOfCase] = Field(
        [], max_length=MOST_INTERVIEWS, description="Les entretiens du contrat."
    )
    events: list[EventOfCase] = Field(
        [], max_length=MOST_EVENTS, description="Les évènements du contrat."
    )
    as_of: Annotated[Day, AfterValidator(_until_tomorrow)] | None = Field(
        None,
        description="Le matin de l'évaluation : seul ce qui était connu la veille compte. "
        "Demain si le champ est absent.",
    )


class BatchLine(Case):
    """Une ligne d'un lot : un dossier et l'identifiant que porte sa réponse."""

    id: Id = Field(description="Identifiant de la ligne, rendu tel quel.")


class Feedback(BaseModel):
    """La réponse d'un conseiller à l'évaluation en vigueur."""

    model_config = STRICT

    kind: FeedbackKind = Field(
        description="; ".join(f"`{code}` {label}" for code, label in KINDS.items())
    )
    reason: FeedbackReason | None = Field(
        None, description="; ".join(f"`{code}` {label}" for code, label in REASONS.items())
    )
    comment: Annotated[str, text_field(PLAIN_TEXT, LONGEST_TEXT)] | None = Field(
        None, description="Texte libre ; la personne concernée peut le lire."
    )
    until: Day | None = Field(None, description="Avec `snooze` : jour où revoir le dossier.")


class PersonName(BaseModel):
    """Le nom d'une personne, montré au conseiller ; les modèles ne le voient jamais."""

    model_config = STRICT

    given_name: Name = Field(description="Prénom (donnée personnelle).")
    family_name: Name = Field(description="Nom (donnée personnelle).")


class OrganisationName(BaseModel):
    """Le nom d'un employeur ou d'un centre de formation."""

    model_config = STRICT

    name: Name = Field(description="Nom à montrer.")


def row_of(record: Any) -> dict[str, Any]:
    """Return the typed values of a validated record, by column name."""
    return dict(record.__dict__)
