"""The model in service and the catalogue of its features."""

import math
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from features.catalogue.catalogue import Feature
from features.families import CATALOGUE
from serving.api import problem_texts as wording
from serving.api.dependencies import TheContext
from serving.api.documented import documented
from serving.api.parameters import Known
from serving.api.response_models import Model, Variables
from serving.api.responses import reply

router = APIRouter(prefix="/v1", tags=["Modèle"])


@router.get(
    "/model",
    **documented(
        "Lire le modèle en service",
        "Sa fiche, sa version, ses mesures avec leurs intervalles et, s'il y a lieu, pourquoi un "
        "modèle plus récent est refusé.",
        responses={200: ("Le modèle en service.", Model)},
        problems=(wording.NO_MODEL,),
    ),
)
def read_model(context: TheContext, actor: Known) -> Response:  # noqa: ARG001  # who asks must be known
    """Return the card and the figures of the model in service."""
    bundle = context.model.current().bundle
    content = {
        "version": bundle.version,
        "label_version": bundle.label_version,
        "catalogue_hash": bundle.catalogue_hash,
        "horizon_days": bundle.horizon_days,
        "base_rate": bundle.base_rate,
        "thresholds": dict(bundle.thresholds),
        "metrics": _finite(bundle.facts["metrics"]),
        "card": bundle.card,
        "refusal": context.model.refusal,
    }
    return reply(content)


@router.get(
    "/features",
    **documented(
        "Lire le catalogue des variables",
        "Ce que le modèle lit d'un dossier : nom, libellé, unité, bornes, groupe et thème.",
        responses={200: ("Le catalogue.", Variables)},
    ),
)
def read_features(actor: Known) -> Response:  # noqa: ARG001  # who asks must be known
    """Return the catalogue."""
    content = {"hash": CATALOGUE.hash, "features": [_variable(f) for f in CATALOGUE]}
    return reply(content)


def _variable(feature: Feature) -> dict[str, Any]:
    return {
        "name": feature.name,
        "label": feature.label,
        "unit": feature.unit.value,
        "low": _finite(feature.low),
        "high": _finite(feature.high),
        "group": feature.group,
        "theme": feature.theme,
        "sense": feature.monotonic,
        "policy": feature.policy.value,
    }


def _finite(value: Any) -> Any:
    """Return the same data, an unbounded or unknown number being null: JSON has no word for it."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {name: _finite(item) for name, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case _:
            return value
