"""A clause that says in other words what is counted answers; one that counts something else doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.prose.counted_topics import CountedTopic, counted_topic


def topic_of(question: str) -> CountedTopic:
    topic = counted_topic(question)
    assert topic is not None
    return replace(topic, is_loose=True)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("接了多少12345工单", "办理12345热线工单31件"),
        ("处理了几件市民热线", "受理12345热线转办件31件"),
        ("发放了多少惠民政策宣传手册", "发放政策宣传手册31本"),
    ],
)
def test_a_clause_may_name_it_in_other_words(question: str, clause: str) -> None:
    assert topic_of(question).is_named_in(clause)


@pytest.mark.parametrize(
    ("question", "clause"), [("办了几场招商推介会", "召开新闻发布会3场"), ("建了几个公开查阅点", "开展公开培训3次")]
)
def test_a_clause_about_something_else_does_not_name_it(question: str, clause: str) -> None:
    assert not topic_of(question).is_named_in(clause)


def test_the_number_of_the_service_line_is_no_rank() -> None:
    topic = counted_topic("2023年解读政策文件最多的三家")
    assert topic is not None
    assert topic.parts[0][0].endswith("政策文件")
