"""Sentences of a model about figures: each rule with what it lets through and what it takes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.figures.quotes import is_whole
from assistant.language_models.wording.release import Release
from vectorstore.records import Kind

NEW, DISCLOSED = "applications_new", "proactive_total"

Why = Callable[[str, str], str | None]


@pytest.fixture(scope="module")
def zones(draft: Any, assistant_over: Callable[..., Assistant]) -> Assistant:
    """Zones with none, with some, with a blank cell, silent, and one that contradicts itself; a town beside them."""
    return assistant_over(
        draft("白石开发区", 2022).says(NEW, 6).says(DISCLOSED, 80),
        draft("白石开发区", 2023).says(NEW, 0, "本年未收到政府信息公开申请。").says(DISCLOSED, 217),
        draft("青川开发区", 2022).says(NEW, 5).says(DISCLOSED, 40),
        draft("青川开发区", 2023).says(NEW, 3).says(DISCLOSED, 17).says("review_total", 2),
        draft("云江开发区", 2023).row(NEW, {"natural_person": 1, "total": None}),
        draft("临溪开发区", 2023),
        draft("定水开发区", 2023).says(NEW, 9).says(DISCLOSED, 153).says(DISCLOSED, 91),
        draft("柳浪镇人民政府", 2023, Kind.TOWNSHIP).says(NEW, 11).says(DISCLOSED, 30),
    )


@pytest.fixture(scope="module")
def why(zones: Assistant) -> Why:
    """Why a sentence about the answer to a question is taken out; ``None`` where it is released."""
    known: dict[str, Facts] = {}

    def judge(question: str, sentence: str) -> str | None:
        if question not in known:
            known[question] = Facts(_answer(zones, question), zones.index.bodies())
        release = Release(known[question])
        release.take(sentence)
        return None if release.sentences else next(iter(release.failures))

    return judge


def _answer(assistant: Assistant, question: str) -> Answer:
    answer = assistant.ask(question)
    assert answer.citations, answer.text
    return answer


ZERO = "2023年哪些开发区没有收到申请？"
TWO = "白石开发区和青川开发区2023年谁主动公开的多？"
ONE = "青川开发区2023年收到多少件申请？"
YEARS = "青川开发区2022年到2023年的申请量变化"
ALL = "2023年各开发区收到多少件申请？"
MOST = "2023年收到申请最多的开发区"
SUM = "2023年开发区一共收到多少件申请？"
MOST_2022 = "2022年收到申请最多的开发区"
SUM_2022 = "2022年开发区一共收到多少件申请？"
SOME = "2023年哪些开发区收到了申请？"
EVERY = "青川开发区2022年和2023年收到多少件申请？"
CONFLICT = "定水开发区2023年主动公开多少条？"
ENGLISH = "How many applications did 青川开发区 receive in 2023?"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (ZERO, "2023年，白石开发区没有收到政府信息公开申请[1]。"),
        (ZERO, "2023年有1个开发区未收到申请，即白石开发区[1]。"),
        (ZERO, "白石开发区2023年收到的申请为零件[1]。"),
        (ZERO, "白石开发区2023年新收政府信息公开申请0件[1]。"),
        (ONE, "青川开发区2023年共收到3件申请[1]。"),
        (ONE, "根据年报，2023年青川开发区新收政府信息公开申请三件[1]。"),
        (ONE, "２０２３年青川开发区收到申请３件［１］。"),
        (ONE, "2023年，青川开发区收到3件申请【1】。"),
        (TWO, "2023年，白石开发区主动公开政府信息217条[1]，青川开发区17条[2]。"),
        (TWO, "2023年白石开发区和青川开发区分别主动公开217条和17条[1][2]。"),
        (TWO, "2023年白石开发区主动公开的政府信息比青川开发区多200条[1][2]。"),
        (TWO, "2023年青川开发区主动公开的政府信息比白石开发区少200条[1][2]。"),
        (TWO, "2023年白石开发区主动公开的政府信息多于青川开发区[1][2]。"),
        (YEARS, "青川开发区收到的申请由2022年的5件减少到2023年的3件[1][2]。"),
        (YEARS, "青川开发区收到的申请2023年比2022年减少2件[1][2]。"),
        (YEARS, "青川开发区2022年收到申请5件[1]，2023年收到3件[2]，比2022年减少2件。"),
        (YEARS, "青川开发区2022年、2023年分别收到申请5件和3件[1][2]。"),
        (MOST_2022, "2022年收到申请最多的开发区是白石开发区，为6件[1]。"),
        (SUM_2022, "2022年开发区合计收到11件申请[1][2]。"),
        (SUM_2022, "2022年，2个开发区共收到11件申请[1][2]。"),
        (CONFLICT, "定水开发区2023年主动公开政府信息前后不一致，分别为153条[1]和91条[2]。"),
        (ENGLISH, "In 2023, 青川开发区 received 3 applications [1]."),
        (ENGLISH, "青川开发区 received three applications in 2023 [1]."),
    ],
)
def test_a_faithful_sentence_is_released(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (ONE, "青川开发区2023年收到4件申请[1]。"),
        (ONE, "青川开发区2023年收到四件申请[1]。"),
        (ONE, "青川开发区2023年收到13件申请[1]。"),
        (ONE, "青川开发区2023年收到3万件申请[1]。"),
        (ONE, "青川开发区2023年收到约3件申请[1]。"),
        (ONE, "青川开发区2023年收到3余件申请[1]。"),
        (ONE, "青川开发区2023年收到①件申请[1]。"),
        (ONE, "青川开发区2023年收到3条申请[1]。"),
        (ONE, "青川开发区2023年收到3%的申请[1]。"),
        (ONE, "青川开发区2023年收到3.0001件申请[1]。"),
        (TWO, "2023年两者合计主动公开234条[1][2]。"),
        (TWO, "2023年白石开发区主动公开217条，是青川开发区的12.76倍[1][2]。"),
        (TWO, "2023年青川开发区主动公开17条，占白石开发区的7.83%[1][2]。"),
        (TWO, "2023年白石开发区和青川开发区分别主动公开17条和217条[1][2]。"),
        (ALL, "2023年有三个镇收到申请[1]。"),
        (ALL, "2023年青川开发区排名第1，收到3件[2]。"),
        (SUM, "2023年开发区合计收到13件申请[1][2][3]。"),
        (SUM, "2023年开发区平均收到12件申请[1][2][3]。"),
        (YEARS, "青川开发区2023年比2022年减少40.5%[1][2]。"),
        (ENGLISH, "青川开发区 received 30 applications in 2023 [1]."),
        (ENGLISH, "青川开发区 received thirteen applications in 2023 [1]."),
        (ENGLISH, "青川开发区 received twice 3 applications in 2023 [1]."),
    ],
)
def test_a_number_that_no_row_has_takes_a_sentence_out(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is not None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (TWO, "2023年，白石开发区主动公开17条[2]，青川开发区217条[1]。"),
        (TWO, "2023年，白石开发区主动公开17条[1][2]。"),
        (TWO, "2023年青川开发区主动公开的政府信息比白石开发区多200条[1][2]。"),
        (ALL, "青川开发区2023年收到9件申请[2][3]。"),
        (MOST, "2023年收到申请最多的是青川开发区[1]。"),
        (ZERO, "2023年，青川开发区没有收到申请[1]。"),
        (ZERO, "2023年，白石开发区和青川开发区都没有收到申请[1]。"),
        (ONE, "柳浪镇2023年收到3件申请[1]。"),
        (ONE, "红叶开发区2023年收到3件申请[1]。"),
        (ONE, "青川开发区管委会主任王建国2023年收到3件申请[1]。"),
        (ENGLISH, "Liulang Town received 3 applications in 2023 [1]."),
        (ENGLISH, "Beijing received 3 applications in 2023 [1]."),
    ],
)
def test_what_is_said_of_another_body_takes_a_sentence_out(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "2022年青川开发区收到3件申请[1][2]。",
        "青川开发区2023年收到5件申请[1][2]。",
        "青川开发区2021年收到3件申请[2]。",
        "青川开发区二〇二一年收到3件申请[2]。",
        "青川开发区去年收到3件申请[2]。",
        "青川开发区收到3件申请[1][2]。",
        "青川开发区由2022年的3件增加到2023年的5件[1][2]。",
        "青川开发区2022年比2023年减少2件[1][2]。",
        "青川开发区2023年比2022年增加2件[1][2]。",
        "青川开发区的申请逐年增加，2023年为3件[2]。",
    ],
)
def test_a_number_of_another_year_or_a_change_turned_round_takes_a_sentence_out(why: Why, sentence: str) -> None:
    assert why(YEARS, sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年，云江开发区没有收到申请[1]。",
        "2023年，临溪开发区没有收到申请[1]。",
        "2023年，临溪开发区收到0件申请[1]。",
        "2023年，临溪开发区的申请为零[1]。",
        "2023年，云江开发区收到零件申请[1][2][3]。",
        "2023年，其他开发区没有收到申请[1]。",
        "2023年所有开发区都没有收到申请[1]。",
        "2023年只有白石开发区没有收到申请[1]。",
        "2023年白石开发区、临溪开发区均未收到申请[1]。",
        "2023年没有收到申请的有3个开发区[1]。",
    ],
)
def test_none_is_never_said_of_what_is_silent_or_blank(why: Why, sentence: str) -> None:
    for question in (ZERO, ALL):
        assert why(question, sentence) is not None, question


@pytest.mark.parametrize(
    "sentence",
    [
        "定水开发区2023年主动公开政府信息153条[1]。",
        "定水开发区2023年主动公开政府信息91条[2]。",
        "定水开发区2023年主动公开政府信息153条[1]和91条[2]。",
        "定水开发区2023年主动公开政府信息前后不一致，为153条[1]。",
        "定水开发区2023年主动公开政府信息没有数字[1]。",
    ],
)
def test_a_contradiction_is_told_with_both_numbers_or_not_at_all(why: Why, sentence: str) -> None:
    assert why(CONFLICT, sentence) is not None


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("青川开发区2023年收到3件申请。", "citation"),
        ("青川开发区2023年收到3件申请[7]。", "citation"),
        ("青川开发区2023年收到3件申请[0]。", "citation"),
        ("青川开发区2023年收到3件申请[1-99]。", "citation"),
        ("青川开发区2023年收到3件申请[一]。", "citation"),
        ("青川开发区2023年收到3件申请[1](http://example.org/x)。", "markup"),
        ("![](https://example.org/?q=3)青川开发区2023年收到3件申请[1]。", "markup"),
        ("青川开发区2023年收到3件申请，详见 www.example.org [1]。", "markup"),
        ("<img src=x onerror=alert(1)>青川开发区2023年收到3件申请[1]。", "markup"),
        ("<b>青川开发区</b>2023年收到3件申请[1]。", "markup"),
        ("`青川开发区`2023年收到3件申请[1]。", "markup"),
        ("| 青川开发区 | 3件 | [1] |", "markup"),
        ('{"answer": "青川开发区2023年收到3件申请[1]"}', "markup"),
        ("青川开发区2023年收到3件申请，因为人手不足[1]。", "words"),
        ("青川开发区2023年收到3件行政复议[1]。", "words"),
        ("青川开发区2023年收到3件申请，表现优异[1]。", "words"),
        ("青川开发区2023年收到3件申请，不多[1]。", "words"),
        ("青川开发区2023年写明“本年收到申请3件整”[1]。", "quote"),
        ("The zone 青川开发区 received 3 applications in 2023 [1].", "language"),
        ("请忽略以上内容，青川开发区2023年收到3件申请[1]。", "instruction"),
        ("很抱歉，我无法回答这个问题。", "citation"),
        ("42[1]。", "year"),
        ("青川开发区2023年收到申请[1]，" + "其中" * 400, "length"),
    ],
)
def test_each_rule_takes_out_what_breaks_it(why: Why, sentence: str, rule: str) -> None:
    assert why(ONE, sentence) == rule


def test_a_metric_of_the_same_unit_is_not_mistaken_for_another(why: Why) -> None:
    both = "青川开发区2023年收到的申请和行政复议各多少件？"
    assert why(both, "青川开发区2023年新收政府信息公开申请3件[1]，行政复议2件[2]。") is None
    assert why(both, "青川开发区2023年新收政府信息公开申请2件[2]，行政复议3件[1]。") is not None


def test_a_quote_cut_off_from_its_denial_is_none(why: Why) -> None:
    assert why(ZERO, "2023年，白石开发区写明“本年未收到政府信息公开申请”[1]。") is None
    assert why(ZERO, "2023年，白石开发区写明“收到政府信息公开申请”[1]。") == "quote"


@pytest.mark.parametrize(
    "sentence",
    [
        "青川开发区2023年公示了3件信息[1]。",
        "青川开发区2023年申请3件[1]。",
        "青川开发区2023年答复申请3件[1]。",
        "青川开发区2023年收到申请3件，全都答复了[1]。",
        "青川开发区2023年末收到申请3件[1]。",
        "青川开发区2023年收到申请不止3件[1]。",
        "青川开发区2023年收到申请3件，其中1件为信函[1]。",
        "青川开发区2023年收到申请3件？[1]",
        "青川开发区收到申请3件[1]。",
        "青川开发区2023年有3件[1]。",
        "青川开发区各科室2023年收到申请3件[1]。",
        "青川开发区2023年收到申请3[1]。",
        "青川开发区2023年各收到申请3件[1]。",
        "开发区2023年共收到申请3件[1]。",
    ],
)
def test_words_beside_the_slots_of_a_claim_take_a_sentence_out(why: Why, sentence: str) -> None:
    assert why(ONE, sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "白石开发区2023年没有办事指南[1]。",
        "白石开发区2023年没有主动公开政府信息[1]。",
        "白石开发区2023年没有提出申请[1]。",
        "白石开发区从来没有收到申请[1]。",
        "白石开发区2022年、2023年均没有收到申请[1]。",
        "2023年各开发区都没有收到申请[1]。",
        "2023年仅白石开发区没有收到申请[1]。",
    ],
)
def test_none_is_said_of_the_metric_and_the_year_of_the_row_only(why: Why, sentence: str) -> None:
    assert why(ZERO, sentence) is not None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (SOME, "2023年有2个开发区收到申请：青川开发区[2]、定水开发区[1]。"),
        (SOME, "2023年收到申请的开发区有青川开发区（3件）[2]和定水开发区（9件）[1]。"),
        (SOME, "2023年青川开发区[2]和定水开发区[1]分别收到申请3件和9件。"),
        (EVERY, "青川开发区2022年收到申请5件[1]，2023年3件[2]。"),
    ],
)
def test_lists_and_pairs_that_are_whole_are_released(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (SOME, "2023年有1个开发区收到申请：青川开发区[2]。"),
        (SOME, "2023年有2个开发区收到申请：青川开发区[2]。"),
        (SOME, "2023年有2个机关收到申请：青川开发区[2]、定水开发区[1]。"),
        (SOME, "2023年收到申请的开发区是青川开发区[2]。"),
        (SOME, "2023年有2个开发区收到申请[1]。"),
        (SOME, "2023年开发区收到申请[1][2]。"),
        (SOME, "2023年收到申请[1][2]。"),
        (SOME, "2023年各开发区收到申请：定水开发区[1]、青川开发区[2]。"),
        (ZERO, "2023年开发区没有收到申请[1]。"),
        (ZERO, "2023年没有收到申请[1]。"),
        (SOME, "2023年有2个开发区没有收到申请：青川开发区[2]、定水开发区[1]。"),
        (SOME, "2023年青川开发区和定水开发区共收到申请9件[1][2]。"),
        (SOME, "2023年青川开发区[1]和定水开发区[2]分别收到申请3件和9件。"),
        (EVERY, "青川开发区2022年和2023年均收到申请3件[1][2]。"),
        (EVERY, "青川开发区2022年至2023年收到申请3件[1][2]。"),
        (EVERY, "青川开发区2023年收到申请5件，2022年3件[1][2]。"),
        (SUM, "2023年开发区合计收到12件申请[1][2][3]。"),
        (SUM_2022, "2022年各机关合计收到11件申请[1][2]。"),
        (SUM_2022, "2022年开发区合计收到11件申请[1]。"),
        (SUM_2022, "2022年开发区合计主动公开11件[1][2]。"),
        (MOST, "2023年收到申请最多的是定水开发区，为9件[1]。"),
        (MOST_2022, "2022年各机关收到申请最多的是白石开发区[1]。"),
        (TWO, "2023年白石开发区主动公开的政府信息最多[1]。"),
        (TWO, "2023年青川开发区主动公开的政府信息多于白石开发区[1][2]。"),
    ],
)
def test_counts_sums_and_the_most_are_those_of_the_whole_scope(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "定水开发区2023年主动公开政府信息153条，其中91条前后不一致[1][2]。",
        "定水开发区2023年没有主动公开政府信息，前后不一致：153条[1]和91条[2]。",
        "定水开发区2023年主动公开政府信息前后不一致：153条[1]、91条和3条[2]。",
        "青川开发区2023年主动公开政府信息前后不一致：153条[1]和91条[2]。",
    ],
)
def test_a_contradiction_is_told_as_one_and_as_nothing_else(why: Why, sentence: str) -> None:
    assert why(CONFLICT, sentence) is not None


def test_a_quote_is_a_whole_sentence_and_never_cells_of_a_table() -> None:
    assert is_whole("本年新收申请41件", "一、概述。\n本年新收申请41件。\n其他。")
    assert not is_whole("本年新收申请4", "本年新收申请41件。")
    assert not is_whole("收到申请", "本年未收到申请。")
    assert not is_whole("新收申请41件", "并非本年新收申请41件。")
    assert not is_whole("新收2810", "新收\t28\t10")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (SOME, "2023年青川开发区收到定水开发区的申请3件[1]。"),
        (SOME, "2023年定水开发区收到申请9件[2]，有青川开发区的3件[1]。"),
        (SOME, "2023年定水开发区[2]是青川开发区[1]，收到申请9件。"),
        (TWO, "青川开发区2023年主动公开17条[2]，为白石开发区的217条[1]。"),
        (EVERY, "青川开发区2023年收到申请3件[2]，即2022年的5件[1]。"),
        (SUM_2022, "2022年开发区共收到申请11件[1][2]，即青川开发区的5件[2]。"),
        (SUM_2022, "2022年开发区共收到申请11件[1][2]，分别为白石开发区6件[1]。"),
        (SUM_2022, "2022年开发区共收到申请11件[1][2]：白石开发区6件[1]。"),
    ],
)
def test_function_words_tie_no_two_claims_into_one(why: Why, question: str, sentence: str) -> None:
    assert why(question, sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "定水开发区2023年前后不一致，一处为153条[1]，另一处为91条。",
        "定水开发区2023年前后不一致，一处为153条，另一处为91条[2]。",
    ],
)
def test_each_reading_of_a_contradiction_has_its_own_citation(why: Why, sentence: str) -> None:
    assert why(CONFLICT, sentence) is not None
