"""Links to the pages of a list."""

from __future__ import annotations

from collections.abc import Callable

from ui.texts import Texts
from ui.web.markup import escape

_NEAR = 2
"""Pages on either side of the one shown that have links; the first and the last always do."""


def render_pages(
    page: int,
    pages: int,
    address: Callable[[int], str],
    words: Texts,
    *,
    said: str = "",
    marks: Callable[[int], str] | None = None,
) -> str:
    """The pages of a list as links, and before them what ``said`` says of it; nothing where there is neither.

    Args:
        page: The one that is shown, from 1.
        address: Of a page, escaped for an attribute.
        marks: Attributes of a page's link, by which a script knows it.
    """
    lead = f'<p class="nb-soft">{escape(said)}</p>' if said else ""
    if pages == 1:
        return lead

    def to(number: int, label: str, current: str = "") -> str:
        more = f" {marks(number)}" if marks is not None else ""
        return f'<a href="{address(number)}"{more}{current}>{escape(label)}</a>'

    links = [to(page - 1, words("paging.previous"))] if page > 1 else []
    before = 0
    for number in sorted({1, pages, *range(max(1, page - _NEAR), min(pages, page + _NEAR) + 1)}):
        if number > before + 1:
            links.append('<span aria-hidden="true">…</span>')
        links.append(to(number, f"{number:,}", ' aria-current="page"' if number == page else ""))
        before = number
    if page < pages:
        links.append(to(page + 1, words("paging.next")))
    return f'<nav class="nb-paging" aria-label="{escape(words("paging.pages"))}">{lead}{"".join(links)}</nav>'
