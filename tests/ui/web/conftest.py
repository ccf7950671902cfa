"""The web interface in a real browser: Chromium, and visits that fail on whatever a visitor should never meet."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
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
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


# Not of the whole session: Playwright's event loop runs while it is open, and other tests start one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; skipped, with the reason, where none is installed."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(samples_index: Path) -> Iterator[str]:
    """The pages over the bundled samples, shared by all tests: only for those that change nothing there."""
    from assistant.assistant import Assistant
    from ui.web.serving import serve

    with Assistant.open(samples_index) as assistant:
        blocks, address = serve(assistant)
        yield address
        blocks.close(verbose=False)


@pytest.fixture
def own_address(samples_index: Path, tmp_path: Path) -> Iterator[str]:
    """The pages over a copy of the samples' index that the test may change."""
    from assistant.assistant import Assistant
    from ui.web.serving import serve

    folder = tmp_path / "index"
    shutil.copytree(samples_index, folder)
    with Assistant.open(folder) as assistant:
        blocks, address = serve(assistant)
        yield address
        blocks.close(verbose=False)


class Visit:
    """A page in a browser of its own that fails on any request to another host and on any error in the page.

    Attributes:
        page: Playwright's page.
    """

    def __init__(self, browser: Any, address: str, size: str = "desktop", locale: str = "zh-CN") -> None:
        self.problems: list[str] = []
        self.address = address
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self._check(request.url))
        self.page.on("websocket", lambda socket: self._check(socket.url.replace("ws", "http", 1)))
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("dialog", lambda dialog: self.problems.append(f"a dialog: {dialog.message}"))

    def _check(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"a request to {url}")

    def open(self, path: str = "", until: str = ".nb-bar") -> None:
        """Go to a page of the site and wait until it shows ``until``."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(until)

    def ask(self, question: str) -> None:
        """Type a question on the page that answers, and wait for its answer."""
        asked = self.page.locator(".nb-turn").count()
        box = self.page.locator("#nb-box textarea, #nb-box input")
        box.fill(question)
        box.press("Enter")
        self.page.wait_for_selector(f'.nb-turn[data-turn="{asked}"] :is(.nb-text, .nb-error)')

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """What a script in the page gives."""
        return self.page.evaluate(script, argument)

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

    @property
    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the screen."""
        return bool(self.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def accessibility_violations(self, context: str = "#nb-page") -> str:
        """What axe-core finds, readable; empty if nothing. Gradio's own frame lies outside ``#nb-page``."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright isn't installed")
        self.page.wait_for_timeout(300)
        found = axe.Axe().run(self.page, context=context).response["violations"]
        summary = [(v["id"], v["impact"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]
        return json.dumps(summary, ensure_ascii=False, indent=1) if summary else ""

    def end(self) -> None:
        """Close it; raises where something happened that must not."""
        self.context.close()
        assert self.problems == []


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Visit]]:
    """``visit(path, size="desktop" | "phone", until=selector, locale=…, at=address)`` opens a page until the end."""
    visits: list[Visit] = []

    def go(
        path: str = "", *, size: str = "desktop", until: str = ".nb-bar", locale: str = "zh-CN", at: str = ""
    ) -> Visit:
        made = Visit(browser, at or address, size, locale)
        visits.append(made)
        made.open(path, until)
        return made

    yield go
    for made in visits:
        made.end()
