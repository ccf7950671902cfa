"""Whether the server is there, and what it has."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.tools.calls import file_name
from ui.api import records
from ui.api.filters import NO_PARAMETERS
from ui.api.service import VERSION, Service, responses


def routes(service: Service) -> APIRouter:
    """``/health`` and ``/v1/status``."""
    router = APIRouter(tags=["The server"])

    @router.get("/health", response_model=records.Health, operation_id="health")
    async def health() -> dict[str, Any]:
        """That the server is there; needs no token, and touches nothing."""
        return {"status": "ok", "version": VERSION}

    @router.get(
        "/v1/status",
        response_model=records.Holdings,
        responses=responses(),
        dependencies=NO_PARAMETERS,
        operation_id="status",
    )
    async def status(request: Request) -> Response:
        """What the index holds, and what may be done here."""
        index, settings = service.assistant.index, service.settings

        def find() -> dict[str, Any]:
            reports = index.reports()
            return {
                "status": "ok",
                "version": VERSION,
                "reports": len(reports),
                "bodies": len({report.body_id for report in reports}),
                "years": sorted({report.year for report in reports if report.year is not None}),
                "fingerprint": index.fingerprint,
                "embedding": file_name(index.model_name) if index.model_name else None,
                "language_model": service.assistant.language_model is not None,
                "ingestion": settings.allows_ingestion,
            }

        return await service.workers.json(request, find)

    return router
