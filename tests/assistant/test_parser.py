"""What questions are understood as. Bodies and places here are made up or bare place names; no report is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.plan import Criterion, Plan
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

WENDENG = "山东省/威海市/文登区"
ZONE_A_NAMES = ("甲山经开区", "甲山开发区", "甲山", "Jiashan Zone", "Jiashan")
TOWN_NAMES = ("柳浪镇", "柳浪", "Liulang Town", "Liulang")
BODIES = [
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, WENDENG, ZONE_A_NAMES),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, "山西省/忻州市/定襄县", ("乙水高新区",)),
    Body("zone_c", "丙原经济技术开发区", Kind.ZONE, "山东省/淄博市/张店区", ("丙原经开区", "丙原")),
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, WENDENG, TOWN_NAMES),
    Body("office", "威海市文登区人民政府办公室", Kind.GOVERNMENT_OFFICE, WENDENG, ("文登区政府办", "区政府办")),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def plan_of(parser: Parser, question: str, *history: str) -> Plan:
    last = None
    for earlier in history:
        last = Turn(parse_in_conversation(parser, earlier, last).plan, tuple)
    return parse_in_conversation(parser, question, last).plan


ZERO = Criterion(comparison="=", value=Decimal(0))
SOME = Criterion(comparison=">", value=Decimal(0))


@pytest.mark.parametrize(
    ("question", "operation", "metrics", "condition"),
    [
        ("哪些开发区2023年没有收到政府信息公开申请", "list", ("applications_new",), ZERO),
        ("which zones received no applications in 2023", "list", ("applications_new",), ZERO),
        ("23年0申请的开发区有哪几个", "list", ("applications_new",), ZERO),
        ("2023年一件申请都没收到的开发区", "list", ("applications_new",), ZERO),
        ("列出2023年未收到依申请公开的开发区", "list", ("applications_new",), ZERO),
        ("Which zones did not receive any requests in 2023?", "list", ("applications_new",), ZERO),
        ("2023年收到过申请的开发区", "list", ("applications_new",), SOME),
        ("2023年有多少开发区没收到申请", "count", ("applications_new",), ZERO),
        ("How many zones received no applications in 2023?", "count", ("applications_new",), ZERO),
        ("2023年几个开发区收到过申请", "count", ("applications_new",), SOME),
        ("2023年开发区一共收到多少件申请", "sum", ("applications_new",), None),
        ("2023年几个开发区共收到多少件申请", "sum", ("applications_new",), None),
        ("2023年开发区平均收到几件申请", "mean", ("applications_new",), None),
        ("2023年申请最多的开发区是谁", "top", ("applications_new",), None),
        ("2023年没发规范性文件的开发区", "list", ("normative_docs_issued",), ZERO),
        ("2023年没有复议也没有诉讼的开发区", "list", ("review_total", "litigation_total"), ZERO),
        ("2023年没办过政协提案的开发区有哪些", "list", ("cppcc_proposals",), ZERO),
        ("2023年不予公开的申请开发区总共几件", "sum", ("denied_subtotal",), None),
        ("2023年开发区里企业申请有几件予以公开", "sum", ("result_granted__enterprise",), None),
    ],
)
def test_scope_operation_metric_and_condition_are_read(
    parser: Parser, question: str, operation: str, metrics: tuple[str, ...], condition: Criterion | None
) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.operation, plan.metrics, plan.condition) == ("figures", operation, metrics, condition)
    assert plan.scope.kinds == (Kind.ZONE,)
    assert plan.scope.years == (2023,)


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("申请超过100件的单位", Criterion(comparison=">", value=Decimal(100))),
        ("申请100件以上的单位", Criterion(comparison=">=", value=Decimal(100))),
        ("申请不足十件的单位", Criterion(comparison="<", value=Decimal(10))),
        ("申请少于50件的单位", Criterion(comparison="<", value=Decimal(50))),
        ("有1到5件申请的单位", Criterion(comparison="between", value=Decimal(1), upper=Decimal(5))),
        ("申请过千的单位", Criterion(comparison=">", value=Decimal(1000))),
        ("bodies with more than 100 applications", Criterion(comparison=">", value=Decimal(100))),
        ("which bodies received at least five applications", Criterion(comparison=">=", value=Decimal(5))),
    ],
)
def test_bounds_are_read_in_digits_and_words(parser: Parser, words: str, condition: Criterion) -> None:
    assert plan_of(parser, words).condition == condition


@pytest.mark.parametrize(
    ("question", "order", "limit"),
    [
        ("申请最多的5家", "descending", 5),
        ("主动公开前十", "descending", 10),
        ("最少公开的三个开发区", "ascending", 3),
        ("top five bodies by applications", "descending", 5),
        ("诉讼最多的是谁", "descending", 1),
    ],
)
def test_rankings_have_an_order_and_a_limit(parser: Parser, question: str, order: str, limit: int) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.order, plan.limit) == ("top", order, limit)


def test_one_body_without_a_year_means_its_latest_report(parser: Parser) -> None:
    plan = plan_of(parser, "柳浪镇收到几件申请")
    assert plan.operation == "value"
    assert plan.scope.bodies == ("town_a",)
    assert plan.scope.latest


def test_whether_asks_for_the_figure_and_not_for_members(parser: Parser) -> None:
    plan = plan_of(parser, "柳浪镇23年有没有收到申请")
    assert (plan.operation, plan.asks_whether) == ("value", "some")


@pytest.mark.parametrize("typo", ["甲山开发去23年有没有收道申请", "甲山开发区23年有没有收到申情"])
def test_words_that_sound_right_are_understood(parser: Parser, typo: str) -> None:
    plan = plan_of(parser, typo)
    assert plan.metrics == ("applications_new",)
    assert plan.scope.bodies == ("zone_a",)


def test_a_place_with_one_body_means_that_body(parser: Parser) -> None:
    assert plan_of(parser, "定襄2023年收到几件申请").scope.bodies == ("zone_b",)


def test_a_place_with_several_bodies_is_asked_back_with_each(parser: Parser) -> None:
    parse = parser.parse("文登2023年主动公开多少条")
    assert [reading.plan.scope.bodies for reading in parse.readings] == [("office",), ("town_a",), ("zone_a",)]
    assert all(parser.parse(reading.question).readings == () for reading in parse.readings)


def test_a_place_with_a_word_for_many_narrows(parser: Parser) -> None:
    plan = plan_of(parser, "文登各单位2023年一共收到多少件申请")
    assert plan.scope.regions == ("山东省/威海市/文登区",)
    assert plan.operation == "sum"


def test_a_place_outside_the_corpus_stays_in_the_scope(parser: Parser) -> None:
    plan = plan_of(parser, "北京市朝阳区2023年收到多少件申请")
    assert plan.scope.regions == ("北京市/朝阳区",)


def test_an_unknown_body_stays_in_the_scope(parser: Parser) -> None:
    assert plan_of(parser, "霞屿综保区2023年收到几件申请").scope.names == ("霞屿",)
    assert plan_of(parser, "How many applications did Xiayu zone receive in 2023?").scope.names == ("Xiayu",)


def test_a_share_finds_the_whole_of_its_part(parser: Parser) -> None:
    plan = plan_of(parser, "柳浪镇微信占主动公开的比例")
    assert (plan.operation, plan.metrics, plan.denominators) == ("share", ("proactive_wechat",), ("proactive_total",))
    plan = plan_of(parser, "2023年自然人占几成")
    assert (plan.metrics, plan.denominators) == (("applications_new__natural_person",), ("applications_new",))


@pytest.mark.parametrize("question", ["微信占一半以上的单位", "微信发布超过60%的", "微信占主动公开超过一半的单位"])
def test_a_bound_on_a_share_is_no_bound_on_a_number(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.metrics, plan.denominators) == (("proactive_wechat",), ("proactive_total",))
    assert plan.condition is not None
    assert Decimal("0.5") <= plan.condition.value < 1


def test_a_share_can_be_ranked(parser: Parser) -> None:
    plan = plan_of(parser, "不予公开占比最高的单位")
    assert (plan.operation, plan.metrics, plan.denominators) == ("top", ("denied_subtotal",), ("result_total",))


def test_a_place_that_no_report_is_of_stays_in_the_scope(parser: Parser) -> None:
    assert plan_of(parser, "宿迁申请两年变化").scope.regions == ("江苏省/宿迁市",)


def test_a_ratio_with_several_bases_is_asked_back(parser: Parser) -> None:
    parse = parser.parse("2023年公开率多少")
    assert [r.plan.metrics for r in parse.readings] == [("result_granted",), ("result_granted", "result_partial")]
    for reading in parse.readings:
        own = parser.parse(reading.question)
        assert (own.plan.metrics, own.plan.denominators) == (reading.plan.metrics, reading.plan.denominators)
        assert own.readings == ()


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("柳浪镇的公众号叫什么名字", "passages"),
        ("柳浪镇收到的申请都涉及什么内容", "passages"),
        ("柳浪镇的联系电话多少", "passages"),
        ("谁提到了三审三校", "passages"),
        ("土地征收有关的申请", "passages"),
        ("常见问题有哪些", "themes"),
        ("哪份报告前后自相矛盾", "checks"),
        ("哪些报告的表格是图片", "reports"),
        ("2023年有几份报告", "reports"),
        ("一共多少个开发区", "bodies"),
        ("啥叫三安全一稳定", "definition"),
        ("明年的申请会涨吗", "out_of_scope"),
        ("申请人叫什么名字", "out_of_scope"),
        ("柳浪镇解读了多少份政策文件", "mentions"),
        ("柳浪镇收集了多少条意见建议", "mentions"),
        ("柳浪镇培训了多少人", "mentions"),
        ("柳浪镇的镇长是谁", "out_of_scope"),
        ("What is the GDP of Zibo?", "passages"),
    ],
)
def test_questions_that_are_not_about_the_form_go_elsewhere(parser: Parser, question: str, subject: str) -> None:
    assert plan_of(parser, question).subject == subject


def test_a_restriction_that_nobody_knows_is_never_dropped(parser: Parser) -> None:
    plan = plan_of(parser, "哪些开发区因为土地征收收到申请")
    assert plan.subject == "passages"
    assert any("土地征" in word for word in plan.quoted)


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("那2022年呢", {"years": (2022,), "kinds": (Kind.ZONE,)}),
        ("换成镇", {"years": (2023,), "kinds": (Kind.TOWNSHIP,)}),
        ("只看山东的", {"years": (2023,), "kinds": (Kind.ZONE,), "regions": ("山东省",)}),
        ("and in 2022?", {"years": (2022,), "kinds": (Kind.ZONE,)}),
    ],
)
def test_a_follow_up_changes_only_what_it_names(parser: Parser, question: str, changed: dict[str, object]) -> None:
    first = "哪些开发区2023年没有收到申请"
    before, after = plan_of(parser, first), plan_of(parser, question, first)
    assert (after.operation, after.metrics, after.condition) == (before.operation, before.metrics, before.condition)
    assert {name: getattr(after.scope, name) for name in changed} == changed


def test_a_follow_up_may_name_another_body_or_metric(parser: Parser) -> None:
    first = "柳浪镇2023年收到几件申请"
    assert plan_of(parser, "那丙原呢", first).scope.bodies == ("zone_c",)
    assert plan_of(parser, "那复议呢", first).metrics == ("review_total",)
    assert plan_of(parser, "那复议呢", first).scope.bodies == ("town_a",)


@pytest.mark.parametrize(
    ("question", "metric"),
    [("诉讼呢", "litigation_total"), ("微信呢", "proactive_wechat"), ("and lawsuits?", "litigation_total")],
)
def test_a_follow_up_that_names_only_a_metric_keeps_the_body(parser: Parser, question: str, metric: str) -> None:
    plan = plan_of(parser, question, "柳浪镇2023年收到几件申请")
    assert (plan.metrics, plan.scope.bodies, plan.scope.years) == ((metric,), ("town_a",), (2023,))


def test_a_follow_up_may_name_another_operation_bound_or_column(parser: Parser) -> None:
    first = "2023年各开发区收到多少件申请"
    assert plan_of(parser, "平均呢", first).operation == "mean"
    assert plan_of(parser, "超过10件的呢", first).condition == Criterion(comparison=">", value=Decimal(10))
    assert plan_of(parser, "其中个人的有几件", first).metrics == ("applications_new__natural_person",)
    least = plan_of(parser, "最少的呢", first)
    assert (least.operation, least.order, least.scope.kinds) == ("top", "ascending", (Kind.ZONE,))


def test_the_year_before_is_the_one_before_what_was_asked(parser: Parser) -> None:
    first = "柳浪镇2022年收到几件申请"
    assert plan_of(parser, "前一年呢", first).scope.years == (2021,)
    assert plan_of(parser, "上一年呢", first).scope.years == (2021,)


def test_a_pronoun_means_the_body_before(parser: Parser) -> None:
    plan = plan_of(parser, "它存在什么问题", "柳浪镇2022年收到几件申请")
    assert (plan.subject, plan.scope.bodies, plan.aspect) == ("passages", ("town_a",), "problems")


def test_a_new_topic_starts_anew(parser: Parser) -> None:
    first = "哪些开发区2023年没有收到申请"
    assert plan_of(parser, "柳浪镇22年主动公开多少条", first).scope.kinds == ()


def test_a_name_without_its_place_is_known() -> None:
    bodies = [
        Body(
            "b1",
            "栖霞市住房和城乡建设局",
            Kind.DEPARTMENT,
            "山东省/烟台市/栖霞市",
            ("栖霞市住建局", "Qixia Housing Bureau"),
        ),
        Body("b2", "栖霞市教育和体育局", Kind.DEPARTMENT, "山东省/烟台市/栖霞市", ("栖霞市教体局",)),
    ]
    parser = Parser(lexicon(), bodies, {2022, 2023}, date(2024, 5, 1))
    assert parser.parse("住建局2022年收到几件申请").plan.scope.bodies == ("b1",)
    assert parser.parse("市住建局2022年收到几件申请").plan.scope.bodies == ("b1",)
    assert parser.parse("lawsuits against the housing bureau in 2022").plan.scope.bodies == ("b1",)
    assert parser.parse("住建局和教体局谁的申请多").plan.scope.bodies == ("b1", "b2")
    assert parser.parse("住房和诚乡建设局2022年收到几件申请").plan.scope.bodies == ("b1",)


def test_a_name_that_many_bodies_share_is_a_sort_of_body() -> None:
    bodies = [
        Body(f"b{i}", f"{name}财政局", Kind.DEPARTMENT, f"山东省/威海市/{name}")
        for i, name in enumerate(("文登区", "环翠区", "荣成市", "乳山市"))
    ]
    parser = Parser(lexicon(), bodies, {2023}, date(2024, 5, 1))
    plan = parser.parse("各财政局2023年一共收到多少件申请").plan
    assert (plan.operation, plan.scope.names) == ("sum", ("财政局",))
    assert len(parser.parse("财政局2023年收到多少件申请").readings) == 4


def test_a_bound_on_money_is_in_the_metrics_own_unit(parser: Parser) -> None:
    plan = plan_of(parser, "行政事业性收费超过700万的单位")
    assert plan.condition == Criterion(comparison=">", value=Decimal(700))


def test_what_is_carried_into_a_year_is_stated_by_the_year_before(parser: Parser) -> None:
    assert plan_of(parser, "有申请结转到2023年的开发区").scope.years == (2022,)


def test_a_figure_of_one_channel_is_looked_for_in_the_prose(parser: Parser) -> None:
    assert plan_of(parser, "柳浪镇2023年网上提交的申请几件").subject == "mentions"


@pytest.mark.parametrize(
    ("question", "years_running"),
    [
        ("连续两年没收到申请的单位", 2),
        ("哪个乡镇每年都是0申请", 0),
        ("2021到2023三年都没收到申请的单位", 3),
        ("which bodies received no applications two years running", 2),
    ],
)
def test_runs_of_years_are_read(parser: Parser, question: str, years_running: int) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.condition, plan.years_running) == ("list", ZERO, years_running)
    assert plan.unplaced == ()


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("柳浪镇复议后起诉被纠正的案件数", ("lit_post_review_corrected",)),
        ("柳浪镇直接起诉、结果纠正的有几件", ("lit_direct_corrected",)),
        ("柳浪镇行政诉讼结果维持几件", ("lit_direct_upheld", "lit_post_review_upheld")),
    ],
)
def test_a_lawsuits_result_is_never_read_as_the_total(parser: Parser, question: str, metrics: tuple[str, ...]) -> None:
    assert plan_of(parser, question).metrics == metrics


@pytest.mark.parametrize(
    "question", ["除了柳浪镇，2023年申请量最大的是谁", "Other than Liulang Town, who had most applications"]
)
def test_what_is_excluded_is_not_what_is_asked_for(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.scope.bodies, plan.unplaced) == ((), ())
    assert [scope.bodies for scope in plan.scope.excluded] == [("town_a",)]


@pytest.mark.parametrize(
    ("question", "limit"),
    [("五个申请最多的单位", 5), ("Which two bodies received the fewest applications", 2), ("申请第二多的单位", 2)],
)
def test_a_number_beside_a_ranking_is_its_limit(parser: Parser, question: str, limit: int) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.limit) == ("top", limit)


def test_a_number_of_bodies_that_are_compared_is_no_limit(parser: Parser) -> None:
    assert plan_of(parser, "三个开发区谁公开的最多").limit == 1


@pytest.mark.parametrize(
    "question", ["有几件结转到下年", "存在什么问题", "有哪些问题", "电话多少", "他们公众号发了多少"]
)
def test_a_question_without_a_scope_of_its_own_is_about_the_body_before(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question, "柳浪镇2023年收到几件申请")
    assert plan.scope.bodies == ("town_a",)
    assert plan.scope.years == (2023,)


@pytest.mark.parametrize("question", ["2023年一共收到多少件申请", "哪些开发区没收到申请", "各单位主动公开多少条"])
def test_a_question_about_many_starts_anew(parser: Parser, question: str) -> None:
    assert plan_of(parser, question, "柳浪镇2023年收到几件申请").scope.bodies == ()


def test_a_plan_for_next_year_stands_in_the_last_report(parser: Parser) -> None:
    plan = plan_of(parser, "柳浪镇2024年打算怎么改进")
    assert (plan.aspect, plan.scope.years, plan.scope.latest) == ("improvement", (), True)


def test_two_places_set_against_one_another_are_compared_by_place(parser: Parser) -> None:
    plan = plan_of(parser, "文登和张店的开发区谁收到的申请更多")
    assert plan.operation == "compare"


def test_a_list_may_end_in_the_kind_that_it_asks_for(parser: Parser) -> None:
    plan = plan_of(parser, "2022年公开不足100条的开发区")
    assert (plan.operation, plan.condition) == ("list", Criterion(comparison="<", value=Decimal(100)))


def test_a_question_that_asks_nothing_is_known_as_such(parser: Parser) -> None:
    assert parser.parse("柳浪镇").is_empty
    assert not parser.parse("柳浪镇有什么问题").is_empty


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_a_plan(text: str) -> None:
    parser = Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))
    if text.strip():
        parse = parser.parse(text)
        assert parse.plan.subject
        for stretch in parse.reading.unknown:
            assert parse.reading.text[stretch.start : stretch.end] == stretch.text


@given(
    st.sampled_from(["哪些开发区", "哪些镇", "哪几个街道"]),
    st.sampled_from([2021, 2022, 2023]),
    st.sampled_from(["没有收到", "没收到", "未收到", "一件都没收到"]),
    st.sampled_from(["申请", "政府信息公开申请", "依申请公开", "信息公开申请"]),
    st.booleans(),
)
def test_word_order_and_synonyms_do_not_change_the_plan(
    who: str, year: int, verb: str, what: str, year_first: bool
) -> None:
    parser = Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))
    question = f"{year}年{who}{verb}{what}" if year_first else f"{who}{year}年{verb}{what}？"
    plan = parser.parse(question).plan
    assert (plan.operation, plan.metrics, plan.condition) == ("list", ("applications_new",), ZERO)
    assert plan.scope.years == (year,)
