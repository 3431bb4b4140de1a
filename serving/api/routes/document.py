"""The OpenAPI document, for whoever has a key."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from serving.api.parameters import Known
from serving.api.responses import reply

router = APIRouter(prefix="/v1", include_in_schema=False)


@router.get("/openapi.json")
async def read_document(request: Request, actor: Known) -> Response:  # noqa: ARG001  # must be known
    """Return the document."""
    return reply(request.app.openapi())
