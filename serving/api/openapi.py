"""The OpenAPI 3.1 document: what FastAPI reads off the routes, with bodies and problems shared."""

from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from serving.api.documented import BODY_MODELS, NDJSON, PROBLEM
from serving.api.response_models import BatchAnswer, Problem

TITLE = "Vigie"
DESCRIPTION = """\
Vigie estime le risque de rupture d'un contrat en alternance, dit pourquoi, et ce qui a changé.

**S'identifier.** `Authorization: Bearer vgk_…`, une clé faite par `vigie key add --scope …`. Sans
clé, seuls `/health/live` et `/health/ready` répondent. Le contrat d'autrui répond 404.

**Envoyer.** Du JSON en UTF-8, sans champ inconnu ; des dates AAAA-MM-JJ de 1940 à 2100 ; une valeur
inconnue est absente ou `null`, jamais 0. Toute valeur d'un enregistrement peut aussi être un texte,
lu comme une cellule de fichier : « 35h », « 85 % », « oui », « 01/09/2026 », le libellé d'un code.
`known_on` est le jour où vous avez appris l'information : une évaluation ne se sert que de ce qui
était connu la veille. Les identifiants sont les vôtres ; répéter un envoi ne change rien.

**Lire.** Chaque évaluation nomme le modèle, la définition de la rupture, le catalogue, le matin
qu'elle vaut et jusqu'où s'y fier. `base_value` plus la somme des contributions est la log-cote du
risque.

**Les erreurs** suivent la RFC 9457 : `type` est stable, `errors` dit chaque champ fautif, ce qui
était attendu et la nature de ce qui est venu, jamais la valeur. En français, ou en anglais par
`Accept-Language`. Chaque réponse porte `X-Request-ID` et `RateLimit`.
"""
TAGS = {
    "Évaluer": "Évaluer des dossiers sans les garder.",
    "Enregistrer": "Garder contrats, entretiens, évènements et fins de contrat.",
    "Lire": "Lire les évaluations.",
    "Répondre": "Dire ce qu'on pense d'une évaluation.",
    "Modèle": "Le modèle en service et ses variables.",
    "Personnes": "Noms à montrer, effacement.",
    "Santé": "État du service.",
}
KEY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "vgk_<id>_<secret>",
    "description": "Clé d'une application, faite par `vigie key add`, avec ses droits.",
}
COOKIE = {
    "type": "apiKey",
    "in": "cookie",
    "description": "Session d'une personne connectée ; une écriture répète X-CSRF-Token.",
}
EITHER: list[dict[str, list[str]]] = [{"Key": []}, {"Session": []}]


def document_of(app: FastAPI, *, cookie: str) -> dict[str, Any]:
    """Return the document of the API routes of `app`, made once."""
    if app.openapi_schema is None:
        routes = [route for route in app.routes if getattr(route, "include_in_schema", True)]
        document = get_openapi(
            title=TITLE,
            version="1",
            openapi_version="3.1.0",
            description=DESCRIPTION,
            tags=[{"name": name, "description": text} for name, text in TAGS.items()],
            routes=routes,
        )
        _share(document)
        schemes = {"Key": KEY, "Session": {**COOKIE, "name": cookie}}
        document["components"]["securitySchemes"] = schemes
        app.openapi_schema = document
    return app.openapi_schema


def use_document(app: FastAPI, *, cookie: str) -> None:
    """Make `app.openapi()` answer our document."""
    app.openapi = partial(document_of, app, cookie=cookie)  # type: ignore[method-assign]  # FastAPI's way


def _share(document: dict[str, Any]) -> None:
    """Put bodies among the components, and each response that tells problems there once."""
    components = document.setdefault("components", {})
    models: list[type[BaseModel]] = [*BODY_MODELS.values(), Problem, BatchAnswer]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    components.setdefault("schemas", {}).update(schemas["$defs"])
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    responses: dict[str, Any] = components.setdefault("responses", {})
    for path in document["paths"].values():
        for operation in path.values():
            _share_responses(operation["responses"], responses)
            _document_lines(operation)
            if "security" in operation:
                operation["security"] = EITHER


def _share_responses(of_operation: dict[str, Any], shared: dict[str, Any]) -> None:
    for status, response in of_operation.items():
        if PROBLEM not in response.get("content", {}):
            continue
        kinds = list(response["content"][PROBLEM]["examples"])
        name = "-or-".join(kinds)
        shared[name] = response
        of_operation[status] = {"$ref": f"#/components/responses/{name}"}


def _document_lines(operation: dict[str, Any]) -> None:
    """The answer of a batch is one of these per line."""
    if NDJSON in operation.get("requestBody", {}).get("content", {}):
        schema = {"$ref": "#/components/schemas/BatchAnswer"}
        operation["responses"]["200"]["content"] = {NDJSON: {"schema": schema}}
