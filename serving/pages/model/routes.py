"""Le modèle: what the model in service is."""

from fastapi import APIRouter, Response

from features.common.errors import BundleError
from serving.pages.model.view import model_view, versions_of
from serving.pages.shared.requests import ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.queries.administration import models_served

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/modele")
def show_model(asked: ThePage) -> Response:
    """What the model in service is, and which ones came before, to whoever is signed in."""
    context = asked.context
    with asked.reading() as reader:
        served, frame, t = models_served(reader.reads), reader.frame(place="model"), reader.t
    try:
        view = model_view(context.model.current().bundle, t=t)
    except BundleError:
        view = None
    versions = versions_of(served, zone=context.settings.zone, t=t)
    return page("model.html", frame, view=view, versions=versions)
