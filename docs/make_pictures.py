"""Makes the pictures of the README and of docs/web.md: the real pages over the samples, photographed with Chromium.

Run it in the project's root, in the environment that `make test` sets up:

    python docs/make_pictures.py

It writes `docs/pictures/NAME.png` (1440 pixels wide) and `docs/pictures/NAME-phone.png` (390) of each page.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"": (1440, 900), "-phone": (390, 844)}
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"
RANKING = "2023年收到申请最多的5家单位"
_COLOURS = 160
"""Of a picture: flat pages lose nothing by it, and the repository stays small."""


def ask(page: Any, question: str) -> None:
    """Type a question and wait for its answer."""
    asked = page.locator(".nb-turn").count()
    box = page.locator("#nb-box textarea, #nb-box input")
    box.fill(question)
    box.press("Enter")
    page.wait_for_selector(f'.nb-turn[data-turn="{asked}"] .nb-text')


def ask_zeros(page: Any) -> None:
    """A list with its evidence, the report opened at the cited words where there is room beside it."""
    ask(page, QUESTION)
    if page.viewport_size["width"] > 900:
        page.locator(".nb-group:visible .nb-open").first.click()
        page.wait_for_selector(".nb-report mark")


def ask_ranking(page: Any) -> None:
    """An answer with its chart and its table."""
    ask(page, RANKING)
    page.wait_for_selector(".nb-turn svg")


def open_form(page: Any) -> None:
    """The figures of a report as the official form."""
    page.locator("a[href^='reports?id=']").nth(2).click()
    page.wait_for_selector("[role=tab], .nb-tabs a")
    page.get_by_role("tab", name="数据").or_(page.locator("a[href*='view=figures']")).first.click()


@dataclass(frozen=True)
class Picture:
    """What to photograph: a page's address, what must stand on it, and what to do there first."""

    name: str
    path: str
    visible: str
    act: Callable[[Any], None] | None = None


SHOWN = (
    Picture("chat", "", ".nb-welcome", ask_zeros),
    Picture("answer", "", ".nb-welcome", ask_ranking),
    Picture("reports", "reports", "a[href^='reports?id=']"),
    Picture("report", "reports?name=自然资源局", "a[href^='reports?id=']", open_form),
    Picture("figures", "figures", "#nb-figures .nb-grid tbody tr"),
    Picture("checks", "checks", "#nb-checks .nb-main"),
    Picture("adding", "adding", "#nb-adding button"),
)


def photograph(browser: Any, address: str, picture: Picture, width: int, height: int) -> bytes:
    """The page as it stands once nothing moves any more, as PNG."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, locale="zh-CN", color_scheme="light"
    )
    page = context.new_page()
    page.goto(address + picture.path)
    page.wait_for_selector(picture.visible)
    if picture.act is not None:
        picture.act(page)
    # Scrolling is smooth, so it takes a moment.
    page.wait_for_timeout(1500)
    taken: bytes = page.screenshot()
    context.close()
    return taken


def smaller(picture: bytes) -> bytes:
    """The PNG with a palette, a third as large; as it was where Pillow isn't installed."""
    try:
        from PIL import Image
    except ImportError:
        return picture
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Makes all pictures, over an index made for them and thrown away."""
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from assistant.assistant import Assistant
    from ingest.pipeline import ingest
    from ui.web.serving import serve
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
            for picture in SHOWN:
                for suffix, (width, height) in SIZES.items():
                    made = PICTURES / f"{picture.name}{suffix}.png"
                    made.write_bytes(smaller(photograph(browser, address, picture, width, height)))
                    print(f"Made {made.relative_to(ROOT)}")
            browser.close()
            page.close(verbose=False)


if __name__ == "__main__":
    main()
