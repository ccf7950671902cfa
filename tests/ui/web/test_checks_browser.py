"""The page of checks, used as a visitor does who works through the list."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

LIST = "checks?sort=comparison"
"""The bundled samples contradict themselves four times."""
ITEM = ".nb-check[data-check]"


def standings(visit: Any) -> list[str]:
    return [item.get_attribute("data-standing") for item in visit.page.locator(ITEM).all()]


def wait_progress(visit: Any, done: int) -> None:
    visit.page.wait_for_function("done => document.querySelector('.nb-check-far progress')?.value === done", arg=done)


def test_a_verdict_is_given_kept_and_taken_back(visit: Any, own_address: str) -> None:
    seen = visit(LIST, until=ITEM, at=own_address)
    seen.page.fill("#nb-check-name", "张三")
    seen.page.locator("#nb-check-name").blur()
    item = seen.page.locator(ITEM).nth(1)
    item.locator(".nb-check-note").fill("<b>两个口径</b>")
    item.locator("[data-finding=dismissed]").click()
    wait_progress(seen, 1)
    assert standings(seen) == ["open", "dismissed", "open", "open"]
    assert "<b>两个口径</b>" in item.inner_text()
    assert "张三" in item.inner_text()
    seen.open(f"{LIST}&verdict=dismissed", ITEM)
    assert standings(seen) == ["dismissed"]
    assert seen.page.input_value("#nb-check-name") == "张三"
    seen.page.click("[data-undo]")
    wait_progress(seen, 0)
    seen.open(LIST, ITEM)
    assert standings(seen) == ["open"] * 4


def test_the_list_is_worked_through_with_the_keyboard(visit: Any, own_address: str) -> None:
    seen = visit(LIST, until=ITEM, at=own_address)
    keys = seen.page.keyboard
    keys.press("c")  # at nothing: nothing happens
    keys.press("j")
    keys.press("j")
    keys.press("c")
    wait_progress(seen, 1)
    assert standings(seen) == ["open", "confirmed", "open", "open"]
    assert "确有差错" in seen.page.inner_text(".nb-check-announced")
    keys.press("j")
    keys.press("d")
    wait_progress(seen, 2)
    keys.press("k")
    keys.press("u")
    wait_progress(seen, 1)
    assert standings(seen) == ["open", "open", "dismissed", "open"]
    seen.page.locator(".nb-check-note").first.focus()
    keys.type("jcdu")
    assert seen.page.locator(".nb-check-note").first.input_value() == "jcdu"
    assert standings(seen) == ["open", "open", "dismissed", "open"]


def test_filters_change_the_address_and_the_back_button_undoes_them(visit: Any) -> None:
    seen = visit(LIST, until=ITEM)
    seen.page.select_option("#nb-check-rule", "narrative_against_table")
    seen.page.wait_for_function("document.querySelectorAll('.nb-check').length === 1")
    assert "rule=narrative_against_table" in seen.page.url
    seen.page.fill("#nb-check-body", "没有这个单位")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".nb-nothing")
    seen.page.go_back()
    seen.page.wait_for_function("document.querySelectorAll('.nb-check').length === 1")
    seen.page.go_back()
    seen.page.wait_for_function("document.querySelectorAll('.nb-check').length === 4")
    assert seen.page.url.endswith(LIST)
    seen.page.click(".nb-check-chip[aria-current]")
    seen.page.wait_for_function("!document.querySelector('.nb-check-chip[aria-current]')")
    assert "sort=" not in seen.page.url


def test_a_link_leads_to_the_place_in_the_report(visit: Any) -> None:
    seen = visit(LIST, until=ITEM)
    address = seen.page.locator(f"{ITEM} .nb-check-there").first.get_attribute("href")
    assert address.startswith("reports?id=") and "at=" in address


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_fits_and_is_accessible_in_light_and_dark(visit: Any, own_address: str, size: str) -> None:
    seen = visit(LIST, size=size, until=ITEM, at=own_address)
    assert not seen.scrolls_sideways
    seen.page.locator("[data-finding=confirmed]").first.click()
    wait_progress(seen, 1)
    assert seen.accessibility_violations() == ""
    seen.evaluate("document.body.classList.toggle('dark')")
    assert seen.accessibility_violations() == ""


def test_on_a_phone_the_filters_are_folded_until_they_are_wanted(visit: Any) -> None:
    seen = visit(LIST, size="phone", until=ITEM, locale="en-GB")
    assert not seen.page.is_visible("#nb-check-rule")
    seen.page.click(".nb-check-more > summary")
    seen.page.select_option("#nb-check-rule", "narrative_against_table")
    seen.page.wait_for_function("document.querySelectorAll('.nb-check').length === 1")
    assert seen.page.is_visible("#nb-check-rule")
    assert seen.page.inner_text("h1") == "Checks"
