"""Items of many reports grouped by what they are about."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

from assistant.prose.application_subjects import application_subjects
from assistant.prose.theme_groups import group_texts, matter_of
from vectorstore.records import Kind, SectionRole

_LABELLED = [
    line.split("\t")
    for line in Path(__file__).with_name("data").joinpath("theme_items.tsv").read_text(encoding="utf-8").splitlines()
]


def test_items_of_one_matter_are_grouped_and_others_are_not() -> None:
    groups = group_texts([text for _, text in _LABELLED])
    purity = sum(max(Counter(_LABELLED[at][0] for at in group.members).values()) for group in groups)
    pairs = {pair for group in groups for pair in combinations(group.members, 2)}
    meant = {(i, j) for i, j in combinations(range(len(_LABELLED)), 2) if _LABELLED[i][0] == _LABELLED[j][0]}
    shared = len(pairs & meant)
    assert purity / len(_LABELLED) > 0.95
    assert 2 * shared / (len(pairs) + len(meant)) > 0.95


def test_groups_do_not_depend_on_the_order() -> None:
    texts = [text for _, text in _LABELLED] + ["一是车棚漏雨严重", "二是车棚漏雨待修"]
    shuffled = random.Random(3).sample(texts, len(texts))

    def grouped(order: list[str]) -> set[frozenset[str]]:
        return {frozenset(order[at] for at in group.members) for group in group_texts(order)}

    assert grouped(texts) == grouped(shuffled)


def test_what_is_no_known_matter_is_grouped_by_its_words() -> None:
    texts = ["一是车棚漏雨严重", "二是车棚漏雨待修", "三是食堂座位紧缺"]
    assert all(matter_of(text) is None for text in texts)
    assert [group.members for group in group_texts(texts)] == [(0, 1), (2,)]
    assert group_texts(texts)[0].label(texts, "problems", "zh") == "车棚漏雨严重"


def _town(draft: Any, name: str, *paragraphs: str) -> Any:
    return draft(name, 2023, Kind.TOWNSHIP).section("五、存在的主要问题及改进情况", SectionRole.PROBLEMS, *paragraphs)


def test_themes_count_reports_and_name_those_without_any(ask: Any, draft: Any) -> None:
    drafts = [
        _town(draft, "甲镇", "一是从事公开的人手偏紧；二是栏目更新缓慢。"),
        _town(draft, "乙镇", "一是兼职人员多，精力分散；二是车棚漏雨严重。"),
        draft("丙镇", 2023, Kind.TOWNSHIP),
    ]
    answer = ask(drafts, subject="themes", operation="list", aspect="problems")
    assert [row.body for row in answer.rows if row.label == "人员力量不足、变动频繁"] == ["乙镇", "甲镇"]
    assert "3份报告中，2份写了问题" in answer.text
    assert "丙镇" in answer.text
    assert answer.coverage.silent == 1
    assert len(answer.rows) == 4


def test_what_applicants_asked_for_is_split_and_counted(ask: Any, draft: Any) -> None:
    def with_subjects(name: str, words: str) -> Any:
        return draft(name, 2023, Kind.TOWNSHIP).section("（二）依申请公开", SectionRole.APPLICATIONS, words)

    drafts = [
        with_subjects("甲镇", "收到申请3件，申请内容涉及林权登记、道路修缮等方面。"),
        with_subjects("乙镇", "收到申请2件，内容主要涉及道路修缮和低保发放。"),
    ]
    made = drafts[0].finished()
    assert [span.of(made.text) for span in application_subjects(made.report, made.text)] == ["林权登记", "道路修缮"]
    answer = ask(drafts, subject="passages", words="申请都问些啥")
    assert [row.body for row in answer.rows if row.label == "道路修缮"] == ["乙镇", "甲镇"]
    assert {row.label for row in answer.rows} == {"林权登记", "道路修缮", "低保发放"}


def test_two_bodies_are_set_side_by_side(ask: Any, draft: Any) -> None:
    drafts = [
        _town(draft, "甲镇", "一是从事公开的人手偏紧；二是栏目更新缓慢。"),
        _town(draft, "乙镇", "一是兼职人员多，精力分散；二是政策解读图示偏少。"),
    ]
    scope = {"bodies": [d.body.body_id for d in drafts]}
    answer = ask(drafts, subject="passages", words="问题有什么不同", aspect="problems", scope=scope)
    assert "都提到的：人员力量不足、变动频繁" in answer.text
    assert "只有甲镇提到的：信息更新、发布不够及时" in answer.text
    assert "只有乙镇提到的：政策解读质量不高、形式单一" in answer.text
