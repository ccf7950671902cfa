"""Permanent links to cited places, and the references to one of them as files."""

from __future__ import annotations

from html import unescape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.answering.cited_places import Cited, PlaceGoneError, resolve_cited
from assistant.export.formats import REFERENCE_FORMATS, format_of
from assistant.export.references import refer_to_cited
from assistant.export.styles import STYLES, styled
from ui.texts import Texts
from ui.web.downloads import answering, failed, file_response, words_for
from ui.web.markup import escape, link, report_link
from ui.web.site import Site

_SHOWN = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON"}
"""The formats that a place's reference is downloaded in; that of GB/T 7714—2015 is copied."""


def place_link(place_id: str) -> str:
    """Where a place is read whatever becomes of its report, escaped for an attribute."""
    return link("nb/cite", id=place_id)


def reference_links(cited: str) -> str:
    """Links to the reference to a place or a report (by its id) in the formats of programs that manage references."""
    return " ".join(_links(cited))


def _links(cited: str) -> list[str]:
    return [
        f'<a href="{link(f"nb/cite.{extension}", id=cited)}" download>{name}</a>' for extension, name in _SHOWN.items()
    ]


def render_citing(place_id: str, words: Texts) -> str:
    """The menu of a cited place: its permanent link, and its reference as files; empty where it has no id."""
    if not place_id:
        return ""
    items = [
        *_links(place_id),
        f'<button type="button" data-copy="{place_link(place_id)}" data-address>{escape(words("cite.link"))}</button>',
        f'<button type="button" data-copy="{escape(place_id)}">{escape(words("cite.id"))}</button>',
    ]
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<details class="nb-menu"><summary>{escape(words("cite.menu"))}</summary><ul>{listed}</ul></details>'


def routes(site: Site) -> list[BaseRoute]:
    """``nb/cite?id=`` leads to the place of a permanent id; ``nb/cite.{bib,ris…}?id=`` is the reference to it.

    The id may be a report's too.
    """

    def find(request: Request) -> Cited:
        return resolve_cited(site.assistant.index, request.query_params.get("id", "").strip())

    def reference(request: Request, words: Texts) -> Response:
        extension = format_of(request.path_params["extension"], REFERENCE_FORMATS).extension
        try:
            cited = refer_to_cited(find(request))
        except PlaceGoneError as error:
            return failed(words(f"cite.{error.reason}", **error.values), 404)
        style = next(name for name, files in STYLES.items() if files == extension)
        return file_response(styled([cited], style).encode(), extension, cited.title)

    def open_place(request: Request) -> Response:
        try:
            cited = find(request)
        except PlaceGoneError as error:
            return failed(words_for(request)(f"cite.{error.reason}", **error.values), 404)
        start, end = (cited.place.start, cited.place.end) if cited.place is not None else (None, None)
        # Relative, since the pages may be served below another address.
        return RedirectResponse(f"../{unescape(report_link(cited.report.report_id, start, end))}", 303)

    return [Route("/nb/cite", open_place), Route("/nb/cite.{extension}", answering(reference))]
