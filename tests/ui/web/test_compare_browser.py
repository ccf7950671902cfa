"""Two reports side by side, as a visitor uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vectorstore.index import Index

pytestmark = pytest.mark.browser

GRADIO_S_OWN = ("landmark-main-is-top-level", "landmark-no-duplicate-main")
"""Gradio puts every page into a main of its own."""


def violations(seen: Any) -> list[str]:
    """What axe finds on the page, but for what is Gradio's own."""
    found = json.loads(seen.accessibility_violations() or "[]")
    return [str(violation) for violation in found if violation[0] not in GRADIO_S_OWN]


@pytest.fixture(scope="module")
def pair(samples_index: Path) -> str:
    """Two years of one body of the samples."""
    with Index.open(samples_index) as index:
        by_body: dict[str, list[str]] = {}
        for report in index.reports():
            by_body.setdefault(report.body_id, []).append(report.report_id)
    return ",".join(next(ids for ids in by_body.values() if len(ids) > 1)[:2])


def test_only_what_differs_is_shown_when_asked_and_the_address_says_so(visit: Callable[..., Any], pair: str) -> None:
    seen = visit(f"reports?compare={pair}", until=".nb-compared")
    rows = seen.page.locator(".nb-compared tbody tr:visible")
    everything = rows.count()
    seen.page.get_by_label("只看不同的").check()
    assert 0 < rows.count() < everything
    assert seen.page.locator(".nb-compared tr.nb-equal:visible").count() == 0
    assert "only=1" in seen.page.url
    seen.page.reload()
    seen.page.wait_for_selector(".nb-compared")
    assert seen.page.get_by_label("只看不同的").is_checked()
    assert not seen.scrolls_sideways


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_used_by_everybody_on_a_phone(visit: Callable[..., Any], pair: str, dark: bool) -> None:
    seen = visit(f"reports?compare={pair}", size="phone", until=".nb-compared")
    if dark:
        seen.evaluate("document.body.classList.add('dark')")
    assert not seen.scrolls_sideways
    assert violations(seen) == []


def test_another_body_is_found_by_its_name_with_the_keyboard(visit: Callable[..., Any], pair: str) -> None:
    one, _ = pair.split(",")
    seen = visit(f"reports?compare={one}", until=".nb-compare-search")
    seen.page.locator(".nb-compare-search").fill("农业")
    seen.page.wait_for_selector(".nb-offers [aria-selected]")
    seen.page.locator(".nb-compare-search").press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".nb-compared")
    assert "农业" in seen.page.locator(".nb-side-name").last.inner_text()
