"""Which questions are about the corpus itself, and what of it they ask. Bodies here are made up; no report is read."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Plan
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

PLACE = "山东省/威海市/文登区"
BODIES = [
    Body("zone", "甲山经济开发区管理委员会", Kind.ZONE, PLACE, ("甲山经开区", "Jiashan Zone")),
    Body("town", "柳浪镇人民政府", Kind.TOWNSHIP, PLACE, ("柳浪镇", "柳浪", "Liulang Town", "Liulang")),
    Body("other", "青柳镇人民政府", Kind.TOWNSHIP, PLACE, ("青柳镇",)),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def plan_of(parser: Parser, question: str) -> Plan:
    return parser.parse(question).plan


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("哪份报告前后数字不一样", "conflicts"),
        ("哪些报告自相矛盾", "conflicts"),
        ("柳浪镇到底153还是9", "conflicts"),
        ("Which reports contradict themselves?", "conflicts"),
        ("勾稽关系不平的", "failed_checks"),
        ("2023年乡镇报告的勾稽关系", "failed_checks"),
        ("which reports fail the identities", "failed_checks"),
        ("结转对得上吗", "years_disagree"),
        ("柳浪镇2023年结转对不对得上", "years_disagree"),
        ("与上年数字对得上吗", "years_disagree"),
        ("各单位的上年结转和去年的报告一致吗", "years_disagree"),
        ("Does the carry-over reconcile?", "years_disagree"),
        ("分渠道加起来不等于总数的", "channels"),
        ("各渠道之和和总数对不上的报告", "channels"),
        ("正文和表对不上的", "prose_against_table"),
        ("哪些报告正文与表格不一致", "prose_against_table"),
        ("which reports' text and tables disagree", "prose_against_table"),
        ("镇怎么会有规章", "implausible"),
        ("有没有离谱的数字", "implausible"),
        ("年份写错的", "heading"),
        ("哪些报告标题有误", "heading"),
        ("照抄上级的", "copied"),
        ("这些报告有什么毛病", "all"),
        ("哪些报告有错误", "all"),
        ("what is wrong with these reports", "all"),
        ("柳浪镇的报告有没有问题", "all"),
        ("有没有报告加总错误", "failed_checks"),
        ("does the text agree with the tables", "prose_against_table"),
    ],
)
def test_a_question_for_faults_says_which(parser: Parser, question: str, aspect: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.aspect) == ("checks", aspect)


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("哪些单位没有发布2023年报告", "missing"),
        ("2022年应报未报的单位", "missing"),
        ("谁没交2022年年报", "missing"),
        ("缺2022年报告的单位", "missing"),
        ("who did not report in 2022", "missing"),
        ("Which towns did not publish a report for 2022?", "missing"),
        ("柳浪镇2022年发布报告了吗", "missing"),
        ("甲山经开区有没有2021年的报告", "missing"),
        ("白石镇2022年发布报告了吗", "missing"),
        ("哪些报告没表格", "no_tables"),
        ("哪些报告的表格是图片", "picture_tables"),
        ("哪些报告表格不全", "partial_tables"),
        ("空白的有哪些", "blank"),
        ("哪些报告看不清", "unreadable"),
        ("没写问题的报告", "without_problems"),
        ("平均每份报告多少字", "length"),
        ("最长的报告是哪份", "length"),
        ("which report is the shortest", "length"),
        ("what is the longest report", "length"),
        ("what is the latest report", "latest"),
        ("when was the 2022 report of Liulang published", "issued_on"),
        ("2023年的报告最晚是哪天发的", "issued_on"),
        ("哪些乡镇的报告缺表", "no_tables"),
        ("which reports lack some of the tables", "partial_tables"),
        ("哪些单位三年都有报告", "several_years"),
        ("哪些单位只有一年的报告", "several_years"),
        ("你都有什么数据", "holdings"),
        ("哪天发布的这份年报", "issued_on"),
        ("最晚发布的是哪份报告", "issued_on"),
        ("哪些单位有两年以上报告", "several_years"),
        ("哪些报告被取代了", "superseded"),
        ("语料里有什么", "holdings"),
        ("What's in the corpus?", "holdings"),
        ("最新的报告有哪些", "latest"),
    ],
)
def test_a_question_for_the_reports_says_what_of_them(parser: Parser, question: str, aspect: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.aspect) == ("reports", aspect)


@pytest.mark.parametrize(
    ("question", "subject", "group_by", "level"),
    [
        ("各年各有几份报告", "reports", ("year",), None),
        ("每年有多少份报告", "reports", ("year",), None),
        ("how many reports are there per year", "reports", ("year",), None),
        ("哪些年份的报告", "reports", ("year",), None),
        ("各类机关各有几份报告", "reports", ("kind",), None),
        ("有哪些省的报告", "reports", ("region",), "province"),
        ("有哪些县", "reports", ("region",), "county"),
    ],
)
def test_reports_can_be_split(
    parser: Parser, question: str, subject: str, group_by: tuple[str, ...], level: str | None
) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.group_by, plan.region_level) == (subject, group_by, level)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("一共几份报告", "reports"),
        ("2023年有几份报告", "reports"),
        ("一共多少个开发区", "bodies"),
        ("how many zones are there", "bodies"),
    ],
)
def test_reports_and_bodies_are_counted(parser: Parser, question: str, subject: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.operation, plan.group_by, plan.aspect) == (subject, "count", (), None)


def test_so_many_of_the_longest(parser: Parser) -> None:
    plan = plan_of(parser, "最短的三份报告")
    assert (plan.operation, plan.order, plan.limit) == ("top", "ascending", 3)


@pytest.mark.parametrize(
    "question",
    [
        "2023年收到申请最多的是哪个镇",
        "哪些镇2023年没有收到申请",
        "2023年各县收到多少件申请",
        "各年收到多少件申请",
        "柳浪镇2023年主动公开了多少条",
        "哪些开发区没有行政复议",
        "结转到2024年的有几件",
        "2023年结转超过3件的单位",
    ],
)
def test_a_question_about_figures_is_none_about_the_corpus(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).subject == "figures"


@pytest.mark.parametrize("question", ["常见问题有哪些", "柳浪镇存在哪些问题", "谁提到三审三校", "哪些单位提到数据质量"])
def test_a_question_about_prose_is_none_about_the_corpus(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).subject in ("themes", "passages")


def test_a_term_is_explained_and_not_checked(parser: Parser) -> None:
    assert plan_of(parser, "勾稽关系是什么意思").subject == "definition"
