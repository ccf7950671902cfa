"""What was asked, as an address."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.plan import Plan
from ui.web.asked import MOST_EARLIER, Answers, Asked, read_asked, read_token
from vectorstore.errors import QuestionError

PLAN = Plan.model_validate(
    {"subject": "figures", "operation": "count", "language": "zh", "metrics": ["applications_new"]}
)


def pack(record: Any) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(record).encode())).decode().rstrip("=")


WORDS = st.text(alphabet=st.sampled_from("年报<>&\"'\\\n 1a-_=/+?"), max_size=40)


@given(WORDS.map(str.strip), st.none() | st.just(PLAN), st.lists(WORDS | st.just(PLAN), max_size=5))
def test_a_token_gives_back_what_was_asked_and_fits_into_an_address(question: str, plan: Any, history: Any) -> None:
    asked = Asked(question, plan, tuple(history))
    assert read_token(asked.token) == asked
    assert asked.token.isascii()
    assert asked.token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "年报", "../../etc/passwd", pack(7), pack([]), pack({}), pack({"q": 7}), pack({"q": "问" * 10_000}),
        pack({"q": "a", "p": "b"}), pack({"q": "a", "p": {"subject": "nothing"}}), pack({"q": "a", "h": "abc"}),
        pack({"q": "a", "h": {"0": "b"}}), pack({"q": "a", "h": [None]}), pack({"q": " " * 300_000}),
        pack({"q": "\ud800"}),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 150_000)).decode(),
    ],
)  # fmt: skip
def test_a_token_of_somebody_elses_is_refused(token: str) -> None:
    with pytest.raises(QuestionError):
        read_token(token)


def test_of_a_very_long_conversation_the_last_questions_are_read() -> None:
    said = [str(number) for number in range(MOST_EARLIER + 5)]
    assert read_asked({"q": "问", "h": said}).history == tuple(said[5:])


def test_an_answer_is_remembered_also_without_a_conversation_that_it_did_not_lean_on(assistant: Any) -> None:
    answers = Answers(assistant)
    first = answers.answer(Asked("哪些开发区2023年没有收到申请？", None, ("开发区的申请数",)))
    assert answers.answer(Asked("哪些开发区2023年没有收到申请？")) is first
    assert len(assistant.asked) == 1


def test_an_answer_is_not_remembered_past_a_change_of_the_index(assistant: Any) -> None:
    answers = Answers(assistant)
    answers.answer(Asked("哪些开发区2023年没有收到申请？"))
    assistant.index.fingerprint = "changed"
    answers.answer(Asked("哪些开发区2023年没有收到申请？"))
    assert len(assistant.asked) == 2
