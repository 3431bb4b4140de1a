"""The versions of the model that answered people, kept so that a past score can be traced."""

import math

from features.common.json_types import JsonObject
from models.bundle import Bundle
from serving.actors import Actor
from serving.context import AppContext
from serving.store import models
from serving.store.audit import Action

SERVICE = Actor("service")
FIGURES = (
    "roc_auc",
    "precision_at_capacity",
    "recall_at_capacity",
    "calibration_ratio",
    "brier_skill",
)


def keep_model_served(context: AppContext) -> bool:
    """Keep that the model in service is served from now on and return whether it was new.

    Every worker calls it when it takes up a bundle: only the first of a version writes. Raises
    BundleError when no model is in service.
    """
    bundle = context.model.current().bundle
    with context.store.reading() as connection:
        if models.is_known(connection, bundle.version):
            return False
    subject = f"model:{bundle.version}"
    with context.audited(SERVICE, Action.SERVE_MODEL, subject=subject) as write:
        facts = _facts(bundle)
        is_new = models.keep(
            write.connection,
            version=bundle.version,
            now=context.now(),
            card=bundle.card,
            facts=facts,
        )
        write.details = {"candidate": facts["candidate"]}
        if not is_new:  # another worker was first
            write.did_nothing()
    return is_new


def _facts(bundle: Bundle) -> JsonObject:
    """Return what the history of versions shows.

    Figures that JSON can hold, unknown ones left out.
    """
    overall = bundle.facts["metrics"]["overall"]
    return {
        "candidate": bundle.model.candidate,
        "horizon_days": bundle.horizon_days,
        "base_rate": bundle.base_rate,
        "contracts": bundle.facts["data"]["contracts"],
        "figures": {name: overall[name] for name in FIGURES if _is_measured(overall.get(name))},
    }


def _is_measured(figure: dict[str, float | None] | None) -> bool:
    parts = [figure.get(part) for part in ("value", "low", "high")] if figure else [None]
    return all(part is not None and math.isfinite(part) for part in parts)
