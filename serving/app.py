"""The application: routes and middlewares around a context."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from serving.api.handlers import add_handlers
from serving.api.middlewares.body_limit import BodyLimit
from serving.api.middlewares.rate_limit import RateLimit
from serving.api.middlewares.request_id import RequestId
from serving.api.middlewares.request_log import RequestLog
from serving.api.middlewares.security_headers import SecurityHeaders
from serving.api.middlewares.timeout import Timeout
from serving.api.openapi import use_document
from serving.api.routes import (
    assessments,
    batch,
    directory,
    document,
    feedback,
    health,
    imports,
    model,
    records,
    score,
    stored_records,
)
from serving.auth import cookies
from serving.context import AppContext
from serving.pages.routes import add_pages
from serving.runtime.background import Background
from serving.runtime.import_runner import ImportRunner
from serving.runtime.logs import set_up_logs
from serving.runtime.memory import use_one_heap
from serving.runtime.metrics import Metrics
from serving.scoring.micro_batching import ScoringQueue
from serving.settings import Settings

IMPORTS, BATCH = "/v1/imports", "/v1/score/batch"
LONG_SECONDS = 600.0  # an import or a batch to be read
GZIP_FROM, GZIP_LEVEL = 2_000, 4
# An address with more after the id goes before the one that ends with it.
ROUTERS = (
    score.router,
    batch.router,
    feedback.router,
    assessments.router,
    records.router,
    stored_records.router,
    imports.router,
    directory.router,
    model.router,
    document.router,
    health.router,
)


def create_app(context: AppContext) -> FastAPI:
    """Return the application of a context that is open.

    Its background work runs while it serves.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _open_queues(app, context)  # closed ones take no work: an application may start again
        async with Background(context):
            yield
            await asyncio.to_thread(app.state.import_runner.close)
            await asyncio.to_thread(app.state.scoring_queue.close)

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    app.state.metrics = Metrics()
    _open_queues(app, context)
    add_handlers(app)
    _add_middlewares(app, context.settings)
    for router in ROUTERS:
        app.include_router(router)
    add_pages(app)
    use_document(app, cookie=cookies.name_of(context.settings, cookies.SESSION))
    return app


def _open_queues(app: FastAPI, context: AppContext) -> None:
    app.state.scoring_queue = ScoringQueue(context)
    app.state.import_runner = ImportRunner(context)


def _add_middlewares(app: FastAPI, settings: Settings) -> None:
    """The last added is the first a request meets."""
    larger = {IMPORTS: settings.import_limit, BATCH: settings.import_limit}
    app.add_middleware(BodyLimit, most=settings.body_limit, more=larger)
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM, compresslevel=GZIP_LEVEL)
    app.add_middleware(RateLimit, limit=settings.rate_limit)
    app.add_middleware(
        Timeout,
        seconds=settings.request_timeout_seconds,
        longer={IMPORTS: LONG_SECONDS, BATCH: LONG_SECONDS},
    )
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders, https=settings.secure_cookies)
    app.add_middleware(RequestId)


def app_from_environment() -> FastAPI:
    """The application of one worker, with a context of its own opened from the environment."""
    use_one_heap()
    settings = Settings.read()
    set_up_logs(settings.log_level)
    return create_app(AppContext.open(settings))
