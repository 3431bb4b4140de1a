"""The versions of the model that answered people, kept so that a past score can be traced."""

import math
from typing import Any

from models.bundle import Bundle
from serving.actors import Actor
from serving.context import House
from serving.store import audit, models

SERVICE = Actor("service")
FIGURES = (
    "roc_auc",
    "precision_at_capacity",
    "recall_at_capacity",
    "calibration_ratio",
    "brier_skill",
)


def keep_model_served(house: House) -> bool:
    """Keep that the model in service is served from now on; answers whether it was new.

    Every worker calls it when it takes up a bundle: only the first of a version writes. Raises
    BundleError when no model is in service.
    """
    bundle = house.model.current().bundle
    with house.store.reading() as connection:
        if models.is_known(connection, bundle.version):
            return False
    with house.store.writing() as connection:
        facts = _facts(bundle)
        kept = models.keep(
            connection, version=bundle.version, now=house.now(), card=bundle.card, facts=facts
        )
        if kept:
            audit.write(
                connection,
                at=house.now(),
                actor=SERVICE.name,
                action="serve_model",
                subject=f"model:{bundle.version}",
                details={"candidate": facts["candidate"]},
            )
    return kept


def _facts(bundle: Bundle) -> dict[str, Any]:
    """What the history of versions shows: figures that JSON can hold, unknown ones left out."""
    overall = bundle.facts["metrics"]["overall"]
    return {
        "candidate": bundle.model.candidate,
        "horizon_days": bundle.horizon_days,
        "base_rate": bundle.base_rate,
        "contracts": bundle.facts["data"]["contracts"],
        "figures": {name: overall[name] for name in FIGURES if _is_told(overall.get(name))},
    }


def _is_told(figure: dict[str, float | None] | None) -> bool:
    parts = [figure.get(part) for part in ("value", "low", "high")] if figure else [None]
    return all(part is not None and math.isfinite(part) for part in parts)
