"""What is under an answer, used as a visitor does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
ALL = "各单位2023年收到多少件申请"
VALUES = ".nb-answer-table tbody td.nb-at-value"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_chart_table_coverage_and_controls_are_under_the_answer(visit: Callable[..., Any], size: str) -> None:
    here = visit(size=size, until="#nb-composer textarea")
    here.ask(ALL)
    page = here.page
    page.wait_for_selector(".nb-drawing svg")
    assert page.locator(".nb-answer-table tbody tr").count() == 14
    assert "14份写明" in page.locator(".nb-coverage").inner_text()
    page.locator(".nb-how > summary").click()
    page.wait_for_selector(".nb-plan")
    assert not here.scrolls_sideways
    assert page.locator(".nb-drawing svg").evaluate("e => e.getBoundingClientRect().right <= innerWidth")
    assert here.accessibility_violations() == ""
    here.evaluate("document.body.classList.add('dark'); document.documentElement.classList.add('dark')")
    assert here.accessibility_violations() == ""


def test_a_column_is_sorted_and_a_value_leads_to_its_evidence(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask(ALL)
    page = here.page
    for _ in range(2):
        page.locator("th.nb-at-value button").click()
    numbers = [int(re.sub(r"\D", "", text)) for text in page.locator(VALUES).all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    link = page.locator(f"{VALUES} a").first
    n = link.get_attribute("data-n")
    link.click()
    page.wait_for_selector(f"#nb-card-0-{n}.nb-chosen")
    assert "41" in page.locator(f"#nb-card-0-{n}").inner_text()


def test_a_card_beyond_the_first_is_fetched_when_its_marker_is_clicked(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask("常见的问题有哪些")
    page = here.page
    page.wait_for_selector(".nb-more-cards")
    assert page.locator("#nb-card-0-100").count() == 0
    page.evaluate("document.querySelector('.nb-answer-table .nb-ref[data-n=\"100\"]').click()")
    page.wait_for_selector("#nb-card-0-100.nb-chosen")
    shown = [int(n) for n in page.locator(".nb-card").evaluate_all("all => all.map((card) => card.dataset.n)")]
    assert shown == sorted(set(shown))
    while page.locator(".nb-more-cards").count():
        before = page.locator(".nb-card").count()
        page.locator(".nb-more-cards").first.click()
        page.wait_for_function("n => document.querySelectorAll('.nb-card').length > n", arg=before)
    assert page.locator(".nb-card").count() == int(page.locator(".nb-cards").get_attribute("data-total"))


def test_sorting_a_long_table_fetches_its_rest_first(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask("常见的问题有哪些")
    page = here.page
    rows = page.locator(".nb-answer-table tbody tr")
    assert rows.count() == 100
    page.locator("th.nb-at-year button").click()
    page.wait_for_function("document.querySelectorAll('.nb-answer-table tbody tr').length > 100")
    page.wait_for_selector("th.nb-at-year[aria-sort]")
    years = page.locator("td.nb-at-year").all_inner_texts()
    assert years == sorted(years)
    assert page.locator(".nb-all-rows").count() == 0


def test_another_year_is_chosen_and_answered(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask("2023年收到申请最多的3家单位")
    page = here.page
    page.locator(".nb-how > summary").click()
    again = page.locator(".nb-plan [type=submit]")
    assert again.is_disabled()
    page.get_by_label("2023", exact=True).uncheck()
    page.get_by_label("2022", exact=True).check()
    page.locator(".nb-plan [name=limit]").fill("1")
    again.click()
    page.wait_for_function("document.querySelector('.nb-text')?.innerText.includes('2022年')")
    assert "最多的是哪个" in page.locator(".nb-how-plan").inner_text()
    assert "2022年" in page.locator(".nb-text").inner_text()


def test_a_body_is_added_with_the_keyboard(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask("2023年收到申请最多的3家单位")
    page = here.page
    page.locator(".nb-how > summary").press("Enter")
    box = page.locator("[data-suggest=bodies]")
    box.fill("自然资源")
    page.wait_for_selector(".nb-offers [aria-selected]")
    box.press("ArrowDown")
    box.press("Enter")
    assert "栖澜县自然资源局" in page.locator("[data-field=bodies] .nb-piece").inner_text()
    page.locator(".nb-plan [type=submit]").press("Enter")
    page.wait_for_function("document.querySelector('.nb-how-plan')?.innerText.includes('栖澜县自然资源局')")
    assert "41件" in page.locator(".nb-text").inner_text()


def test_a_markers_quote_is_previewed_and_a_chart_is_downloaded(visit: Callable[..., Any]) -> None:
    here = visit(until="#nb-composer textarea")
    here.ask(ALL)
    page = here.page
    page.locator(".nb-text .nb-ref").first.hover()
    page.wait_for_selector(".nb-preview")
    quote = page.locator(".nb-preview blockquote").inner_text()
    assert quote in page.locator("#nb-card-0-1 blockquote").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".nb-preview").count() == 0
    page.wait_for_selector(".nb-chart .nb-files a")
    with page.expect_download() as download:
        page.locator(".nb-chart .nb-files a").first.click()
    content = download.value.path().read_text(encoding="utf-8")
    assert content.startswith("<svg")
    assert "栖澜县自然资源局" in content
