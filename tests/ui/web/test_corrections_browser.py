"""A report corrected from its page, as a person does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

GRADIO_S_OWN = ("landmark-main-is-top-level", "landmark-no-duplicate-main")
"""Gradio puts every page into a main of its own."""


def violations(seen: Any) -> list[str]:
    """What axe finds on the page, but for what is Gradio's own."""
    found = json.loads(seen.accessibility_violations() or "[]")
    return [str(violation) for violation in found if violation[0] not in GRADIO_S_OWN]


def test_a_figure_is_corrected_shown_and_taken_back(visit: Callable[..., Any], own_address: str) -> None:
    listed = visit("reports", until="a[href*='reports?id=']", at=own_address)
    address = listed.page.locator("a[href*='reports?id=']").first.get_attribute("href").split("&")[0]
    seen = visit(f"{address}&view=corrections", until=".nb-correct", at=own_address)
    page = seen.page
    page.locator(".nb-correct > summary").click()
    metric = page.locator("#nb-correct-metric")
    metric.fill("新收政府信息")
    page.wait_for_selector(".nb-offers [aria-selected]")
    metric.press("ArrowDown")
    metric.press("Enter")
    page.get_by_role("button", name="保存更正").click()
    page.wait_for_selector("#nb-correct-error-value:visible")
    assert page.locator("#nb-correct-value").get_attribute("aria-invalid") == "true"
    assert violations(seen) == []
    page.locator("#nb-correct-value").fill("98765")
    page.locator("#nb-correct-why").fill('与原件核对 <img src=x onerror="window.pwned = 1">')
    page.locator("#nb-correct-by").fill("张三")
    page.get_by_role("button", name="保存更正").click()
    page.wait_for_selector(".nb-done")
    assert "98,765" in page.locator(".nb-corrections-made").inner_text()
    assert "<img" in page.locator(".nb-corrections-made").inner_text()
    assert seen.evaluate("window.pwned") is None
    # The name is remembered for the next correction.
    page.locator(".nb-correct > summary").click()
    assert page.locator("#nb-correct-by").input_value() == "张三"
    assert violations(seen) == []
    assert not seen.scrolls_sideways
    page.locator("[data-undo]").click()
    page.wait_for_function("!document.querySelector('.nb-corrections-made')")
    assert "已撤销" in page.locator(".nb-done").inner_text()


def test_words_selected_in_the_report_are_the_quote(visit: Callable[..., Any], address: str) -> None:
    listed = visit("reports", until="a[href*='reports?id=']")
    href = listed.page.locator("a[href*='reports?id=']").first.get_attribute("href").split("&")[0]
    seen = visit(f"{href}&view=corrections", until=".nb-correct", size="phone")
    page = seen.page
    page.locator(".nb-correct > summary").click()
    assert not seen.scrolls_sideways
    page.locator('[data-view="text"]').click()
    page.wait_for_selector(".nb-report p:visible")
    chosen = seen.evaluate(
        """() => {
            const line = [...document.querySelectorAll(".nb-report p")].find((p) => p.textContent.length > 20);
            getSelection().selectAllChildren(line);
            return line.textContent;
        }"""
    )
    page.wait_for_function("document.querySelector('#nb-correct-quote').value !== ''")
    assert page.locator("#nb-correct-quote").input_value() == chosen.strip()
