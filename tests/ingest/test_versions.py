"""Whether two reports of one body and year are one report, versions of one another, or two."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Document, Line
from ingest.identity.versions import Relation, compare, contradictions, is_marked_as_later, relation
from ingest.understanding import understand
from vectorstore.records import ReportContents, Span

BODY = """一、总体情况
2023年，我局认真落实政府信息公开条例，围绕群众关心的事项推进公开，取得了新的成效。
（一）主动公开。全年通过门户网站主动公开政府信息120条，其中政策解读9条，财政预决算4条。
（二）依申请公开。全年收到政府信息公开申请3件，上年结转1件，均在法定期限内办结，无行政复议和行政诉讼。
（三）政府信息管理。完善发布审核制度，落实三审三校，对历史信息开展清理，共整改问题12处。
（四）平台建设。按照集约化要求调整栏目设置，保障页面稳定运行，持续优化检索功能。
（五）监督保障。召开专题会议2次，组织业务培训1场，把公开工作纳入科室年度考核。
二、存在的主要问题及改进情况
一是解读形式比较单一，二是基层工作人员业务能力有待提高。下一步将加强学习，丰富解读形式。
三、其他需要报告的事项
全年未收取信息处理费。
"""
TITLE = "商河县水务局2023年政府信息公开工作年度报告\n"


def read(text: str = TITLE + BODY, source: str = "1.txt", **changes: str | None) -> ReportContents:
    blocks = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Line(Span(at, at + len(line))))
        at += len(line) + 1
    contents = understand(Document(text, tuple(blocks), source))
    return replace(contents, report=replace(contents.report, **changes))


def between(mine: ReportContents, other: ReportContents) -> Relation:
    return relation(mine, other.report, other.text, other.figures)


def both_ways(mine: ReportContents, other: ReportContents) -> tuple[Relation, Relation]:
    return between(mine, other), between(other, mine)


NAVIGATION = "首页 > 政务公开 > 年报\n索引号：0012 | 发布机构：商河县水务局\n字体：大 中 小 打印 关闭\n"
FOOTER = "\n主办：商河县人民政府 承办：商河县大数据局 网站标识码3701260001\n"


@pytest.mark.parametrize(
    "text",
    [
        NAVIGATION + TITLE + BODY + FOOTER,
        (TITLE + BODY).replace("\n", "\n\n　　"),
        (TITLE + BODY).replace("，", ",").replace("。", "。 "),
        TITLE + BODY.replace("（四）", "— 2 —\n（四）"),
        TITLE + BODY + "第二十条第（一）项\n规章\t0\t0\t0\n行政规范性文件\t1\t0\t4\n",
        (TITLE + BODY).replace("取得了新的成效", "取得了新的成郊"),
        (TITLE + BODY)[: len(TITLE + BODY) * 2 // 3],
    ],
    ids=["navigation", "spacing", "punctuation", "page number", "tables", "misread character", "cut off"],
)
def test_another_copy_of_a_report_is_the_same_report(text: str) -> None:
    assert both_ways(read(), read(text, "2.txt")) == (Relation.SAME, Relation.SAME)


CHANGED = TITLE + BODY.replace("公开申请3件", "公开申请5件")


def test_one_other_figure_makes_it_another_version() -> None:
    older, newer = read(issued_on="2024-01-10"), read(CHANGED, "2.txt", issued_on="2024-03-02")
    assert both_ways(newer, older) == (Relation.NEWER, Relation.OLDER)
    assert "新收政府信息公开申请" in compare(newer, older.report, older.text, older.figures).reason


def test_another_number_that_is_no_figure_makes_it_another_version() -> None:
    changed = read(TITLE + BODY.replace("问题12处", "问题14处"), "2.txt", issued_on="2024-03-02")
    assert between(changed, read(issued_on="2024-01-10")) is Relation.NEWER


def test_an_added_passage_makes_it_another_version() -> None:
    added = BODY.replace(
        "（四）平台",
        "此外，全年新制定行政规范性文件并组织专家对文件开展后评估，评估结果向社会公布，接受群众监督。\n（四）平台",
    )
    assert between(read(TITLE + added, "2.txt", issued_on="2024-03-02"), read(issued_on="2024-01-10")) is Relation.NEWER


def test_a_mark_goes_before_dates() -> None:
    marked = read(CHANGED, "商河县水务局2023年年报（更正）.txt", issued_on="2024-01-10", retrieved_on="2024-01-11")
    plain = read(issued_on="2024-01-10", retrieved_on="2024-05-01")
    assert both_ways(marked, plain) == (Relation.NEWER, Relation.OLDER)


def test_a_copy_that_breaks_off_hides_nothing_by_its_date() -> None:
    signed = "商河县水务局2023年工作小组\n"
    whole = read(TITLE + signed + BODY + signed, issued_on="2024-01-10")
    cut = read((TITLE + signed + BODY)[: len(TITLE + signed + BODY) * 2 // 3], "2.txt", issued_on="2024-01-30")
    assert both_ways(cut, whole) == (Relation.SAME, Relation.SAME)


def test_without_dates_of_issue_the_day_of_retrieval_decides() -> None:
    older, newer = read(retrieved_on="2024-02-01"), read(CHANGED, "2.txt", retrieved_on="2024-06-01")
    assert both_ways(newer, older) == (Relation.NEWER, Relation.OLDER)


def test_nothing_is_hidden_where_nothing_says_which_is_later() -> None:
    found = compare(read(CHANGED, "2.txt"), read().report, read().text, read().figures)
    assert found.relation is Relation.DIFFERENT
    assert "看不出" in found.reason


OTHER = """一、总体情况
本年度水务系统聚焦供水保障与防汛抗旱，主动向社会发布汛情通报、水质公告和工程建设信息共计三百余条。
（一）主动公开。微信公众号推送节水宣传文章，电视台播出专题节目，农村饮水工程进展按月张贴公示。
（二）依申请公开。全年没有收到任何申请。
二、问题与改进
信息更新不够及时，今后要压实责任，定期通报。
"""


def test_another_text_of_the_same_body_and_year_is_another_report() -> None:
    other = read(TITLE + OTHER, "2.txt", issued_on="2024-06-01")
    assert both_ways(other, read(issued_on="2024-01-10")) == (Relation.DIFFERENT, Relation.DIFFERENT)


def test_reports_of_an_unknown_place_are_never_joined() -> None:
    unknown = read(TITLE.replace("商河县", "县") + BODY, region=None)
    copy = read(NAVIGATION.replace("商河县", "") + TITLE.replace("商河县", "县") + BODY, "2.txt", region=None)
    copy = replace(copy, report=replace(copy.report, body_id=unknown.report.body_id))
    assert between(copy, unknown) is Relation.DIFFERENT


def test_reports_on_different_years_are_different() -> None:
    other = read(CHANGED, "2.txt")
    assert between(read(), replace(other, report=replace(other.report, year=2022))) is Relation.DIFFERENT


@pytest.mark.parametrize(
    ("title", "source", "text", "is_marked"),
    [
        ("商河县水务局2023年政府信息公开工作年度报告（更正版）", "1.txt", "", True),
        ("商河县水务局2023年政府信息公开工作年度报告", "年报修订稿.docx", "", True),
        ("商河县水务局2023年政府信息公开工作年度报告", "1.txt", "因数据填报有误，现予以更正。", True),
        ("商河县城市更新局2023年政府信息公开工作年度报告", "1.txt", "", False),
        ("商河县水务局2023年政府信息公开工作年度报告", "年报(2).txt", "更新日期：2024-01-20", False),
        ("商河县水务局2023年政府信息公开工作年度报告", "1.txt", "依据新修订的条例编制本报告。", False),
    ],
)
def test_marks_of_a_later_version(title: str, source: str, text: str, is_marked: bool) -> None:
    report = replace(read().report, title=title, source=source, sources=(source,))
    assert is_marked_as_later(report, text) is is_marked


def test_contradictions_name_the_metrics() -> None:
    assert "applications_new" in contradictions(read().figures, read(CHANGED).figures)
    assert contradictions(read().figures, read().figures) == []


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_newer_and_older_are_each_others_opposites(seed: int) -> None:
    rng = random.Random(seed)
    lines = BODY.split("\n")
    for _ in range(rng.randint(0, 4)):
        at = rng.randrange(len(lines))
        lines[at] = rng.choice(["", lines[at].replace("1", "7"), lines[at] + "并已整改到位，形成长效机制。"])
    dates = [None, "2024-01-10", "2024-02-20"]
    mine, other = (
        read(issued_on=rng.choice(dates)),
        read(TITLE + "\n".join(lines), "2.txt", issued_on=rng.choice(dates)),
    )
    opposite = {Relation.NEWER: Relation.OLDER, Relation.OLDER: Relation.NEWER}
    there, back = both_ways(mine, other)
    assert back is opposite.get(there, there)
