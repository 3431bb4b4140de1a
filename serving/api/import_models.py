"""What is answered about an import, as the OpenAPI document tells it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from serving.api.response_models import Answer, Problem


class Refused(Answer):
    """Une cellule refusée, sans sa valeur."""

    file: str
    line: int
    table: str
    column: str
    expected: str
    reason: str


class Imported(Answer):
    """Ce qu'est devenu un fichier : lignes par table, cellules refusées."""

    read: dict[str, int] = Field(description="Lignes lues, par table.")
    accepted: dict[str, int] = Field(description="Lignes enregistrées, par table.")
    repeated: dict[str, int] = Field(description="Lignes déjà connues, par table.")
    refused: dict[str, int] = Field(description="Lignes refusées, par table.")
    rejects: list[Refused] = Field(description="Les cellules refusées, les 1000 premières.")
    left_out: list[Refused] = Field(description="Valeurs facultatives laissées, de même.")
    notes: list[str]
    contracts: int = Field(description="Contrats touchés.")
    assessed: int = Field(description="Contrats réévalués tout de suite ; les autres, cette nuit.")
    vanished: int = Field(
        description="Contrats qu'une livraison complète ne contient plus, ou contient à nouveau."
    )


class ImportJob(Answer):
    """Un import : où il en est, puis ce que sont devenues les lignes, ou le problème."""

    import_id: str
    status: Literal["running", "done", "refused", "failed"] = Field(
        description="`refused` : fichier inutilisable. `failed` : à renvoyer tel quel."
    )
    created_at: datetime
    finished_at: datetime | None
    contracts_done: int = Field(description="Contrats écrits.")
    contracts_total: int = Field(description="Contrats à écrire ; 0 tant que le fichier est lu.")
    result: Imported | None
    problem: Problem | None
