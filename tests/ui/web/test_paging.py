"""The links to a list's pages."""

from __future__ import annotations

import re

from ui.texts import texts
from ui.web.paging import render_pages


def labels(html: str) -> list[str]:
    return re.findall(r">([^<>]+)<", html)


def shown(page: int, pages: int) -> str:
    return render_pages(page, pages, lambda number: f"list?page={number}", texts("en"), marks=lambda n: f"data-n={n}")


def test_the_first_the_last_and_the_near_pages_have_links() -> None:
    html = shown(6, 1200)
    assert labels(html) == ["Previous", "1", "…", "4", "5", "6", "7", "8", "…", "1,200", "Next"]
    assert html.count("aria-current") == 1
    assert '<a href="list?page=1200" data-n=1200>' in html


def test_nothing_lies_before_the_first_page_or_behind_the_last() -> None:
    assert labels(shown(1, 3)) == ["1", "2", "3", "Next"]
    assert labels(shown(3, 3)) == ["Previous", "1", "2", "3"]


def test_one_page_needs_no_links() -> None:
    assert shown(1, 1) == ""
    assert labels(render_pages(1, 1, str, texts("en"), said="3 <in> all")) == ["3 &lt;in&gt; all"]
