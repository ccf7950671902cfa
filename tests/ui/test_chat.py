"""The web chat without a browser: what the page shows, and what it is served with."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ui.conversation import Conversation, chosen_language
from ui.rendering import Turn
from ui.texts import texts

ZH = texts("zh")


def test_a_follow_up_is_asked_with_the_earlier_questions(assistant: Any) -> None:
    conversation = Conversation(assistant)
    turns: list[Turn] = []
    for question in ("哪些开发区2023年没有收到申请？", "那2022年呢"):
        turns.append(conversation.ask(question, turns, ZH))
    assert assistant.asked[-1] == ("那2022年呢", ("哪些开发区2023年没有收到申请？",))


def test_a_refused_question_is_a_sentence_and_no_part_of_the_history(assistant: Any) -> None:
    conversation = Conversation(assistant)
    refused = conversation.ask("太长", [], ZH)
    assert refused.error == "这个问题太长了，请缩短后再问。"
    conversation.ask("那2022年呢", [refused], ZH)
    assert assistant.asked[-1] == ("那2022年呢", ())


def test_an_unexpected_error_doesnt_end_the_conversation(assistant: Any) -> None:
    assert Conversation(assistant).ask("崩溃", [], ZH).error == ZH("chat.unexpected")


def test_a_citation_opens_its_report(assistant: Any, kept: Any) -> None:
    conversation = Conversation(assistant)
    turns = [conversation.ask("哪些开发区2023年没有收到申请？", [], ZH)]
    html = conversation.report(turns, 0, 1, ZH)
    assert kept[0].report.title in html
    assert '<mark class="nb-cited">全年未收到政府信息公开申请。</mark>' in html


@pytest.mark.parametrize(("turn", "n"), [(0, 99), (7, 1), (-1, 1)])
def test_a_citation_that_isnt_there_opens_nothing(assistant: Any, turn: int, n: int) -> None:
    conversation = Conversation(assistant)
    turns = [conversation.ask("哪些开发区2023年没有收到申请？", [], ZH)]
    assert conversation.report(turns, turn, n, ZH) == ""


def test_the_empty_page_says_what_the_index_holds_and_offers_questions(assistant: Any) -> None:
    conversation = Conversation(assistant)
    assert "5份报告 · 5个单位 · 2022–2023" in conversation.header(ZH)
    assert 'data-ask="哪些开发区2023年没有收到申请？"' in conversation.welcome(ZH)
    assert "Which zones received no applications in 2023?" in conversation.welcome(texts("en"))


def test_an_empty_index_says_how_to_fill_it(assistant: Any) -> None:
    assistant.index.kept = ()
    assert "nianbao ingest" in Conversation(assistant).welcome(ZH)


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr-FR", "zh"),
        (None, None, "zh"),
        ("en", "zh-CN", "en"),
        ("tlh", "en", "en"),
    ],
)
def test_the_page_speaks_the_browsers_language_unless_told_otherwise(
    query: str | None, accepted: str | None, language: str
) -> None:
    assert chosen_language(query, accepted) == language


@pytest.mark.integration
def test_every_response_forbids_other_hosts() -> None:
    from ui.chat import OwnHostOnly

    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    asyncio.run(OwnHostOnly(app)({"type": "http"}, receive, send))
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.integration
def test_the_page_is_built_without_analytics(assistant: Any) -> None:
    from ui.chat import build, page_options

    assert build(assistant).analytics_enabled is False
    options = page_options()
    assert options["share"] is False
    assert options["footer_links"] == []
    assert "http" not in options["head"].replace("http://www.w3.org/2000/svg", "")
