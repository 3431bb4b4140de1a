"""Le modèle: what the model in service is."""

from fastapi import APIRouter, Request, Response

from features.common.errors import BundleError
from serving.pages.model.view import model_view, versions_of
from serving.pages.shared.site import (
    PageRoute,
    TheSession,
    actor_in,
    context_of,
    frame_of,
    page,
    words_of,
)
from serving.store import models

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/modele")
def show_model(request: Request, session: TheSession) -> Response:
    """What the model in service is, and which ones came before, to whoever is signed in."""
    actor_in(request, session)
    context, t = context_of(request), words_of(request, session)
    frame = frame_of(request, session, place="model")
    with context.store.reading() as connection:
        served = models.every(connection)
    versions = versions_of(served, zone=context.settings.zone, t=t)
    try:
        view = model_view(context.model.current().bundle, t=t)
    except BundleError:
        view = None
    return page("model.html", frame, view=view, versions=versions)
