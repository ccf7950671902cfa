"""The page that takes in reports, as it is used: files chosen and dropped, looked at, taken in, taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "reports"
DROP = """([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true}));
    }
}"""


@pytest.fixture
def empty_address(tmp_path: Path) -> Iterator[str]:
    """The pages over a folder in which there was no index."""
    from ui.adding.beginning import open_or_begin
    from ui.web.serving import serve

    with open_or_begin(tmp_path / "new") as (assistant, is_new):
        assert is_new
        blocks, address = serve(assistant)
        yield address
        blocks.close(verbose=False)


def choose(page: Any, *files: Path) -> None:
    page.locator("[data-input=files]").set_input_files([str(file) for file in files])


def read(page: Any, count: int) -> None:
    """Wait until so many files are shown as read."""
    page.wait_for_function(
        "count => document.querySelectorAll('.nb-added').length === count"
        " && !document.querySelector('[data-part=reading-bar]:not([hidden])')",
        arg=count,
    )


def test_beginning_with_nothing_reports_are_added_and_asked_about(
    visit: Callable[..., Any], empty_address: str
) -> None:
    at = visit("adding", at=empty_address, until=".nb-drop")
    page = at.page
    assert "第一份" in page.text_content("h1")
    choose(page, SAMPLES / "economic-zone-2023.txt", SAMPLES / "fengyu-town-2023.txt")
    read(page, 2)
    assert "2023年" in page.text_content(".nb-added >> nth=0")
    page.click("[data-act=take]")
    page.wait_for_selector(".nb-job-done")
    assert "新增2份" in page.text_content(".nb-job-counts")
    assert "2份报告" in page.text_content(".nb-corpus")
    # A reload shows how it ended, and each file leads to its report.
    page.reload()
    page.wait_for_selector(".nb-job-done")
    page.click(".nb-job-files a >> nth=0")
    page.wait_for_url("**/reports?id=*")
    at.open("")
    at.ask("2023年各单位收到多少件申请？")


def test_what_is_dropped_is_read_and_a_hostile_name_is_text(
    visit: Callable[..., Any], own_address: str, hostile: str
) -> None:
    at = visit("adding", at=own_address, until=".nb-adding[data-started]")
    page = at.page
    name = "<img src=x onerror=window.pwned=1>.txt"
    at.evaluate(DROP, [name, f"某某镇2023年政府信息公开工作年度报告\n{hostile}\n一、总体情况\n{hostile}\n"])
    page.wait_for_selector(".nb-added")
    read(page, 1)
    assert name in page.text_content(".nb-added")
    assert at.evaluate("window.pwned") is None
    # What can't be read can't be taken in.
    at.evaluate(DROP, ["空.txt", ""])
    read(page, 2)
    assert page.locator(".nb-added-failed input").first.is_disabled()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_looking_before_taking_in(visit: Callable[..., Any], own_address: str, tmp_path: Path, size: str) -> None:
    at = visit("adding", at=own_address, until=".nb-adding[data-started]", size=size)
    page = at.page
    walk = tmp_path / "散步.txt"
    walk.write_text("今天天气很好。" * 60, encoding="utf-8")
    choose(page, SAMPLES / "economic-zone-2023.txt", walk)
    read(page, 2)
    assert "索引里已有" in page.text_content(".nb-added >> nth=0")
    assert "这不是政府信息公开工作年度报告" in page.text_content("[data-part=rows]")
    assert page.locator("[data-act=take]").is_disabled()
    # By keyboard: the file's own line, its form, and what a person says shows at once.
    page.focus("[data-edit]")
    page.keyboard.press("Enter")
    page.fill("#nb-edit-year", "明年")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[data-part=edit-problem]').textContent !== ''")
    assert at.accessibility_violations() == ""
    page.fill("#nb-edit-year", "2019")
    page.keyboard.press("Enter")
    page.wait_for_selector(".nb-added:has-text('2019年')")
    assert not at.scrolls_sideways
    assert at.accessibility_violations() == ""
    page.emulate_media(color_scheme="dark")
    at.evaluate("document.body.classList.add('dark')")
    assert at.accessibility_violations() == ""


def test_a_report_is_removed_after_asking_and_can_be_put_back(visit: Callable[..., Any], empty_address: str) -> None:
    at = visit("adding", at=empty_address, until=".nb-adding[data-started]")
    page = at.page
    choose(page, SAMPLES / "economic-zone-2023.txt")
    read(page, 1)
    page.click("[data-act=take]")
    page.wait_for_selector(".nb-index-table [data-remove]")
    page.click("[data-remove]")
    page.wait_for_selector("[data-part=remove][open]")
    assert "开发区" in page.text_content("[data-part=remove-name]")
    assert "removed" in page.text_content("[data-part=remove-told]")
    page.keyboard.press("Escape")
    page.click("[data-remove]")
    page.wait_for_selector("[data-part=remove][open]")
    page.click("[data-part=remove] [type=submit]")
    page.wait_for_function("!document.querySelector('.nb-index-table')")
    page.click(".nb-notice button >> nth=0")
    page.wait_for_selector(".nb-index-table [data-remove]")


def test_the_list_is_searched_and_its_address_kept(visit: Callable[..., Any], own_address: str) -> None:
    at = visit("adding?lang=en", at=own_address, until=".nb-adding[data-started]")
    page = at.page
    assert page.locator(".nb-index-table tbody tr").count() == 40
    page.fill("#nb-files-q", "fengyu")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.nb-index-table tbody tr').length === 3")
    assert "q=fengyu" in page.url
    page.reload()
    page.wait_for_selector(".nb-index-table")
    assert page.locator(".nb-index-table tbody tr").count() == 3
    page.fill("#nb-files-q", "nothing of the sort")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=files] .nb-nothing")


def test_a_route_that_takes_files_takes_none_from_elsewhere(own_address: str) -> None:
    import httpx

    address = f"{own_address}nb/uploads?name=a.txt"
    assert httpx.put(address, content=b"x").status_code == 403
    foreign = {"x-nianbao-upload": "1", "sec-fetch-site": "cross-site"}
    assert httpx.put(address, content=b"x", headers=foreign).status_code == 403
    own = {"x-nianbao-upload": "1"}
    assert httpx.put(f"{own_address}nb/uploads?name=..%2F..", content=b"x", headers=own).status_code == 400
    assert httpx.put(f"{own_address}nb/uploads?name=a.exe", content=b"x", headers=own).status_code == 400
