"""Numbers of the prose outside the official form."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.prose.counted_topics import counted_topic
from vectorstore.records import Kind


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    return [
        draft("甲镇", 2023, Kind.TOWNSHIP)
        .mention("新闻发布会", 6, "场", "全年召开新闻发布会6场")
        .mention("12345热线工单", 462, "件", "受理12345热线工单462件")
        .mention("12345热线工单", 450, "件", "其中办结12345热线工单450件")
        .mention("办结率", 97, "%", "受理12345热线工单462件，办结率97%"),
        draft("乙镇", 2023, Kind.TOWNSHIP)
        .mention("新闻发布会", 2, "场次", "举行新闻发布会2场次")
        .mention("12345热线诉求", 20, "件", "共接到12345热线诉求20件")
        .mention("粉丝", 3400, "人", "政务微博粉丝3400人"),
        draft("丙镇", 2023, Kind.TOWNSHIP)
        .mention("新闻发布会", 0, "", "未举行新闻发布会")
        .mention("关注人数", 8600, "人", "微信公众号关注人数8600人"),
        draft("丁镇", 2023, Kind.TOWNSHIP).mention("来客", 9, "人", "接待来客9人"),
    ]


def _ask(ask: Any, towns: list[Any], words: str, operation: str, **plan: Any) -> Any:
    return ask(towns, subject="mentions", operation=operation, words=words, **plan)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("各单位解读了多少份政策", "解读政策"),
        ("12345热线受理多少件", "12345热线"),
        ("一共开了几场发布会", "发布会"),
        ("哪个单位发布会最多", "发布会"),
        ("公众号粉丝多少人", "公众号粉丝"),
        ("粉丝超过1万的单位", "粉丝"),
        ("谁没开发布会", "发布会"),
        ("收集了多少条意见建议", "意见建议"),
        ("聘请了几个监督员", "监督员"),
    ],
)
def test_what_is_counted_is_left_of_the_question(words: str, name: str) -> None:
    topic = counted_topic(words)
    assert topic is not None
    assert topic.parts[0][0] == name


def test_numbers_of_one_unit_are_added_and_the_silent_named(ask: Any, towns: list[Any]) -> None:
    answer = _ask(ask, towns, "一共开了几场发布会", "sum")
    assert (answer.value, answer.unit) == (8, "场")
    assert {row.body for row in answer.rows if row.value} == {"甲镇", "乙镇"}
    assert "丁镇（2023年）" in answer.text
    assert answer.coverage.silent == 1
    assert "不在统计表内" in answer.text


def test_a_part_of_a_number_is_shown_and_not_added(ask: Any, towns: list[Any]) -> None:
    listed = _ask(ask, towns[:1], "12345热线多少件", "list")
    assert [(row.value, row.note) for row in listed.rows] == [(462, None), (450, "其中数")]
    assert _ask(ask, towns, "12345热线一共多少件", "sum").value == 482


def test_numbers_of_different_units_are_not_added(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).mention("座谈会", 3, "次", "召开座谈会3次"),
        draft("乙镇", 2023).mention("座谈会", 2, "场", "召开座谈会2场"),
    ]
    answer = _ask(ask, drafts, "一共开了几次座谈会", "sum")
    assert answer.value is None
    assert "2场；3次" in answer.text


def test_nobody_is_without_it_for_not_mentioning_it(ask: Any, towns: list[Any]) -> None:
    answer = _ask(ask, towns, "谁没开发布会", "list", criteria=[{"comparison": "=", "value": 0}])
    assert [row.body for row in answer.rows] == ["丙镇"]
    assert answer.value == 1
    assert "没有提到不等于没有" in answer.text
    assert "丁镇" in answer.text


def test_who_has_most_and_how_many_have_any(ask: Any, towns: list[Any]) -> None:
    top = _ask(ask, towns, "哪个单位发布会最多", "top", limit=1)
    assert ([row.body for row in top.rows], top.value) == (["甲镇"], 6)
    assert _ask(ask, towns, "几家开过发布会", "count").value == 2


def test_a_number_of_another_sort_or_matter_does_not_answer(ask: Any, towns: list[Any]) -> None:
    accounts = _ask(ask, towns, "公众号粉丝多少人", "list")
    assert [(row.body, row.value) for row in accounts.rows] == [("丙镇", 8600)]
    rate = _ask(ask, towns, "12345热线办结率是多少", "list")
    assert [(row.body, row.value) for row in rate.rows] == [("甲镇", 97)]


def test_another_report_changes_no_answer(ask: Any, towns: list[Any]) -> None:
    alone = _ask(ask, towns[1:2], "12345热线受理多少件", "list")
    among = _ask(ask, towns, "12345热线受理多少件", "list")
    assert [row.value for row in alone.rows] == [row.value for row in among.rows if row.body == "乙镇"]
