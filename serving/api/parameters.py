"""Parameters of addresses, and who may use what."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Path
from pydantic import AfterValidator

from features.records.declarations import CONTRACT_ID
from serving.actors import FOLLOWERS, Actor, Role, Scope
from serving.api.dependencies import ReadRequest, known, needs, needs_to_read
from serving.api.record_models import not_reserved, reserved_schema
from serving.api.request_models import ID_PATTERN

ContractId = Annotated[
    str,
    Path(
        pattern=ID_PATTERN,
        description="Identifiant du contrat, celui de l'appelant.",
        json_schema_extra=reserved_schema(CONTRACT_ID),
    ),
    AfterValidator(partial(not_reserved, CONTRACT_ID)),
]
PersonId = Annotated[
    str, Path(pattern=ID_PATTERN, description="Identifiant de la personne, celui de l'appelant.")
]
OrganisationId = Annotated[str, Path(pattern=ID_PATTERN, description="SIRET ou UAI.")]

ImportId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="Identifiant de l'import.")
]
RecordId = Annotated[
    str,
    Path(pattern=ID_PATTERN, description="Identifiant de l'enregistrement, celui de l'appelant."),
]

MayScore = Annotated[Actor, needs(scope=Scope.SCORE, roles=FOLLOWERS)]
MayWrite = Annotated[Actor, needs(scope=Scope.RECORDS_WRITE)]
MayRecord = Annotated[Actor, needs(scope=Scope.RECORDS_WRITE, roles=FOLLOWERS)]
MayReadRecords = Annotated[ReadRequest, needs_to_read(scope=Scope.RECORDS_READ, roles=FOLLOWERS)]
MayRead = Annotated[ReadRequest, needs_to_read(scope=Scope.ASSESSMENTS_READ, roles=FOLLOWERS)]
MayAnswer = Annotated[Actor, needs(scope=Scope.FEEDBACK_WRITE, roles=FOLLOWERS)]
MayAdminister = Annotated[Actor, needs(scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))]
MayWatch = Annotated[Actor, needs(scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR, Role.DATA))]
Known = Annotated[Actor, Depends(known)]
