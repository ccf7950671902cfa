"""The app: all routes over one index, behind the gates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse

from ui.api import (
    answering,
    chat_completions,
    documentation,
    health_routes,
    ingestion,
    listing_routes,
    reference_routes,
)
from ui.api.problem_handlers import handle_problems
from ui.api.service import VERSION, Service
from ui.http_serving.gates import App, guarded
from ui.http_serving.settings import ServerSettings

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def build(assistant: Assistant, settings: ServerSettings) -> App:
    """The app over an assistant, as ASGI."""
    return guarded(routes_over(Service(assistant, settings)), settings)


def routes_over(service: Service) -> FastAPI:
    """The routes alone, which anyone may use."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # The first question would wait for the parser to learn all bodies.
        warming = asyncio.wrap_future(service.workers.submit(lambda: service.assistant.parser))
        warming.add_done_callback(lambda done: done.cancelled() or done.exception())
        yield
        service.close()

    app = FastAPI(
        title=documentation.TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # Of OpenTelemetry, which would send where the environment says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        redirect_slashes=False,
    )
    app.include_router(health_routes.routes(service))
    for module in (answering, listing_routes, reference_routes, ingestion, chat_completions):
        app.include_router(module.routes(service), prefix="/v1")
    handle_problems(app)
    documentation.document(app, service.settings)

    async def docs(request: Request) -> HTMLResponse:
        shown = documentation.page(app.openapi(), str(request.base_url).rstrip("/"))
        return HTMLResponse(shown, headers={"content-security-policy": _POLICY, "referrer-policy": "no-referrer"})

    for address in ("/", "/docs"):
        app.add_api_route(address, docs, include_in_schema=False, response_model=None)
    return app
