"""Makes the pictures of the README: starts the web chat over the samples and photographs it with Chromium.

Run it in the project's root, in the environment that `make test` sets up:

    python docs/make_pictures.py

It writes `docs/pictures/chat.png` (a desktop) and `docs/pictures/chat-phone.png`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"
SECOND_QUESTION = "2023年收到申请最多的5家单位"


def photograph(browser: Any, address: str, width: int, height: int, questions: list[str], *, read: bool) -> bytes:
    """A picture of the chat after some questions; with ``read``, with the report of a cited table row opened."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, locale="zh-CN", color_scheme="light"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".nb-welcome")
    for number, question in enumerate(questions):
        box = page.locator("#nb-box textarea, #nb-box input")
        box.fill(question)
        box.press("Enter")
        page.wait_for_selector(f'.nb-turn[data-turn="{number}"] .nb-text')
    if read:
        page.locator(".nb-group:visible .nb-card", has=page.locator(".nb-cells")).first.locator(".nb-open").click()
        page.wait_for_selector(".nb-report mark")
    # Scrolling is smooth, so it takes a moment.
    page.wait_for_timeout(1200)
    picture: bytes = page.screenshot()
    context.close()
    return picture


def main() -> None:
    """Makes both pictures, over an index made for them and thrown away."""
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from assistant.assistant import Assistant
    from ingest.pipeline import ingest
    from ui.chat import serve
    from vectorstore.index import Index

    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("No Chromium was found; install it (Debian: apt install chromium) and run this again.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        with Index.open(folder, create=True) as index:
            ingest([ROOT / "samples" / "reports"], index)
        with Assistant.open(folder) as assistant, sync_playwright() as playwright:
            page, address = serve(assistant)
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
            )
            desktop = photograph(browser, address, 1280, 800, [SECOND_QUESTION], read=True)
            (PICTURES / "chat.png").write_bytes(desktop)
            phone = photograph(browser, address, 390, 844, [QUESTION], read=False)
            (PICTURES / "chat-phone.png").write_bytes(phone)
            browser.close()
            page.close(verbose=False)
    print(f"Made {PICTURES / 'chat.png'} and {PICTURES / 'chat-phone.png'}")


if __name__ == "__main__":
    main()
