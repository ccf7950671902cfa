"""The page that shows the reports: to browse, to search, to read, to compare."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from ui.web.reports.browse_view import render_browsing
from ui.web.reports.browsing import LONGEST, read_filters, shelf_of
from ui.web.reports.compare_view import Comparing
from ui.web.reports.corrections_view import Correcting
from ui.web.reports.report_page import render_report_page
from ui.web.site import Site, Visit, add_page, words_of

LONGEST_ADDRESS = 4000


class Page:
    """What the page shows, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.comparing = Comparing(site)
        self.correcting = Correcting(site)

    def render(self, visit: Visit) -> str:
        """The page for a visit: a report, a comparison, or the list."""
        return self._content(visit)

    def show(self, request: dict[str, Any]) -> str:
        """Call: the page for the address whose query is ``query``, as it stands behind the question mark."""
        query = str(request.get("query", ""))[:LONGEST_ADDRESS].removeprefix("?")
        return self._content(Visit(words_of(request), dict(parse_qsl(query))))

    def places(self, request: dict[str, Any]) -> list[list[str | int]]:
        """Call: places whose names hold ``words``, each with how many reports lie there."""
        called = shelf_of(self._site.assistant.index).places_called(str(request.get("words", ""))[:LONGEST])
        return [[path, number] for path, number in called]

    def _content(self, visit: Visit) -> str:
        if visit.query.get("compare"):
            return self.comparing.render(visit)
        if visit.query.get("id"):
            return render_report_page(self._site, visit.query, visit.words)
        return render_browsing(self._site, read_filters(visit.query), visit.words)


def build(blocks: gr.Blocks, site: Site) -> None:
    """Put the page together, in the context of its route."""
    page = Page(site)
    add_page(blocks, site, "reports", page.render, [
        page.show, page.places, page.comparing.reports_to_compare, page.correcting.correct,
        page.correcting.undo_correction, page.correcting.figures_to_correct,
    ])  # fmt: skip
