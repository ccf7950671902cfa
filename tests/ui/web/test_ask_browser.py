"""The page that answers, used as a visitor does."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"
ALL = "2023年各单位收到多少件申请？"
FOLLOW_UP = "那2022年呢"

pytestmark = pytest.mark.browser

BOX = "#nb-box textarea"


def wait_answered(visit: Any, turn: int) -> str:
    """Wait for a turn's answer; gives its text."""
    selector = f'.nb-turn[data-turn="{turn}"]:not(.nb-busy) .nb-text'
    visit.page.wait_for_selector(selector)
    return str(visit.page.inner_text(selector))


def questions(visit: Any) -> list[str]:
    # Before the question stands, for screen readers, that it is one.
    script = "all => all.map((one) => one.lastChild.textContent)"
    return list(visit.page.locator(".nb-turn .nb-asked").evaluate_all(script))


def said(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture
def slow(browser: Any, assistant: Any) -> Iterator[Any]:
    """The pages over an assistant that answers 慢 only once ``slow.go`` is set."""
    from ui.web.serving import serve

    ask = assistant.ask
    assistant.go = threading.Event()

    def ask_slowly(question: str, history: Any = ()) -> Any:
        if question == "慢":
            assistant.go.wait(20)
        return ask(question, history)

    assistant.ask = ask_slowly
    served, assistant.address = serve(assistant)
    yield assistant
    assistant.go.set()
    served.close(verbose=False)


def test_ask_read_the_answer_open_a_citation_and_see_the_highlight(visit: Any, silent_zones: list[str]) -> None:
    desktop = visit(until=".nb-welcome h2")
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
    page.click(f"{card} .nb-open")
    page.wait_for_selector(".nb-report mark")
    page.click(".nb-back")
    assert desktop.is_in_viewport(card)


def test_a_cited_table_cell_is_marked_in_its_table(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    desktop.ask("2023年收到申请最多的5家单位")
    desktop.page.locator(".nb-card", has=desktop.page.locator(".nb-cells mark")).first.locator(".nb-open").click()
    desktop.page.wait_for_selector(".nb-report td mark.nb-cell")
    assert desktop.is_in_viewport(".nb-report td mark.nb-cell")


def test_an_example_is_asked_with_a_click_and_its_address_asks_it_again(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    example = desktop.page.locator(".nb-examples .nb-question").first
    question = example.inner_text()
    example.click()
    text = wait_answered(desktop, 0)
    assert questions(desktop) == [question]
    elsewhere = visit(desktop.page.url.removeprefix(desktop.address))
    assert wait_answered(elsewhere, 0) == text
    elsewhere.page.reload()
    assert wait_answered(elsewhere, 0) == text
    assert questions(elsewhere) == [question]


def test_the_link_of_a_follow_up_brings_what_it_leans_on(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    desktop.ask(QUESTION)
    desktop.ask(FOLLOW_UP)
    text = wait_answered(desktop, 1)
    assert "2022" in text
    elsewhere = visit(desktop.page.url.removeprefix(desktop.address))
    assert wait_answered(elsewhere, 1) == text
    assert questions(elsewhere) == [QUESTION, FOLLOW_UP]


def test_a_link_that_cannot_be_read_says_so(visit: Any) -> None:
    desktop = visit("?a=nonsense")
    assert "读不出来" in desktop.page.wait_for_selector(".nb-notice-error").inner_text()
    assert desktop.page.is_visible(".nb-welcome")


def test_conversations_survive_a_reload_and_can_be_opened_and_deleted(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    desktop.ask(QUESTION)
    desktop.ask(FOLLOW_UP)
    text = wait_answered(desktop, 1)
    page.reload()
    assert wait_answered(desktop, 1) == text
    wait_answered(desktop, 0)
    page.click('[data-action="new"]')
    page.wait_for_selector(".nb-welcome h2")
    assert questions(desktop) == []
    assert page.locator(".nb-card").count() == 0
    desktop.ask(ALL)
    page.click('[data-action="list"]')
    assert page.locator("#nb-kept .nb-kept-title").all_inner_texts() == [ALL, QUESTION]
    page.locator("#nb-kept .nb-kept-open").nth(1).click()
    assert wait_answered(desktop, 1) == text
    page.click('[data-action="list"]')
    page.locator(".nb-kept-one button.nb-quiet").nth(1).click()
    assert page.locator("#nb-kept .nb-kept-title").all_inner_texts() == [ALL]
    page.locator(".nb-notice button").first.click()
    assert page.locator("#nb-kept .nb-kept-title").count() == 2
    for _ in range(2):
        page.click(".nb-kept-foot button")
    page.reload()
    page.wait_for_selector(".nb-welcome h2")
    page.click('[data-action="list"]')
    assert page.locator("#nb-kept .nb-kept-title").count() == 0


def test_two_tabs_do_not_overwrite_each_other(visit: Any) -> None:
    first = visit(until=".nb-welcome h2")
    first.ask(QUESTION)
    # A duplicated tab begins with the same conversation.
    session = first.evaluate("JSON.stringify({...sessionStorage})")
    other = first.context.new_page()
    other.add_init_script(f"if (!sessionStorage.length) Object.assign(sessionStorage, {session})")
    other.goto(first.page.url)
    other.wait_for_selector(".nb-text")
    other.fill(BOX, FOLLOW_UP)
    other.press(BOX, "Enter")
    other.wait_for_selector('.nb-turn[data-turn="1"]:not(.nb-busy) .nb-text')
    first.ask(ALL)
    kept = first.evaluate("nianbao.kept.all().map((one) => one.turns.map((turn) => turn.q))")
    assert sorted(kept) == sorted([[QUESTION, FOLLOW_UP], [QUESTION, ALL]])


def test_at_most_fifty_conversations_are_kept_and_broken_storage_is_no_error(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    desktop.evaluate(
        """() => { for (let n = 0; n < 60; n += 1) {
            localStorage.setItem(`nianbao.conversation.1.x${n}`,
              JSON.stringify({at: n + 1, revision: "r", turns: [{q: `问${n}`}]}));
        } localStorage.setItem("nianbao.conversation.1.broken", "{"); }"""
    )
    desktop.ask(QUESTION)
    titles = desktop.evaluate("nianbao.kept.all().map((one) => one.turns[0].q)")
    assert len(titles) == 50
    assert titles[:2] == [QUESTION, "问59"]
    desktop.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    desktop.ask(FOLLOW_UP)
    assert questions(desktop) == [QUESTION, FOLLOW_UP]


def test_an_edited_question_forks_the_conversation(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    for question in (QUESTION, ALL, FOLLOW_UP):
        desktop.ask(question)
    page.locator('.nb-turn[data-turn="1"] [data-action="edit"]').click()
    assert page.input_value(BOX) == ALL
    page.fill(BOX, "2023年收到申请最多的5家单位")
    page.press(BOX, "Enter")
    wait_answered(desktop, 1)
    assert questions(desktop) == [QUESTION, "2023年收到申请最多的5家单位"]
    page.click('[data-action="list"]')
    page.locator("#nb-kept .nb-kept-open").nth(1).click()
    wait_answered(desktop, 2)
    assert questions(desktop) == [QUESTION, ALL, FOLLOW_UP]


def test_the_first_of_several_questions_can_be_edited(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    for question in (QUESTION, ALL, FOLLOW_UP):
        desktop.ask(question)
    page.locator('.nb-turn[data-turn="0"] [data-action="edit"]').click()
    page.press(BOX, "Enter")
    wait_answered(desktop, 0)
    # What watches the turns is told late that those after it have gone; an error would end the visit as a failure.
    page.wait_for_timeout(300)
    assert questions(desktop) == [QUESTION]


def test_a_refused_plan_is_told_beside_its_field_until_it_is_changed(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    desktop.ask(ALL)
    page.click(".nb-how > summary")
    page.locator("[data-field=metrics] .nb-piece-drop").click()
    page.click(".nb-plan [type=submit]")
    page.wait_for_selector("[data-field=metrics] .nb-refused")
    assert page.locator(".nb-notice").count() == 0
    box = page.locator("[data-suggest=metrics]")
    box.fill("复议")
    page.wait_for_selector(".nb-offers li:first-child:has-text('复议')")
    assert desktop.is_in_viewport(".nb-offers [role=option]")
    assert page.locator(".nb-offers [role=option]").first.inner_text().startswith("行政复议")
    box.press("Enter")
    assert page.locator(".nb-refused").count() == 0


def test_a_changed_plan_answers_in_place_and_can_be_undone(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    desktop.ask(QUESTION)
    desktop.ask(FOLLOW_UP)
    first, second = wait_answered(desktop, 0), wait_answered(desktop, 1)
    plan = {"subject": "figures", "operation": "count", "language": "zh", "metrics": ["applications_new"]}
    desktop.evaluate("plan => nianbao.conversation.replan(0, plan)", plan)
    page.wait_for_selector('.nb-turn[data-turn="0"] .nb-changed')
    assert wait_answered(desktop, 0) != first
    # What leaned on the question as it was stays as it was, also after a reload.
    link = page.url
    page.reload()
    assert wait_answered(desktop, 1) == second
    page.wait_for_selector('.nb-turn[data-turn="0"] .nb-changed')
    elsewhere = visit(link.removeprefix(desktop.address))
    elsewhere.page.wait_for_selector(".nb-changed")
    assert questions(elsewhere) == [QUESTION]
    page.click('[data-action="undo"]')
    page.wait_for_selector('.nb-turn[data-turn="0"]:not(:has(.nb-changed)):not(.nb-busy) .nb-text')
    assert wait_answered(desktop, 0) == first


def test_copying_gives_references_and_a_link(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desktop.ask(QUESTION)
    page.click('[data-action="copy"]')
    page.wait_for_selector(".nb-notice")
    copied = said(desktop.evaluate("navigator.clipboard.readText()"))
    assert said(page.locator(".nb-card h3").first.inner_text()) in copied
    page.click(".nb-notice button")
    page.click('[data-action="link"]')
    page.wait_for_selector(".nb-notice")
    assert desktop.evaluate("navigator.clipboard.readText()") == page.url


def test_an_answer_can_be_exported(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    desktop.ask(ALL)
    page.click(".nb-menu summary")
    with page.expect_download() as download:
        page.click('.nb-menu a[href*="answer.csv"]')
    assert Path(download.value.path()).read_bytes().count(b"\n") > 14
    assert not page.is_visible(".nb-menu ul")


def test_the_keyboard_asks_breaks_lines_and_brings_the_last_question_back(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    assert desktop.evaluate("document.activeElement.matches('#nb-box textarea')")
    before = page.locator(BOX).bounding_box()["height"]
    page.keyboard.type("2023年")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("各单位收到多少件申请？")
    assert page.locator(BOX).bounding_box()["height"] > before
    assert page.locator(".nb-turn").count() == 0
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_answered(desktop, 0)
    assert page.locator(".nb-turn").count() == 1
    assert page.input_value(BOX) == ""
    page.keyboard.press("ArrowUp")
    assert said(page.input_value(BOX)) == ALL
    page.fill(BOX, "")
    page.locator(".nb-thread-head button").first.focus()
    page.keyboard.press("/")
    assert desktop.evaluate("document.activeElement.matches('#nb-box textarea')")
    assert page.input_value(BOX) == ""


def test_what_an_input_method_takes_with_enter_is_not_sent(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    desktop.page.fill(BOX, "shenqing")
    desktop.evaluate(
        """document.querySelector('#nb-box textarea').dispatchEvent(
             new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert desktop.page.locator(".nb-turn").count() == 0


def test_a_slow_answer_says_so_and_can_be_stopped_and_retried(visit: Any, slow: Any) -> None:
    desktop = visit(at=slow.address, until=".nb-welcome h2")
    page = desktop.page
    assert not page.is_visible("#nb-stop")
    page.fill(BOX, "慢")
    page.press(BOX, "Enter")
    page.wait_for_selector(".nb-asking")
    page.fill(BOX, "第二个问题")
    page.press(BOX, "Enter")
    assert page.locator(".nb-turn").count() == 1
    assert page.input_value(BOX) == "第二个问题"
    page.wait_for_selector("text=/已等了4秒/")
    page.click("#nb-stop")
    page.wait_for_selector("text=已停止。")
    assert not page.is_visible("#nb-stop")
    slow.go.set()
    page.click('.nb-turn [data-action="retry"]')
    wait_answered(desktop, 0)
    assert page.locator(".nb-turn").count() == 1


def test_an_answer_that_grows_is_shown_while_it_does(visit: Any, monkeypatch: pytest.MonkeyPatch, slow: Any) -> None:
    from ui.web.ask.conversation import Conversation

    whole = Conversation.replies

    def replies(self: Any, request: Any) -> Iterator[Any]:
        yield {
            "partial": True,
            "turn": '<section class="nb-turn" data-turn="0"><p class="nb-part">有一半了</p></section>',
        }
        slow.go.wait(20)
        yield from whole(self, request)

    monkeypatch.setattr(Conversation, "replies", replies)
    desktop = visit(at=slow.address, until=".nb-welcome h2")
    page = desktop.page
    page.fill(BOX, ALL)
    page.press(BOX, "Enter")
    page.wait_for_selector("text=有一半了")
    assert page.is_visible("#nb-stop")
    slow.go.set()
    wait_answered(desktop, 0)
    assert page.locator(".nb-part").count() == 0


def test_a_lost_server_is_said_in_words_and_asking_works_when_it_is_back(visit: Any, samples_index: Path) -> None:
    from assistant.assistant import Assistant
    from ui.web.serving import serve

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Assistant.open(samples_index) as assistant:
        served, address = serve(assistant, port=port)
        desktop = visit(at=address, until=".nb-welcome h2")
        page = desktop.page
        desktop.ask(QUESTION)
        wait_answered(desktop, 0)
        served.close(verbose=False)
        desktop.ask(FOLLOW_UP)
        assert "连接断了" in page.inner_text('.nb-turn[data-turn="1"] .nb-error')
        assert desktop.is_in_viewport('.nb-turn[data-turn="1"] [data-action="retry"]')
        page.click('.nb-turn[data-turn="1"] [data-action="retry"]')
        page.wait_for_selector('.nb-turn[data-turn="1"] .nb-error')
        served, _ = serve(assistant, port=port)
        try:
            page.click('.nb-turn[data-turn="1"] [data-action="retry"]')
            assert "2022" in wait_answered(desktop, 1)
            assert questions(desktop) == [QUESTION, FOLLOW_UP]
            assert page.locator(".toast-wrap .toast-body").count() == 0
        finally:
            served.close(verbose=False)


def test_a_phone_keeps_the_box_at_hand_and_nothing_scrolls_sideways(visit: Any) -> None:
    phone = visit(size="phone", until=".nb-welcome h2")
    page = phone.page
    assert not phone.scrolls_sideways
    assert phone.is_in_viewport(BOX)
    phone.ask(ALL)
    assert not phone.scrolls_sideways
    assert phone.is_in_viewport(BOX)
    top = "document.querySelector('{}').getBoundingClientRect().top"
    assert phone.evaluate(top.format("#nb-evidence")) > phone.evaluate(top.format(".nb-turn .nb-text"))
    page.locator(".nb-text .nb-ref").first.click()
    assert phone.is_in_viewport(".nb-card.nb-chosen")
    page.locator(".nb-card.nb-chosen .nb-open").click()
    page.wait_for_selector(".nb-report mark")
    assert phone.is_in_viewport(".nb-report mark")
    assert not phone.scrolls_sideways
    page.click(".nb-back")
    page.locator(".nb-card.nb-chosen .nb-up").click()
    assert phone.is_in_viewport(".nb-text .nb-ref")
    page.click('[data-action="list"]')
    assert not phone.scrolls_sideways


def test_the_head_fits_a_phone_in_english(visit: Any) -> None:
    page = visit(size="phone", locale="en-GB", until=".nb-welcome h2").page
    middle = "element => { const box = element.getBoundingClientRect(); return (box.top + box.bottom) / 2; }"
    name, other = (page.locator(f".nb-bar > {one}").evaluate(middle) for one in (".nb-name", "[data-language]"))
    assert abs(name - other) < 8
    last = page.locator(".nb-pages a").last.bounding_box()
    assert last["x"] + last["width"] <= 390


def test_an_english_browser_gets_english_and_the_switch_keeps_the_conversation(visit: Any) -> None:
    english = visit(locale="en-GB", until=".nb-welcome h2")
    page = english.page
    assert "Ask a question" in page.inner_text(".nb-welcome")
    assert english.evaluate("document.documentElement.lang") == "en"
    english.ask(QUESTION)
    page.click("text=中文")
    page.wait_for_selector("text=对话列表")
    wait_answered(english, 0)
    assert questions(english) == [QUESTION]


def test_a_report_that_holds_a_script_runs_nothing(visit: Any, slow: Any, hostile: str) -> None:
    desktop = visit(at=slow.address, until=".nb-welcome h2")
    desktop.ask(ALL)
    desktop.page.click("#nb-card-0-4 .nb-open")
    desktop.page.wait_for_selector(".nb-report mark")
    for panel in (".nb-text", "#nb-card-0-4 blockquote", ".nb-report"):
        assert hostile in re.sub(r"\s+", " ", desktop.page.inner_text(panel)), panel
    desktop.ask(hostile)
    assert hostile in desktop.page.inner_text('.nb-turn[data-turn="1"] .nb-asked')
    desktop.page.reload()
    wait_answered(desktop, 1)
    desktop.page.click('[data-action="new"]')
    desktop.ask(hostile)
    desktop.page.click('[data-action="list"]')
    assert desktop.page.locator("#nb-kept .nb-kept-title").first.inner_text() == hostile
    assert desktop.evaluate("window.pwned") is None


def test_a_refused_question_is_told_apart_from_one_without_an_answer(visit: Any, slow: Any) -> None:
    desktop = visit(at=slow.address, until=".nb-welcome h2")
    desktop.ask("太长")
    assert "太长了" in desktop.page.inner_text('.nb-turn[data-turn="0"] .nb-error')
    desktop.ask("开发区的申请数")
    assert desktop.page.locator('.nb-turn[data-turn="1"] .nb-error').count() == 0
    assert desktop.page.locator('.nb-turn[data-turn="1"] .nb-options .nb-question').count() == 2


def test_an_empty_index_says_how_to_add_reports(visit: Any, assistant: Any) -> None:
    from ui.web.serving import serve

    assistant.index.kept = ()
    served, address = serve(assistant)
    try:
        empty = visit(at=address, until=".nb-welcome h2")
        assert empty.page.get_attribute(".nb-welcome a", "href") == "adding"
    finally:
        served.close(verbose=False)


def test_two_hundred_turns_stay_usable(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    page = desktop.page
    turns = [{"q": ALL if n % 2 else QUESTION, "p": None, "follows": False, "failed": False} for n in range(200)]
    desktop.evaluate(
        """turns => {
              localStorage.setItem("nianbao.conversation.1.long", JSON.stringify({at: 1, revision: "r", turns}));
              nianbao.kept.stay("long", ""); }""",
        turns,
    )
    page.goto(desktop.address)
    wait_answered(desktop, 199)
    assert page.locator(".nb-turn").count() == 200
    assert page.locator(".nb-turn[data-answered]").count() < 20
    desktop.ask("2023年收到申请最多的5家单位")
    wait_answered(desktop, 200)
    desktop.evaluate("document.querySelector('#nb-thread').scrollTop = 0")
    wait_answered(desktop, 0)
    page.wait_for_function("document.querySelectorAll('.nb-turn[data-answered]').length < 20")
    page.wait_for_selector('.nb-turn[data-turn="198"]:not([data-answered])', state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_violations(visit: Any, scheme: str) -> None:
    desktop = visit()
    desktop.page.emulate_media(color_scheme=scheme)
    desktop.page.reload()
    desktop.page.wait_for_selector(".nb-welcome h2")
    assert desktop.accessibility_violations() == ""
    desktop.ask(ALL)
    desktop.page.click(".nb-menu summary")
    desktop.page.click('[data-action="edit"]')
    desktop.page.click('[data-action="list"]')
    desktop.page.wait_for_timeout(400)
    assert desktop.accessibility_violations() == ""


def test_an_answer_is_told_once(visit: Any) -> None:
    desktop = visit(until=".nb-welcome h2")
    desktop.evaluate(
        """() => { window.told = [];
          new MutationObserver(() => told.push(document.querySelector("#nb-said").textContent))
            .observe(document.querySelector("#nb-said"), {childList: true, characterData: true, subtree: true}); }"""
    )
    desktop.ask(QUESTION)
    text = said(re.sub(r"\[\d+\]", "", desktop.page.inner_text(".nb-text")))
    told = [said(one) for one in json.loads(desktop.evaluate("JSON.stringify(told)"))]
    assert len(told) == 2
    assert text.startswith(told[1].rstrip("…"))
    assert desktop.page.locator("#nb-thread [aria-live], #nb-thread[aria-live]").count() == 0
