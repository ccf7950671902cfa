"""The pictures that stand for tables, shown in a report's text where the text only has their placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape
from ui.web.originals import PICTURE_TYPES, picture_link
from vectorstore.records import ReportPicture, Span

if TYPE_CHECKING:
    from ui.web.reports.report_text import Highlight

DrawPicture = Callable[[Span, str], str]
"""Gives the HTML of a picture, from its placeholder's span and the placeholder as HTML."""
Pictured = tuple[Span, DrawPicture]


def pictured(
    report_id: str, pictures: Sequence[ReportPicture], ranges: Iterable[Highlight], words: Texts
) -> list[Pictured]:
    """For each picture that can be shown its place and what shows it; marked where the ranges cite it."""
    cited = [mark for mark in ranges if mark.rank in ("cited", "cell")]
    return [
        (
            Span(picture.start, picture.end),
            _drawing(
                picture_link(report_id, number),
                number,
                len(pictures),
                any(mark.start < picture.end and picture.start < mark.end for mark in cited),
                words,
            ),
        )
        for number, picture in enumerate(pictures, 1)
        if picture.media_type in PICTURE_TYPES
    ]


def _drawing(address: str, number: int, count: int, is_cited: bool, words: Texts) -> DrawPicture:
    def draw(span: Span, placeholder: str) -> str:
        alt = escape(words("report.picture_alt", n=number, count=count))
        label = escape(words("report.picture_caption", n=number, count=count))
        mark = f" <strong>{escape(words('report.picture_cited'))}</strong>" if is_cited else ""
        return (
            f'<figure class="nb-picture{" nb-cited" if is_cited else ""}" id="nb-picture-{span.start}">'
            f'<a class="nb-enlarge" href="{address}" data-label="{label}" title="{escape(words("report.enlarge"))}">'
            f'<img src="{address}" loading="lazy" decoding="async" alt="{alt}"></a>'
            f"<figcaption>{label}{mark} {placeholder}</figcaption></figure>"
        )

    return draw
