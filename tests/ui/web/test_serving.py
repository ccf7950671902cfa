"""The web interface without a browser: what the page that answers gives, and what the pages are served with."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from ui.texts import texts
from ui.web.ask.conversation import Conversation
from ui.web.ask.turn_view import Turn
from ui.web.asked import Asked, read_token
from ui.web.header import corpus_line
from ui.web.site import Site, chosen_language
from vectorstore.errors import QuestionError

ZH = texts("zh")
QUESTION = "哪些开发区2023年没有收到申请？"


def conversation(assistant: Any) -> Conversation:
    return Conversation(Site(assistant))


def reply(assistant: Any, question: str, **more: Any) -> dict[str, Any]:
    return list(conversation(assistant).replies({"asked": {"q": question, **more}, "turn": 0, "lang": "zh"}))[-1]


def test_a_follow_up_is_asked_with_the_earlier_questions(assistant: Any) -> None:
    reply(assistant, "那2022年呢", h=[QUESTION])
    assert assistant.asked == [("那2022年呢", (QUESTION,))]


def test_a_refused_question_is_a_sentence_that_can_be_edited(assistant: Any) -> None:
    refused = reply(assistant, "太长")
    assert refused["failed"]
    assert "这个问题太长了，请缩短后再问。" in refused["turn"]
    assert 'data-action="edit"' in refused["actions"]
    assert "answer.csv" not in refused["actions"]


def test_an_unexpected_error_doesnt_end_the_conversation(assistant: Any) -> None:
    turn = conversation(assistant).turn(Asked("崩溃"), ZH)
    assert (turn.answer, turn.error) == (None, ZH("site.unexpected"))


@pytest.mark.parametrize(
    "asked", [None, [], {"q": 7}, {"q": "问" * 10_000}, {"q": "a", "p": {"x": 1}}, {"q": "a", "h": [7]}]
)
def test_a_request_that_cannot_be_read_is_refused_in_words(assistant: Any, asked: Any) -> None:
    (refused,) = conversation(assistant).replies({"asked": asked, "turn": 0, "lang": "zh"})
    assert refused["failed"]
    assert ZH("ask.bad_link") in refused["turn"]
    with pytest.raises(QuestionError, match="重新提问"):
        conversation(assistant).answer({"asked": asked, "turn": 0, "lang": "zh"})


@pytest.mark.parametrize("turn", [-1, "1", 10**9, None])
def test_a_turn_that_is_no_number_is_refused(assistant: Any, turn: Any) -> None:
    with pytest.raises(QuestionError):
        conversation(assistant).answer({"asked": {"q": QUESTION}, "turn": turn, "lang": "zh"})


def test_a_link_is_readable_where_a_question_stands_on_its_own(assistant: Any) -> None:
    assert reply(assistant, QUESTION, h=["开发区的申请数"])["address"] == {"q": QUESTION}
    refused = reply(assistant, "太长", h=[QUESTION])["address"]
    assert read_token(refused["a"]) == Asked("太长", None, (QUESTION,))


def test_a_link_reopens_the_conversation_it_speaks_of(assistant: Any) -> None:
    token = Asked("那2022年呢", None, (QUESTION,)).token
    turns = conversation(assistant).reopen({"token": token, "lang": "zh"})
    assert turns == [{"q": QUESTION, "p": None}, {"q": "那2022年呢", "p": None}]
    with pytest.raises(QuestionError, match="重新提问"):
        conversation(assistant).reopen({"token": "../../etc/passwd", "lang": "zh"})


def test_an_answer_offers_what_can_be_done_with_it(assistant: Any) -> None:
    row = reply(assistant, QUESTION)["actions"]
    for action in ("retry", "edit", "copy", "link"):
        assert f'data-action="{action}"' in row
    for extension in ("csv", "xlsx", "docx", "md", "bib", "ris", "csl.json", "txt"):
        assert f'href="nb/answer.{extension}?a={Asked(QUESTION).token}&amp;lang=zh"' in row


def test_what_is_read_out_has_no_markers_and_an_end(assistant: Any) -> None:
    answer = assistant.ask(QUESTION).model_copy(update={"text": "一二三四五" * 100 + "[1]"})
    said = conversation(assistant).reply(Turn(Asked(QUESTION), answer=answer), 0, ZH)["said"]
    assert said == "一二三四五" * 60 + "…"
    assert reply(assistant, QUESTION)["said"].endswith("白石经济开发区管理委员会。")


def test_a_citation_opens_its_report(assistant: Any, kept: Any) -> None:
    html = conversation(assistant).open_report({"asked": {"q": QUESTION}, "n": 1, "lang": "zh"})
    assert kept[0].report.title in html
    assert '<mark class="nb-cited">全年未收到政府信息公开申请。</mark>' in html


@pytest.mark.parametrize("n", [99, 0, -1, "1", None])
def test_a_citation_that_isnt_there_opens_nothing(assistant: Any, n: Any) -> None:
    assert conversation(assistant).open_report({"asked": {"q": QUESTION}, "n": n, "lang": "zh"}) == ""


def test_the_empty_page_says_what_the_index_holds_and_offers_questions(assistant: Any) -> None:
    assert corpus_line(assistant, ZH) == "5份报告 · 5个单位 · 2022–2023"
    assert f'data-ask="{QUESTION}"' in conversation(assistant).thread(ZH)
    assert "Which zones received no applications in 2023?" in conversation(assistant).thread(texts("en"))


def test_an_empty_index_says_how_to_fill_it(assistant: Any) -> None:
    assistant.index.kept = ()
    assert 'href="adding"' in conversation(assistant).thread(ZH)


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


async def send_to(app: Any, path: str, content_type: str, body: bytes) -> tuple[int, bytes]:
    sent: list[Any] = []
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", content_type.encode())], "scheme": "http", "server": ("127.0.0.1", 80),
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        # What another site's page could send without being asked.
        ("text/plain", b'{"asked": {"q": "a"}}', 415),
        ("application/json", b"[" * 100_000, 400),
        ("application/json", b"7", 400),
        ("application/json", b"\xff", 400),
        ("application/json", b" " * 1_000_001, 413),
    ],
)
def test_asking_takes_only_json_of_its_form(assistant: Any, content_type: str, body: bytes, status: int) -> None:
    from starlette.applications import Starlette

    from ui.web.ask import asking

    app = Starlette(routes=asking.routes(Site(assistant)))
    assert asyncio.run(send_to(app, "/nb/ask", content_type, body))[0] == status


def test_an_answer_comes_as_lines_of_json(assistant: Any) -> None:
    from starlette.applications import Starlette

    from ui.web.ask import asking

    app = Starlette(routes=asking.routes(Site(assistant)))
    body = json.dumps({"asked": {"q": QUESTION}, "turn": 3, "lang": "zh"}).encode()
    status, answered = asyncio.run(send_to(app, "/nb/ask", "application/json", body))
    (line,) = answered.decode().splitlines()
    assert status == 200
    assert 'data-turn="3"' in json.loads(line)["turn"]


@pytest.mark.integration
def test_every_response_forbids_other_hosts() -> None:
    from ui.web.own_host import OwnHostOnly

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
def test_the_pages_are_built_without_analytics(assistant: Any) -> None:
    from ui.web.own_host import OwnNames
    from ui.web.serving import build, options

    site = Site(assistant)
    assert build(site).analytics_enabled is False
    given = options(site, OwnNames())
    assert given["share"] is False
    assert given["footer_links"] == []
    assert "http" not in given["head"].replace("http://www.w3.org/2000/svg", "")
