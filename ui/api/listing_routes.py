"""What the index holds, in pages: figures, reports and their texts, checks, bodies, metrics."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from assistant.export.csv_writing import harmless_row
from ui.api import records
from ui.api.filters import NO_PARAMETERS, CheckFilters, FigureFilters, PagedFilters, ReportFilters, chosen
from ui.api.records import Page, without_paths
from ui.api.service import Service, responses
from ui.check_list import listed_checks
from ui.http_serving.problems import ProblemError
from ui.listing import (
    FIGURE_COLUMNS,
    ReadText,
    body_record,
    correction_record,
    figure_record,
    figure_row,
    report_record,
    section_record,
    text_reader,
)
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import ResolvedFigure, Scope

MOST_REPORTS = 300
"""Reports whose figures of every metric are read for one request: each has some 150."""

CSV = "text/csv"
_LINES = 500
"""Of a table, written at a time."""


class TextRange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: int = Field(default=0, ge=0, le=100_000_000, description="The first character.")
    end: int | None = Field(default=None, ge=0, le=100_000_000, description="The one after the last; all by default.")
    format: Literal["json", "text"] | None = Field(default=None, description="By default as Accept says.")


class OneReportChecks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    all: bool = Field(default=False, description="Those that hold or can't be judged as well.")


def routes(service: Service) -> APIRouter:
    """All lists."""
    router = APIRouter(tags=["What the index holds"])
    _add_figures(router, service)
    _add_reports(router, service)
    _add_texts(router, service)
    _add_checks(router, service)
    _add_names(router, service)
    return router


def _add_figures(router: APIRouter, service: Service) -> None:
    as_csv: dict[str, Any] = {CSV: {"schema": {"type": "string"}}}

    @router.get(
        "/figures",
        response_model=Page[records.Figure],
        responses=responses(404, description="The figures", content=as_csv),
        operation_id="figures",
    )
    async def figures(request: Request, asked: Annotated[FigureFilters, Query()]) -> Response:
        """The figures that the reports state, each with every place that states it.

        Without a metric, narrow them: figures of every metric of many reports are too much for one request. As CSV
        (`Accept: text/csv` or `format=csv`) they come all, unless `limit` is given; the header `nianbao-total` says
        how many there are.
        """
        wants_csv = chosen(request, asked.format, {"json": "application/json", "csv": CSV}) == "csv"
        read_text = text_reader(service.assistant.index)

        def find() -> dict[str, Any]:
            page = asked.page(_figures(service, asked))
            return page | {"items": [figure_record(figure, read_text) for figure in page["items"]]}

        if not wants_csv:
            return await service.workers.json(request, find)
        found = await service.workers.run(request, lambda: _figures(service, asked))
        end = asked.offset + asked.limit if "limit" in request.query_params else None
        return StreamingResponse(
            _pieces(service, _csv(found[asked.offset : end], read_text)),
            headers={"nianbao-total": str(len(found))},
            media_type=CSV,
        )


def _figures(service: Service, asked: FigureFilters) -> list[ResolvedFigure]:
    if asked.report_id is not None:
        scope = replace(asked.scope(), report_ids=(service.report(asked.report_id).report_id,))
        return service.assistant.index.figures(scope, None if asked.metric is None else [asked.metric])
    if asked.metric is None:
        reports = len(service.assistant.reports(**asked.by_name))
        if reports > MOST_REPORTS:
            raise ProblemError(
                "too_broad",
                f"Figures of every metric of {reports} reports are too much for one request (at most {MOST_REPORTS} "
                "reports): give a metric, a report_id, or narrow by body, region, kind and year.",
            )
    return service.assistant.figures(asked.metric, **asked.by_name)


def _csv(figures: Sequence[ResolvedFigure], read_text: ReadText) -> Iterator[bytes]:
    """The table, so many lines at a time."""
    yield _lines([FIGURE_COLUMNS])
    for start in range(0, len(figures), _LINES):
        records = [figure_record(figure, read_text) for figure in figures[start : start + _LINES]]
        yield _lines(harmless_row(figure_row(record)) for record in records)


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


async def _pieces(service: Service, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """As they are made in a thread. An error cuts the response off, which every client tells from its end."""
    async with aclosing(service.workers.steps(pieces, service.settings.beat_seconds)) as steps:
        async for piece in steps:
            if piece is not None:
                yield piece


def _add_reports(router: APIRouter, service: Service) -> None:
    index, workers = service.assistant.index, service.workers

    @router.get("/reports", response_model=Page[records.Report], responses=responses(), operation_id="reports")
    async def reports(request: Request, asked: Annotated[ReportFilters, Query()]) -> Response:
        """The reports, by region, body and year."""

        def find() -> dict[str, Any]:
            page = asked.page(index.reports(asked.scope(superseded=asked.all)))
            return page | {"items": [without_paths(report_record(report)) for report in page["items"]]}

        return await workers.json(request, find)

    @router.get(
        "/reports/{report_id}",
        response_model=records.WholeReport,
        responses=responses(404),
        dependencies=NO_PARAMETERS,
        operation_id="report",
    )
    async def report(request: Request, report_id: str) -> Response:
        """One report, with its sections and what was corrected of it."""

        def find() -> dict[str, Any]:
            found = service.report(report_id)
            listed = [correction_record(correction) for correction in index.corrections(found.report_id)]
            record = report_record(found) | {"corrections": listed, "sections": section_record(found)}
            return dict(without_paths(record))

        return await workers.json(request, find)


def _add_texts(router: APIRouter, service: Service) -> None:
    index, workers = service.assistant.index, service.workers
    plain: dict[str, Any] = {"text/plain": {"schema": {"type": "string"}}}

    @router.get(
        "/reports/{report_id}/text",
        response_model=records.ReportText,
        responses=responses(404, description="The text", content=plain),
        operation_id="report_text",
    )
    async def report_text(request: Request, report_id: str, asked: Annotated[TextRange, Query()]) -> Response:
        """A report's canonical text or a range of it: what all offsets count. Also as `text/plain`."""
        wanted = chosen(request, asked.format, {"json": "application/json", "text": "text/plain"})

        def find() -> dict[str, Any]:
            report = service.report(report_id)
            text = index.text(report.report_id)
            start = min(asked.start, len(text))
            end = max(start, len(text) if asked.end is None else min(asked.end, len(text)))
            return {
                "report_id": report.report_id,
                "start": start,
                "end": end,
                "characters": len(text),
                "text": text[start:end],
            }

        if wanted == "json":
            return await workers.json(request, find)
        found = await workers.run(request, find)
        return Response(found["text"].encode(), media_type="text/plain; charset=utf-8")


