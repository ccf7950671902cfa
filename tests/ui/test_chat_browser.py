"""The web chat end to end: a real browser over the bundled samples."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian: apt install chromium)"),
]


@pytest.fixture(scope="module")
def address(samples_index: Path) -> Iterator[str]:
    from assistant.assistant import Assistant
    from ui.chat import serve

    with Assistant.open(samples_index) as assistant:
        page, address = serve(assistant)
        yield address
        page.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A page of the chat that fails on any request to another host and on any error in the page."""

    def __init__(self, browser: Any, address: str, width: int, height: int, locale: str = "zh-CN") -> None:
        self.problems: list[str] = []
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self._check(request.url))
        self.page.on("websocket", lambda socket: self._check(socket.url.replace("ws", "http", 1)))
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.goto(address)
        self.page.wait_for_selector(".nb-welcome")

    def _check(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"a request to {url}")

    def ask(self, question: str) -> None:
        asked = self.page.locator(".nb-turn").count()
        box = self.page.locator("#nb-box textarea, #nb-box input")
        box.fill(question)
        box.press("Enter")
        self.page.wait_for_selector(f'.nb-turn[data-turn="{asked}"] :is(.nb-text, .nb-error)')

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    def is_in_viewport(self, selector: str) -> bool:
        """Whether the first match is visible on the screen, not scrolled out of its panel or covered."""
        self.page.wait_for_timeout(700)
        return bool(
            self.page.evaluate(
                """selector => {
                    const element = document.querySelector(selector);
                    const box = element.getBoundingClientRect();
                    const hit = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + 8);
                    return box.height > 0 && element.contains(hit);
                }""",
                selector,
            )
        )

    def end(self) -> None:
        self.context.close()
        assert self.problems == []


@pytest.fixture
def desktop(browser: Any, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, 1440, 900)
    yield visit
    visit.end()


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, 390, 844)
    yield visit
    visit.end()


def test_ask_read_the_answer_open_a_citation_and_see_the_highlight(desktop: Visit, silent_zones: list[str]) -> None:
    page = desktop.page
    desktop.ask(QUESTION)
    text = page.inner_text(".nb-text")
    for zone in silent_zones:
        assert zone in text
    marker = page.locator(".nb-text .nb-ref").first
    n = marker.get_attribute("data-n")
    marker.click()
    card = f"#nb-card-0-{n}"
    assert desktop.is_in_viewport(card)
    assert desktop.evaluate("document.activeElement.id") == card[1:]
    quote = page.inner_text(f"{card} blockquote")
    page.click(f"{card} .nb-open")
    page.wait_for_selector(".nb-report mark")
    assert desktop.is_in_viewport(".nb-report mark")
    assert page.locator(".nb-report mark").first.inner_text() in quote
    page.keyboard.press("Escape")
    page.wait_for_selector(card)
    page.click(card)
    page.wait_for_selector(".nb-report mark")
    page.click(".nb-back")
    assert desktop.is_in_viewport(card)


def test_a_cited_table_cell_is_marked_in_its_table(desktop: Visit) -> None:
    page = desktop.page
    desktop.ask("2023年收到申请最多的5家单位")
    page.locator(".nb-card", has=page.locator(".nb-cells mark")).first.locator(".nb-open").click()
    page.wait_for_selector(".nb-report td mark.nb-cell")
    assert desktop.is_in_viewport(".nb-report td mark.nb-cell")


def test_an_example_question_is_asked_with_a_click(desktop: Visit) -> None:
    page = desktop.page
    example = page.locator(".nb-examples .nb-question").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector(".nb-text")
    assert page.inner_text(".nb-asked").endswith(question)


def test_a_conversation_goes_on_and_starts_anew(desktop: Visit) -> None:
    page = desktop.page
    desktop.ask(QUESTION)
    desktop.ask("那2022年呢")
    assert page.locator(".nb-turn").count() == 2
    page.locator('.nb-turn[data-turn="0"] .nb-ref').first.click()
    assert page.locator('.nb-group[data-turn="0"]').is_visible()
    assert not page.locator('.nb-group[data-turn="1"]').is_visible()
    page.click('[data-action="new"]')
    page.wait_for_selector(".nb-welcome")
    assert page.locator(".nb-card").count() == 0


def test_a_phone_shows_everything_without_scrolling_sideways(phone: Visit) -> None:
    page = phone.page
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not phone.evaluate(wide)
    phone.ask("2023年各单位收到多少件申请？")
    assert not phone.evaluate(wide)
    assert phone.is_in_viewport("#nb-composer")
    page.locator(".nb-text .nb-ref").first.click()
    assert phone.is_in_viewport(".nb-card.nb-chosen")
    page.locator(".nb-card.nb-chosen .nb-open").click()
    page.wait_for_selector(".nb-report mark")
    assert phone.is_in_viewport(".nb-report mark")
    assert not phone.evaluate(wide)
    page.click(".nb-back")
    page.locator(".nb-card.nb-chosen .nb-up").click()
    assert phone.is_in_viewport(".nb-text")


def test_an_english_browser_gets_an_english_page(browser: Any, address: str) -> None:
    visit = Visit(browser, address, 1440, 900, locale="en-GB")
    assert "Ask a question" in visit.page.inner_text(".nb-welcome")
    assert (visit.evaluate("document.documentElement.lang"), visit.page.title()) == ("en", "Nianbao")
    visit.page.click("text=中文")
    visit.page.wait_for_selector("text=问一个关于年报的问题")
    visit.end()


def test_a_report_that_holds_a_script_runs_nothing(browser: Any, assistant: Any, hostile: str) -> None:
    from ui.chat import serve

    served, address = serve(assistant)
    try:
        visit = Visit(browser, address, 1440, 900)
        visit.ask("2023年各单位收到多少件申请？")
        visit.page.click("#nb-card-0-4 .nb-open")
        visit.page.wait_for_selector(".nb-report mark")
        for panel in (".nb-text", "#nb-card-0-4 blockquote", ".nb-report"):
            assert hostile in re.sub(r"\s+", " ", visit.page.inner_text(panel)), panel
        assert visit.evaluate("window.pwned") is None
        visit.ask(hostile)
        assert hostile in visit.page.inner_text('.nb-turn[data-turn="1"] .nb-asked')
        assert visit.evaluate("window.pwned") is None
        visit.ask("太长")
        assert "太长了" in visit.page.inner_text('.nb-turn[data-turn="2"] .nb-error')
        visit.end()
    finally:
        served.close(verbose=False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_violations(browser: Any, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python isn't installed")
    visit = Visit(browser, address, 1440, 900)
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.reload()
    visit.page.wait_for_selector(".nb-welcome")
    visit.ask("2023年各单位收到多少件申请？")
    for state in ("answer", "report"):
        if state == "report":
            visit.page.locator(".nb-card .nb-open").nth(1).click()
            visit.page.wait_for_selector(".nb-report mark")
        visit.page.wait_for_timeout(500)
        found = axe.Axe().run(visit.page, context="#nb-page").response["violations"]
        summary = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]
        assert summary == [], json.dumps(summary, ensure_ascii=False, indent=1)
    visit.context.close()
