"""Who does what, over every report."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.prose.asked_words import asks_who, whole_content_of, without_tail
from vectorstore.records import Kind, SectionRole


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    sentences = [
        "本镇聘请6名社会监督员，定期评议。",
        "聘请了社会监督员，并听取意见。",
        "本镇重视社会各界意见，监督员队伍另行组建。",
        "网站开通了语音朗读，字号可以放大。",
    ]
    return [
        draft(f"第{n}镇", 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, sentence)
        for n, sentence in enumerate(sentences, start=1)
    ]


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("哪些单位聘请了社会监督员", ["社会监督员"]),
        ("哪些报告说到语音朗读功能", ["语音朗读"]),
        ("谁提到了“板凳会”", ["板凳会"]),
        ("2023年哪几家搞过座谈会", ["座谈会"]),
        ("哪些镇通过了验收", ["通过验收"]),
        ("Which reports mention the 公开体验员", ["公开体验员"]),
        ("谁用了人工智能客服", ["人工智能客服"]),
        ("哪些单位引入了智能问答系统", ["智能问答"]),
        ("哪些单位有用户手册", ["用户手册"]),
    ],
)
def test_what_is_looked_for_is_the_content_alone(words: str, content: list[str]) -> None:
    assert [without_tail(word) for word in whole_content_of(words)] == content
    assert asks_who(words)


def test_a_question_about_one_body_does_not_ask_who() -> None:
    assert not asks_who("甲镇的联系电话是多少")
    assert not asks_who("办公地址在哪里")


@pytest.mark.parametrize("operation", ["value", "list"])
def test_all_bodies_that_do_it_are_listed_with_words_between(ask: Any, corpus: list[Any], operation: str) -> None:
    answer = ask(
        corpus, subject="passages", operation=operation, words="哪些单位聘请了社会监督员", aspect="supervision",
        scope={"years": [2023]},
    )  # fmt: skip
    assert answer.status == "answered"
    assert [r.body for r in answer.rows] == ["第1镇", "第2镇"]
    assert answer.value == 2


def test_words_that_add_nothing_are_dropped(ask: Any, corpus: list[Any]) -> None:
    plan = {"subject": "passages", "operation": "list", "words": "哪些报告说到语音朗读功能", "quoted": ["语音朗读功能"]}
    assert [r.body for r in ask(corpus, **plan).rows] == ["第4镇"]


def test_parts_in_other_clauses_are_not_what_was_asked(ask: Any, corpus: list[Any]) -> None:
    plan = {"subject": "passages", "operation": "list", "words": "谁提到社会监督员", "quoted": ["社会监督员"]}
    assert "第3镇" not in [r.body for r in ask(corpus, **plan).rows]


def test_an_english_word_that_no_report_could_hold_denies_nothing(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="passages", operation="list", words="which towns complain about dragons",
                 quoted=["dragons"], language="en")  # fmt: skip
    assert "No report mentions" not in answer.text


def test_english_words_are_looked_for_in_chinese(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇开展业务培训三次。"),
        draft("乙镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇更新网站栏目。"),
    ]
    answer = ask(drafts, subject="passages", operation="list", words="which towns held training", quoted=["training"],
                 language="en")  # fmt: skip
    assert [r.body for r in answer.rows] == ["甲镇"]


def _of(draft: Any, *sentences: str) -> list[Any]:
    return [
        draft(f"第{n}镇", 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, sentence)
        for n, sentence in enumerate(sentences, start=1)
    ]


def _list(ask: Any, drafts: list[Any], words: str, *quoted: str, language: str = "zh", **plan: Any) -> Any:
    return ask(
        drafts, subject="passages", operation="list", words=words, quoted=list(quoted), language=language, **plan
    )


def test_a_number_and_its_noun_may_stand_apart(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "本镇办理“12345”便民服务热线工单。", "本镇热线电话全天有人接听。", "便民热线（12345）畅通。")
    answer = _list(ask, drafts, "谁提到了12345热线", "12345热线")
    assert [r.body for r in answer.rows] == ["第1镇"]
    assert "都没有提到" not in answer.text


def test_parts_in_another_order_are_said_to_be_close(ask: Any, draft: Any) -> None:
    answer = _list(ask, _of(draft, "便民热线（12345）畅通。"), "谁提到了12345热线", "12345热线")
    assert [r.body for r in answer.rows] == ["第1镇"]
    assert "意思相近" in answer.text


def test_a_verb_in_front_is_not_looked_for(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "大厅上线人工智能客服，全天应答。", "大厅设人工窗口。")
    answer = _list(ask, drafts, "谁用了人工智能客服", "用了人工智能客服")
    assert [r.body for r in answer.rows] == ["第1镇"]
    assert "“人工智能客服”" in answer.text


def test_chinese_in_an_english_question_is_what_is_looked_for(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "聘任公开体验员8名。", "公开栏常年更新。")
    words = "who has experience officers (公开体验员)?"
    answer = _list(ask, drafts, words, "experience", "officers", "公开体验员", language="en")
    assert [r.body for r in answer.rows] == ["第1镇"]


def test_english_content_words_must_hold_together(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "以动画方式解读政策。", "做好政策解读工作。", "动画片展播。")
    words = "which reports mention policy interpretation in animation form?"
    answer = _list(ask, drafts, words, "policy", "interpretation", "animation", "form", language="en")
    assert [r.body for r in answer.rows] == ["第1镇"]


def test_a_place_in_pinyin_is_looked_for_in_chinese(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "赴淮安学习先进做法。", "赴外地学习先进做法。")
    answer = _list(ask, drafts, "which reports mention huai'an?", "huai'an", language="en")
    assert [r.body for r in answer.rows] == ["第1镇"]


def test_what_no_body_is_called_is_looked_for_in_the_texts(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "本镇设“板凳会”听取意见。", "本镇更新网站。")
    scope = {"names": ["板凳会"]}
    answer = ask(drafts, subject="passages", words="板凳会怎么开", scope=scope)
    assert answer.status == "partial"
    assert [r.body for r in answer.rows] == ["第1镇"]
    absent = ask(drafts, subject="mentions", words="是多少", scope={"names": ["GDP"]})
    assert absent.status == "not_in_corpus"
    assert "也没有提到“GDP”" in absent.text


def test_the_whole_of_what_is_asked_for_comes_before_its_end(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "大厅建成政务公开专区。", "网站开设招商专区。")
    answer = _list(ask, drafts, "谁建了政务公开专区", "专区")
    assert [r.body for r in answer.rows] == ["第1镇"]


def test_two_common_words_of_different_clauses_are_not_close(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "更新统计数据，检查生产安全。", "保障数据的安全。")
    answer = _list(ask, drafts, "谁提到了数据安全", "数据安全")
    assert [r.body for r in answer.rows] == ["第2镇"]


@pytest.mark.parametrize("plan", [{"aspect": "silent", "quoted": ["板凳会"]}, {"quoted": ()}])
def test_who_does_not_mention_it_is_everyone_else(ask: Any, draft: Any, plan: dict[str, Any]) -> None:
    drafts = _of(draft, "本镇设“板凳会”听取意见。", "本镇更新网站。", "本镇开展培训。")
    answer = ask(drafts, subject="passages", operation="list", words="谁没提到板凳会", **plan)
    assert {row.body for row in answer.rows} == {"第2镇", "第3镇"}
    assert {row.state for row in answer.rows} == {"silent"}
    assert answer.value == 2
    assert "提到的有1份：第1镇" in answer.text


def test_those_who_write_of_the_like_are_named_apart(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "聘任公开体验员8名。", "邀请居民体验员参与公开栏目设计。", "更新网站。")
    answer = _list(ask, drafts, "谁提到公开体验员", "公开体验员")
    assert [row.body for row in answer.rows] == ["第1镇"]
    assert answer.value == 1
    assert "另有1个机关的报告写到意思相近的内容（不计入）：第2镇" in answer.text


def test_words_between_count_as_much_as_the_words_as_they_stand(ask: Any, draft: Any) -> None:
    drafts = _of(draft, "聘请社会监督员。", "聘请社会各界监督员。")
    assert _list(ask, drafts, "谁提到社会监督员", "社会监督员").value == 2