def _add_checks(router: APIRouter, service: Service) -> None:
    index, workers = service.assistant.index, service.workers

    @router.get("/checks", response_model=Page[records.Check], responses=responses(), operation_id="checks")
    async def checks(request: Request, asked: Annotated[CheckFilters, Query()]) -> Response:
        """What contradicts itself: identities and comparisons that the figures should satisfy and don't."""

        def find() -> dict[str, Any]:
            found = listed_checks(index, asked.scope(), rule=asked.rule, severity=asked.severity, verdict=asked.verdict)
            page, read_text = asked.page(found), text_reader(index)
            items = [listed.record(read_text) for listed in page["items"]]
            return page | {"items": items}

        return await workers.json(request, find)

    @router.get(
        "/reports/{report_id}/checks",
        response_model=Page[records.Check],
        responses=responses(404),
        operation_id="report_checks",
    )
    async def report_checks(request: Request, report_id: str, asked: Annotated[OneReportChecks, Query()]) -> Response:
        """The checks of one report that fail, or all of them."""

        def find() -> dict[str, Any]:
            scope, read_text = Scope(report_ids=(service.report(report_id).report_id,)), text_reader(index)
            items = [listed.record(read_text) for listed in listed_checks(index, scope, everything=asked.all)]
            return {"items": items, "total": len(items), "offset": 0, "next_offset": None}

        return await workers.json(request, find)


def _add_names(router: APIRouter, service: Service) -> None:
    index, workers = service.assistant.index, service.workers

    @router.get("/bodies", response_model=Page[records.Body], responses=responses(), operation_id="bodies")
    async def bodies(request: Request, asked: Annotated[PagedFilters, Query()]) -> Response:
        """The bodies that report or are reported about, and the years of their reports."""

        def find() -> dict[str, Any]:
            years: dict[str, set[int]] = defaultdict(set)
            for report in index.reports():
                if report.year is not None:
                    years[report.body_id].add(report.year)
            found = index.bodies(asked.scope())
            page = asked.page([body for body in found if asked.year in (None, *years.get(body.body_id, ()))])
            items = [body_record(body, sorted(years.get(body.body_id, ()))) for body in page["items"]]
            return page | {"items": items}

        return await workers.json(request, find)

    @router.get(
        "/metrics",
        response_model=records.Metrics,
        responses=responses(),
        dependencies=NO_PARAMETERS,
        operation_id="metrics",
    )
    async def metrics(request: Request) -> Response:
        """Everything that can be counted in a report, by its full id."""
        return await workers.json(request, lambda: {"items": [_metric_record(one) for one in catalogue().metric_ids()]})


def _metric_record(metric_id: str) -> dict[str, Any]:
    metric, column = catalogue().split(metric_id)
    sum_of = [one if column is None else f"{one}{COLUMN_SEPARATOR}{column}" for one in metric.sum_of]
    return {
        "metric": metric_id,
        "name_zh": catalogue().name(metric_id),
        "name_en": catalogue().name(metric_id, "en"),
        "unit": metric.unit,
        "table": metric.table,
        "sum_of": sum_of,
        "former": metric.is_former,
    }
