"""Whether the process is up and can do its work: open to all, and says nothing else."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from features.common.errors import BundleError, StoreError
from serving.api.dependencies import TheContext
from serving.api.parameters import MayWatch
from serving.api.response_models import Health
from serving.api.responses import reply
from serving.context import AppContext
from serving.runtime.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["Santé"])


@router.get(
    "/health/live",
    summary="Le processus est-il vivant ?",
    response_model=None,
    responses={200: {"description": "Oui.", "model": Health}},
)
async def live() -> Response:
    """Respond, which is enough."""
    return reply({"status": "ok"})


@router.get(
    "/health/ready",
    summary="Le service peut-il évaluer ?",
    description="Non sans base de données ou sans modèle utilisable : `missing` dit lequel.",
    response_model=None,
    responses={
        200: {"description": "Oui.", "model": Health},
        503: {"description": "Non.", "model": Health},
    },
)
def ready(context: TheContext) -> Response:
    """Try the database and look at the model."""
    missing = [
        name for name, works in (("database", _store), ("model", _model)) if not works(context)
    ]
    if missing:
        content = {"status": "unavailable", "missing": missing}
        return reply(content, status=503, headers={"Retry-After": "5"})
    version = context.model.current().bundle.version
    return reply({"status": "ok", "missing": [], "model_version": version})


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, context: TheContext, actor: MayWatch) -> Response:  # noqa: ARG001
    """What Prometheus reads, with a key of scope `admin`."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.render(context), media_type=CONTENT_TYPE)


def _store(context: AppContext) -> bool:
    try:
        context.store.check()
    except StoreError:
        return False
    return True


def _model(context: AppContext) -> bool:
    try:
        context.model.current()
    except BundleError:
        return False
    return True
