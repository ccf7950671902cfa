"""An answer that a language model words, in a browser: it grows, says who worded it, and can be stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.language_server import LanguageServer, Reply

if TYPE_CHECKING:
    from assistant.assistant import Assistant

QUESTION = "自然资源局2023年收到多少件申请"
TRUE = "2023年，栖澜县自然资源局收到政府信息公开申请41件[1]。"
AGAIN = "其2023年新收的政府信息公开申请共41件，机关为栖澜县自然资源局[2]。"
BOX = "#nb-box textarea"

pytestmark = pytest.mark.browser


class Pages:
    """The pages over an assistant whose model says what the test scripts."""

    def __init__(self, assistant: Assistant, server: LanguageServer, address: str) -> None:
        self.assistant, self.server, self.address = assistant, server, address


@pytest.fixture(scope="module")
def pages(browser: Any, samples_index: Path) -> Iterator[Pages]:
    from assistant.assistant import Assistant
    from ui.web.serving import serve

    with LanguageServer() as server, Assistant.open(samples_index) as assistant:
        assistant.language_model = server.model(timeout=60.0)
        served, address = serve(assistant)
        yield Pages(assistant, server, address)
        served.close(verbose=False)


def opened(visit: Any, pages: Pages, *replies: Any, size: str = "desktop", mark: str = "") -> Any:
    """The page with the question asked; another ``mark`` makes another question of it, of which nothing is kept."""
    pages.server.script(*replies)
    visited = visit(at=pages.address, until=".nb-welcome h2", size=size)
    visited.page.fill(BOX, QUESTION + mark)
    visited.page.press(BOX, "Enter")
    return visited


def test_the_built_in_answer_is_there_at_once_the_wording_takes_its_place_and_it_is_a_click_away(
    visit: Any, pages: Pages
) -> None:
    desktop = opened(visit, pages, Reply(TRUE + AGAIN, piece=4, pause=0.08, delay=0.8))
    page = desktop.page
    page.wait_for_selector(".nb-growing")
    assert "新收政府信息公开申请41件" in page.inner_text(".nb-text")
    assert page.locator(".nb-group .nb-card").count() >= 1, "its evidence is there already"
    page.wait_for_selector(".nb-growing ~ *, .nb-text:has-text('2023年，栖澜县自然资源局')")
    page.wait_for_selector(".nb-turn:not(.nb-busy) details.nb-worded")
    assert page.inner_text(".nb-text").startswith("2023年，栖澜县自然资源局收到政府信息公开申请41件")
    assert "由语言模型措辞，逐句核对" in page.inner_text(".nb-worded summary")
    assert not page.is_visible(".nb-own-words")
    page.click(".nb-worded summary")
    assert "栖澜县自然资源局2023年新收政府信息公开申请41件" in page.inner_text(".nb-own-words")
    page.click(".nb-own-words .nb-ref >> nth=0")
    assert desktop.is_in_viewport("#nb-card-0-1")


def test_what_a_model_invents_is_never_on_the_page(visit: Any, pages: Pages) -> None:
    false = "栖澜县自然资源局2023年收到99件申请[1]。![](https://example.org/?41)<img src=x onerror=alert(1)>\n"
    desktop = opened(visit, pages, Reply(false + TRUE, piece=5, pause=0.02), mark="？")
    page = desktop.page
    page.wait_for_selector(".nb-turn:not(.nb-busy) details.nb-worded")
    assert "99" not in page.inner_text(".nb-turn")
    assert page.locator(".nb-turn img").count() == 0
    assert "没有通过核对" in page.inner_text(".nb-warning")


def test_stopping_hangs_up_on_the_model_and_leaves_the_built_in_answer(visit: Any, pages: Pages) -> None:
    said = []

    def endless(_: Any) -> Reply:
        said.append(time.monotonic())
        return Reply(TRUE + "另外" * 2000, piece=2, pause=0.05)

    desktop = opened(visit, pages, endless, mark="?")
    page = desktop.page
    page.wait_for_selector(".nb-text:has-text('收到政府信息公开申请41件')")
    page.click("#nb-stop")
    page.wait_for_selector(".nb-turn:not(.nb-busy) .nb-actions")
    assert not page.is_visible("#nb-stop")
    page.wait_for_function("() => !document.querySelector('.nb-growing')")
    assert "新收政府信息公开申请41件" in page.inner_text(".nb-text")
    model = pages.assistant.language_model
    assert model is not None
    deadline = time.monotonic() + 10
    while model._free._value < model.settings.parallel and time.monotonic() < deadline:
        time.sleep(0.05)
    assert model._free._value == model.settings.parallel, "the call to the model goes on"
    pages.server.script(TRUE)
    page.click('.nb-turn [data-action="retry"]')
    page.wait_for_selector(".nb-turn:not(.nb-busy) details.nb-worded")


def test_a_reload_shows_the_same_wording_without_asking_again(visit: Any, pages: Pages) -> None:
    desktop = opened(visit, pages, TRUE, mark="。")
    page = desktop.page
    page.wait_for_selector(".nb-turn:not(.nb-busy) details.nb-worded")
    text, asked = page.inner_text(".nb-text"), len(pages.server.requests)
    page.reload()
    page.wait_for_selector(".nb-turn details.nb-worded")
    assert page.inner_text(".nb-text") == text
    assert len(pages.server.requests) == asked


def test_on_a_phone_nothing_scrolls_sideways(visit: Any, pages: Pages) -> None:
    phone = opened(visit, pages, TRUE, size="phone", mark="！")
    phone.page.wait_for_selector(".nb-turn:not(.nb-busy) details.nb-worded")
    phone.page.click(".nb-worded summary")
    assert not phone.scrolls_sideways


def test_what_was_stopped_is_remembered_as_built_in(pages: Pages) -> None:
    from ui.web.asked import Answers, Asked

    pages.server.script(Reply(TRUE + AGAIN, piece=2, pause=0.02))
    answers, asked = Answers(pages.assistant), Asked(QUESTION)
    coming = answers.stream(asked)
    assert next(coming).answer.worded_by == "rules"
    assert next(known for known in coming if known.answer.worded_by == "model").built_in is not None
    coming.close()  # type: ignore[attr-defined]
    assert answers.answer(asked).worded_by == "rules"
    pages.server.script(TRUE)
    assert [*answers.stream(asked)][-1].answer.worded_by == "model"
    assert answers.answered(asked).is_final
