"""The table, and its chart, as files: ``nb/figures.{csv,xlsx,md,docx}`` and ``nb/figures-chart.{svg,png}``.

The query is that of the page, so that what is downloaded is what is shown: the whole table in its order, not its page.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.pivoting.pivot import make_pivot
from ui.texts import Texts
from ui.web.chart_view import chart_response
from ui.web.downloads import answering, failed, respond
from ui.web.figures.address import read_address
from ui.web.figures.chart import chart_for
from ui.web.figures.sheet import as_document

if TYPE_CHECKING:
    from ui.web.site import Site

TABLES = ("xlsx", "csv", "md", "docx")
_LAID_OUT = ("md", "docx")
MOST_LAID_OUT = 500
"""Rows of a table to be read on paper; a longer one is for a program that calculates."""


def formats_for(rows: int) -> tuple[str, ...]:
    """The formats that a table of so many rows is offered in."""
    return TABLES if rows <= MOST_LAID_OUT else tuple(name for name in TABLES if name not in _LAID_OUT)


def routes(site: Site) -> list[BaseRoute]:
    """To be served beside the page."""

    def table(request: Request, words: Texts) -> Response:
        kind = request.path_params["kind"]
        address = read_address(dict(request.query_params), words)
        pivot = make_pivot(site.assistant.index, address.request, words.language)
        order = pivot.order(address.sort, descending=address.descending, find=address.find)
        if kind not in formats_for(len(order)):
            return failed(words("figures.no_such_file", formats=", ".join(formats_for(len(order)))), 404)
        # A CSV file holds one table.
        document = as_document(site.assistant.index, pivot, order, words, date.today(), with_sources=kind != "csv")
        return respond(document, kind, words("figures.file_name"))

    def chart(request: Request, words: Texts) -> Response:
        address = read_address(dict(request.query_params), words)
        drawn = chart_for(make_pivot(site.assistant.index, address.request, words.language), address, words)
        return chart_response(drawn, request.path_params["kind"], words("figures.file_name"), words)

    return [Route("/nb/figures.{kind}", answering(table)), Route("/nb/figures-chart.{kind}", answering(chart))]
