"""The lists of two pages as files: ``nb/reports.{csv,xlsx,…}`` and ``nb/checks.{csv,xlsx,…}``.

The query is that of the page, so that what is downloaded is what is shown, on all of its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.export.document import ExportTable
from ui.texts import Texts
from ui.web.checks.check_table import checks_table
from ui.web.downloads import answering, respond
from ui.web.reports.report_table import reports_table
from ui.web.site import Site
from vectorstore.index import Index

_LISTS: dict[str, Callable[[Index, Mapping[str, str], Texts], ExportTable]] = {
    "reports": reports_table,
    "checks": checks_table,
}


def routes(site: Site) -> list[BaseRoute]:
    """To be served beside the pages."""

    def serve(make: Callable[[Index, Mapping[str, str], Texts], ExportTable]) -> Callable[[Request], Response]:
        def file(request: Request, words: Texts) -> Response:
            table = make(site.assistant.index, dict(request.query_params), words)
            return respond(table, request.path_params["extension"], table.title)

        return answering(file)

    return [Route(f"/nb/{name}.{{extension}}", serve(make)) for name, make in _LISTS.items()]
