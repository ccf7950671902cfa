"""Charts where they are shown and handed out: under an answer, and as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.texts import Texts
from ui.web.asked import read_token
from ui.web.charts import MOST_SERIES, as_png, as_svg, has_chinese_font, in_words, unknown_points, warm_up
from ui.web.downloads import answering, disposition, failed
from ui.web.markup import escape, link

if TYPE_CHECKING:
    from ui.web.site import Site

MOST_NAMED = 12
_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def chart_formats() -> tuple[str, ...]:
    """The formats that a chart is offered in: PNG only where this machine can draw Chinese."""
    return ("svg", "png") if has_chinese_font() else ("svg",)


def render_chart(chart: Mapping[str, Any], token: str, words: Texts, width: int, rows: int) -> str:
    """What stands in an answer's ``figure``: title, picture, what is unknown, and the files.

    Args:
        token: Of what was asked, for the files' addresses.
        rows: Of the answer, which may be more than a chart shows.
    """
    unit = words("answer.in_unit", unit=chart["unit"]) if chart["unit"] else ""
    notes = []
    unknown = unknown_points(chart)
    if unknown:
        names = words("answer.comma").join(unknown[:MOST_NAMED]) + ("…" if len(unknown) > MOST_NAMED else "")
        notes.append(words("answer.chart_gap", names=names))
    if len(chart.get("series", ())) > MOST_SERIES:
        notes.append(words("answer.series_cut", shown=MOST_SERIES, total=len(chart["series"])))
    if chart["type"] != "line" and rows > len(chart["x"]) >= 24:
        notes.append(words("answer.chart_cut", shown=len(chart["x"])))
    files = " ".join(
        f'<a href="{link(f"nb/chart.{name}", a=token, lang=words.language)}" download>{name.upper()}</a>'
        for name in chart_formats()
    )
    note = f'<p class="nb-chart-note">{escape(" ".join(notes))}</p>' if notes else ""
    return (
        f'<figcaption>{escape(str(chart["title"]) + unit)}<span class="nb-files">'
        f"{escape(words('answer.download'))} {files}</span></figcaption>"
        f'<div class="nb-drawing" role="img" aria-label="{escape(in_words(chart, words))}">'
        f"{as_svg(chart, words, width, on_page=True)}</div>{note}"
    )


def chart_response(chart: Mapping[str, Any] | None, kind: str, name: str, words: Texts) -> Response:
    """A chart as a file to download; a sentence where there is none, or none of that kind.

    Args:
        name: What to call the file, without its extension; any text.
    """
    if chart is None or kind not in chart_formats():
        return failed(words("answer.no_chart"), 404)
    content: bytes | str = as_png(chart, words) if kind == "png" else as_svg(chart, words)
    headers = {"content-disposition": disposition(name, kind), "cache-control": "no-store"}
    return Response(content, media_type=_MEDIA_TYPES[kind], headers=headers)


def route(site: Site) -> Route:
    """``/nb/chart.svg?a=TOKEN`` and ``.png``: the chart of an answer, as a file."""

    def serve(request: Request, words: Texts) -> Response:
        answer = site.answers.answer(read_token(request.query_params.get("a", "")))
        return chart_response(answer.chart, request.path_params["kind"], answer.question, words)

    warm_up()
    return Route("/nb/chart.{kind}", answering(serve))
