"""The page of the reports as people use it: browsing, searching, reading; at a desk, on a phone, by keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.browser

LIST = ".nb-list"
REPORT = ".nb-one-report"


def test_a_place_is_taken_from_what_the_box_offers(visit: Callable[..., Any]) -> None:
    seen = visit("reports", until=LIST)
    page = seen.page
    box = page.get_by_role("combobox", name="地区")
    box.fill("没有这个地方")
    page.wait_for_selector(".nb-offers [aria-disabled]")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.fill("栖澜")
    page.locator(".nb-offers [aria-selected]", has_text="栖澜县").first.click()
    page.wait_for_selector(".nb-set-filter")
    assert "栖澜县" in page.get_by_role("combobox", name="地区").input_value()
    assert page.locator(".nb-offers").count() == 0


def test_the_copied_address_opens_the_report_from_anywhere(visit: Callable[..., Any]) -> None:
    seen = visit("reports", until=LIST)
    seen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.page.locator(f"{LIST} tbody th a").first.click()
    seen.page.wait_for_selector(REPORT)
    title = seen.page.locator("h1").inner_text()
    seen.page.locator("[data-copy][data-address]").click()
    seen.page.wait_for_selector(".nb-notice")
    copied = seen.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{seen.address}reports?id=")
    seen.open(copied.removeprefix(seen.address), until=REPORT)
    assert seen.page.locator("h1").inner_text() == title


def test_browsing_narrows_and_the_back_button_widens_again(visit: Callable[..., Any]) -> None:
    seen = visit("reports", until=LIST)
    page = seen.page
    everything = page.locator(".nb-list tbody tr").count()
    page.get_by_role("link", name=re.compile("^乡镇")).click()
    page.wait_for_selector(".nb-set-filter")
    towns = page.locator(".nb-list tbody tr").count()
    assert 0 < towns < everything
    assert "kind=township" in page.url
    page.get_by_role("link", name=re.compile("^2022年")).click()
    page.wait_for_function("location.search.includes('year=2022')")
    page.wait_for_function("document.querySelectorAll('.nb-set-filter').length === 2")
    assert page.locator(".nb-list tbody tr").count() < towns
    address = page.url
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.nb-set-filter').length === 1")
    assert page.locator(".nb-list tbody tr").count() == towns
    page.goto(address)
    page.wait_for_function("document.querySelectorAll('.nb-set-filter').length === 2")
    page.get_by_label("名称").fill("没有这个单位")
    page.get_by_label("名称").press("Enter")
    page.wait_for_selector(".nb-nothing")
    assert "去掉“名称”的条件" in page.locator(".nb-nothing").inner_text()


def test_a_search_leads_to_the_marked_sentence_and_back(visit: Callable[..., Any]) -> None:
    seen = visit("reports", until=LIST)
    page = seen.page
    page.get_by_role("searchbox", name="搜索").fill("未收到政府信息公开申请")
    page.keyboard.press("Enter")
    page.wait_for_selector(".nb-hits mark")
    page.wait_for_function("location.search.includes('q=')")
    assert "未收到" in unquote(page.url)
    assert seen.accessibility_violations() == ""
    page.locator(".nb-hit").first.get_by_role("link").first.click()
    page.wait_for_selector("mark.nb-cited")
    assert seen.is_in_viewport("mark.nb-cited")
    assert "at=" in page.url
    page.go_back()
    page.wait_for_selector(".nb-hits")


def test_a_value_of_the_form_leads_to_its_cell_and_back_to_the_form(visit: Callable[..., Any]) -> None:
    seen = visit("reports", until=LIST)
    page = seen.page
    page.locator(".nb-list th[scope=row] a").first.click()
    page.wait_for_selector(REPORT)
    page.get_by_role("tab", name="正文").focus()
    page.keyboard.press("ArrowRight")
    assert "view=figures" in page.url
    cell = page.locator('td[data-metric="applications_new"] a')
    value = cell.inner_text()
    cell.click()
    page.wait_for_selector("mark.nb-cell")
    assert page.locator("mark.nb-cell").inner_text() == value
    assert seen.is_in_viewport("mark.nb-cell")
    page.go_back()
    page.wait_for_selector("#nb-view-figures:not([hidden])")
    page.get_by_role("tab", name="正文").click()
    page.locator(".nb-outline a").nth(5).click()
    assert page.evaluate("document.activeElement.matches('h3, h4, .nb-run-in')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_of_a_report_is_accessible(visit: Callable[..., Any], scheme: str) -> None:
    seen = visit("reports", until=LIST)
    page = seen.page
    page.emulate_media(color_scheme=scheme)
    page.reload()
    page.wait_for_selector(LIST)
    assert seen.accessibility_violations() == ""
    page.locator(".nb-list th[scope=row] a").first.click()
    page.wait_for_selector(REPORT)
    for name in ("figures", "checks", "years", "about") if scheme == "light" else ("figures",):
        page.locator(f'[data-view="{name}"]').click()
        page.wait_for_selector(f"#nb-view-{name}:not([hidden])")
        if name == "checks":
            page.locator("#nb-view-checks details").last.evaluate("details => { details.open = true; }")
        assert seen.accessibility_violations(REPORT) == "", name


def test_on_a_phone_filters_fold_and_only_tables_scroll(visit: Callable[..., Any]) -> None:
    seen = visit("reports", size="phone", until=LIST)
    page = seen.page
    assert not page.locator(".nb-filter-list").is_visible()
    page.get_by_role("button", name="筛选").click()
    assert page.locator(".nb-filter-list").is_visible()
    assert not seen.scrolls_sideways
    assert seen.accessibility_violations() == ""
    page.locator(".nb-list th[scope=row] a").first.click()
    page.wait_for_selector(REPORT)
    assert not seen.scrolls_sideways
    page.get_by_role("tab", name="数据").click()
    assert not seen.scrolls_sideways
    box = page.locator(".nb-form-box").nth(1)
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    label = box.locator("tbody th[scope=row]").first
    before = label.bounding_box()["x"]
    box.evaluate("box => { box.scrollLeft = 200; }")
    assert label.bounding_box()["x"] == before


def test_an_unknown_report_has_words_and_a_way_on(visit: Callable[..., Any]) -> None:
    seen = visit("reports?id=nosuch", until=".nb-nothing", locale="en-GB")
    assert "No report has the id" in seen.page.locator(".nb-nothing").inner_text()
    seen.page.get_by_role("link", name="All reports").click()
    seen.page.wait_for_selector(LIST)


@pytest.fixture
def hostile_address(tmp_path: Path, samples: Path, hostile: str) -> Iterator[str]:
    """The pages over one report that holds what a page must not believe."""
    from assistant.assistant import Assistant
    from ingest.pipeline import ingest
    from ui.web.serving import serve
    from vectorstore.index import Index

    folder = tmp_path / "reports"
    folder.mkdir()
    report = folder / "<img src=x onerror=alert(1)>.txt"
    shutil.copy(next(iter(sorted(samples.glob("*town-2023.txt")))), report)
    text = report.read_text(encoding="utf-8")
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if "总体情况" in line and n > 3)
    lines.insert(at + 1, f"本镇收到一份申请，内容是{hostile}，已经答复。")
    report.write_text("\n".join(lines), encoding="utf-8")
    index_folder = tmp_path / "hostile-index"
    with Index.open(index_folder, create=True) as index:
        ingest([folder], index)
    with Assistant.open(index_folder) as assistant:
        blocks, address = serve(assistant)
        yield address
        blocks.close(verbose=False)


def test_a_hostile_report_is_only_text(visit: Callable[..., Any], hostile_address: str) -> None:
    seen = visit("reports?q=本镇收到一份申请", until=".nb-hits", at=hostile_address)
    page = seen.page
    assert "<script>window.pwned = 1</script>" in page.locator(".nb-hits").inner_text()
    page.locator(".nb-hit a").first.click()
    page.wait_for_selector(REPORT)
    assert "[点我](javascript:alert(1))" in page.locator(".nb-report").inner_text()
    page.get_by_role("tab", name="来源与引用").click()
    assert "<img src=x" in page.locator(".nb-about-list").inner_text()
    assert page.evaluate("window.pwned") is None


def test_an_empty_index_leads_to_adding(visit: Callable[..., Any], tmp_path: Path) -> None:
    from assistant.assistant import Assistant
    from ui.web.serving import serve
    from vectorstore.index import Index

    Index.open(tmp_path / "empty", create=True).close()
    with Assistant.open(tmp_path / "empty") as assistant:
        blocks, address = serve(assistant)
        seen = visit("reports", until=".nb-nothing", at=address)
        assert seen.page.get_by_role("link", name="添加报告", exact=True).last.get_attribute("href") == "adding"
        assert seen.accessibility_violations() == ""
        blocks.close(verbose=False)
