"""What a permanent id stands for: the words, where they stand, and the reference to print."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.answering.cited_places import Cited, PlaceGoneError, resolve_cited
from assistant.export.formats import FORMATS
from assistant.export.references import refer_to_cited
from assistant.export.styles import STYLES, Style, styled
from assistant.tools.calls import file_name
from ui.api import records
from ui.api.filters import chosen
from ui.api.service import Service, responses
from ui.http_serving.problems import ProblemError
from ui.listing import cited_record

_JSON_IS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}


class AsFormat(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["json", Style] | None = Field(default=None, description="By default as Accept says.")


def routes(service: Service) -> APIRouter:
    """``/v1/references/{id}``."""
    router = APIRouter(tags=["What the index holds"])
    media_types: dict[str, str] = {
        style: FORMATS[extension].media_type.partition(";")[0] for style, extension in STYLES.items()
    }
    offered = {"json": "application/json", **media_types}
    written: dict[str, Any] = {
        media_type: {"schema": _JSON_IS if style == "csl-json" else {"type": "string"}}
        for style, media_type in media_types.items()
    }

    @router.get(
        "/references/{reference_id}",
        response_model=records.Reference,
        responses=responses(404, description="The place and its reference", content=written),
        operation_id="reference",
    )
    async def reference(
        request: Request,
        reference_id: Annotated[str, Path(min_length=1, max_length=300)],
        asked: Annotated[AsFormat, Query()],
    ) -> Response:
        """What a citation's `id` stands for, or a `report_id`: the words, and the reference to print.

        An id survives that the report is read anew. As GB/T 7714—2015, BibTeX, RIS or CSL-JSON by `format` or Accept.
        """
        wanted = chosen(request, asked.format, offered)
        if wanted == "json":
            return await service.workers.json(request, lambda: cited_record(_find(service, reference_id)))
        style = cast(Style, wanted)
        content = await service.workers.run(
            request, lambda: styled([refer_to_cited(_find(service, reference_id))], style).encode()
        )
        # With its charset, which Starlette adds to texts only.
        return Response(content, headers={"content-type": FORMATS[STYLES[style]].media_type})

    return router


def _find(service: Service, given: str) -> Cited:
    """What the id stands for, its source reduced to the file's name."""
    try:
        cited = resolve_cited(service.assistant.index, given)
    except PlaceGoneError as gone:
        raise ProblemError("not_found", str(gone)) from None
    report = replace(cited.report, source=file_name(cited.report.source))
    place = None if cited.place is None else replace(cited.place, report=report)
    return replace(cited, report=report, place=place)
