"""The page that shows figures of many reports in one table."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.pivoting.charts import BARS, LINES
from assistant.pivoting.columns import parts_of
from assistant.pivoting.pivot import Pivot, make_pivot
from assistant.pivoting.request import PivotRequest, as_questions
from ui.texts import Texts
from ui.web.asked import Asked
from ui.web.chart_view import chart_formats
from ui.web.charts import as_svg, in_words
from ui.web.downloads import file_links
from ui.web.figures.address import Address, read_address
from ui.web.figures.chart import chart_for
from ui.web.figures.controls import chip, render_controls, suggest
from ui.web.figures.files import formats_for
from ui.web.figures.naming import listed, table_name, told
from ui.web.figures.table_view import list_silences, render_apart, render_legend, render_silences, render_table
from ui.web.markup import escape, link
from ui.web.site import Site, Visit, add_page, words_of
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError

_QUESTIONS = 3
_MOST_ASKED_NAMES = 40
"""A question that names more bodies or places than so many is none that one would ask."""


class Page:
    """What the page shows, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def render(self, visit: Visit) -> str:
        """The frame and what is chosen; the table itself is asked for by the script, since it may take a moment."""
        words = visit.words
        try:
            address, error = read_address(visit.query, words), ""
        except QuestionError as wrong:
            address, error = Address(), f'<p class="nb-error" role="alert">{escape(str(wrong))}</p>'
        heading, lead = told(words, "heading"), told(words, "lead")
        head = f'<header><h1>{heading}</h1><p class="nb-lead">{lead}</p></header>'
        find = told(words, "find")
        if not self._site.assistant.index.reports():
            empty = f'{told(words, "empty")} <a href="adding">{told(words, "add_some")}</a>'
            return f'<div class="nb-main nb-figures">{head}<p class="nb-nothing">{empty}</p></div>'
        return (
            f'<div class="nb-main nb-figures" data-error="{"true" if error else ""}">{head}'
            f'<div class="nb-f-sides">{render_controls(self._site.assistant, address.request, words)}'
            f'<div class="nb-f-result" aria-busy="true">{error}<div data-part="said"></div>'
            f'<div class="nb-toolbar"><input id="nb-find" class="nb-control" type="search" name="find" maxlength="80"'
            f' aria-label="{find}" placeholder="{find}" value="{escape(address.find)}">'
            f'<div data-part="files"></div></div>'
            f'<div data-part="table" aria-live="polite"><p class="nb-nothing">{told(words, "loading")}</p></div>'
            f'<div data-part="below"></div></div></div></div>'
        )

    def show(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: the table of the address ``query``, as HTML by the parts of the page, and its address."""
        words = words_of(request)
        address = _address(request, words)
        pivot = self._pivot(address, words)
        order = pivot.order(address.sort, descending=address.descending, find=address.find)
        parts = {
            "said": self._said(pivot, address, words),
            "files": _files(address, len(order), words) if pivot.rows else "",
            "table": render_table(pivot, address, order, words),
            "below": _below(pivot, words) if pivot.rows else "",
        }
        return {"parts": parts, "query": address.query()}

    def controls(self, request: dict[str, Any]) -> str:
        """Call: what is chosen, for the address ``query``: after the back button, or of a link within the page."""
        words = words_of(request)
        return render_controls(self._site.assistant, _address(request, words).request, words)

    def suggest(self, request: dict[str, Any]) -> list[dict[str, str]]:
        """Call: ``places`` or ``bodies`` (``name``) whose names hold ``text``."""
        return suggest(self._site.assistant, str(request.get("name")), str(request.get("text", ""))[:80])

    def silences(self, request: dict[str, Any]) -> str:
        """Call: a ``page`` of the reports that give no number of ``metric`` in the table of the address ``query``."""
        words = words_of(request)
        pivot = self._pivot(_address(request, words), words)
        page = request.get("page", 1)
        is_page = isinstance(page, int) and 0 < page < 100_000
        return list_silences(pivot, str(request.get("metric")), page if is_page else 1, words)

    def chart(self, request: dict[str, Any]) -> str:
        """Call: the chart of the address ``query``, so many pixels ``width``, with the links that save it."""
        words = words_of(request)
        address = _address(request, words)
        chart = chart_for(self._pivot(address, words), address, words)
        if chart is None:
            return f'<p class="nb-soft">{told(words, "chart_none")}</p>'
        width = request.get("width", 700)
        drawn = as_svg(chart, words, width if isinstance(width, int) else 700, on_page=True)
        query = {**address.query(), "lang": words.language}
        files = " ".join(
            f'<a href="{link(f"nb/figures-chart.{kind}", **query)}" download>{kind.upper()}</a>'
            for kind in chart_formats()
        )
        shown = LINES if "series" in chart else BARS
        cut = told(words, "chart_cut", n=shown) if len(self._pivot(address, words).rows) > shown else ""
        return (
            f'<figure class="nb-f-chart"><figcaption>{escape(chart["title"])}</figcaption>'
            f'<div class="nb-f-drawing" role="img" aria-label="{escape(in_words(chart, words))}">'
            f'<div aria-hidden="true">{drawn}</div></div>'
            f'<p class="nb-soft">{cut} {told(words, "save_chart")} {files}</p></figure>'
        )

    def _pivot(self, address: Address, words: Texts) -> Pivot:
        return make_pivot(self._site.assistant.index, address.request, words.language)

    def _said(self, pivot: Pivot, address: Address, words: Texts) -> str:
        """What the table is: its name, its metrics, and the questions that ask the same."""
        request = address.request
        names = {metric: catalogue().name(metric, words.language) for metric in request.metrics}
        chips = (
            "".join(chip("metrics", metric, name, words) for metric, name in names.items()) if len(names) > 1 else ""
        )
        asks = ""
        if pivot.rows and max(len(request.names), len(request.regions)) <= _MOST_ASKED_NAMES:
            asks = self._questions(address, words)
        return (
            f'<h2 class="nb-f-table-name">{escape(table_name(request, words))}</h2>'
            f"{f'<div class=nb-f-chips>{chips}</div>' if chips else ''}{_widened(request, words)}{asks}"
        )

    def _questions(self, address: Address, words: Texts) -> str:
        assistant = self._site.assistant
        links = []
        for plan in as_questions(assistant.index, address.request, words.language)[:_QUESTIONS]:
            question = assistant.restate(plan)
            if question and len(question) < 300:
                token = Asked(question, plan).token
                links.append(f'<a href="{link("./", a=token)}">{escape(question)}</a>')
        if not links:
            return ""
        return f'<p class="nb-f-ask-this"><span class="nb-soft">{told(words, "ask_this")}</span> {" ".join(links)}</p>'


def _widened(request: PivotRequest, words: Texts) -> str:
    """That the columns show more than the metrics that were chosen, or others in their place."""
    if request.axis not in ("column", "outcome"):
        return ""
    whole = {metric for metric in request.metrics if catalogue().split(metric)[0].has_columns}
    shown = {part.family for part in parts_of(request, words.language)}
    instead = [metric for metric in request.metrics if metric in whole and metric not in shown]
    if not instead:
        return ""
    names = listed((catalogue().name(metric, words.language) for metric in instead), words)
    return f'<p class="nb-remark">{told(words, f"widened_{request.axis}", metrics=names)}</p>'


def _address(request: dict[str, Any], words: Texts) -> Address:
    query = request.get("query")
    return read_address(query if isinstance(query, dict) else {}, words)


def _files(address: Address, rows: int, words: Texts) -> str:
    def file(kind: str) -> str:
        return link(f"nb/figures.{kind}", **address.query(), lang=words.language)

    links = file_links(formats_for(rows), file, words)
    return f'<p class="nb-f-files">{told(words, "download")} {links}</p>'


def _below(pivot: Pivot, words: Texts) -> str:
    chart = f'<section class="nb-f-chart-part"><h2>{told(words, "chart")}</h2><div data-chart></div></section>'
    return render_legend(pivot, words) + render_apart(pivot, words) + render_silences(pivot, words) + chart


def build(blocks: gr.Blocks, site: Site) -> None:
    """Put the page together, in the context of its route."""
    page = Page(site)
    add_page(blocks, site, "figures", page.render, [page.show, page.controls, page.suggest, page.silences, page.chart])
