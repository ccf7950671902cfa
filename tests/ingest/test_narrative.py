"""A report's prose read as a whole: figures with their quotes, mentions, sections, and what must not be read."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Document, Line
from ingest.identity.body_names import kind_of
from ingest.identity.identity import identify
from ingest.narrative.narrative import Narrative, read_narrative, read_statements
from ingest.narrative.subjects import is_own
from ingest.narrative.territory import counts_more_than
from ingest.pipeline import read_report
from ingest.structure.sections import find_sections
from ingest.text.flattened_text import read_flattened_text
from vectorstore.folding import fold
from vectorstore.numerals import find_numbers
from vectorstore.records import Body, Origin, Section, SectionRole, Span, State

REPORT = """一、总体情况
（一）主动公开情况。2023年，我镇通过政府网站、微信公众号等渠道主动公开政府信息90条。其中，网站30条，微信公众号60条。
（二）依申请公开情况。2023年，共收到政府信息公开申请7件，较去年减少1件，均已答复，未收取任何费用。
（五）监督保障情况。组织政务公开培训2次，160余人次参加，跟班学习7个单位。
五、存在的主要问题及改进情况
存在培训不足等问题，2023年仅开展培训1次。下一步，将组织培训5次。
六、其他需要报告的事项
无。
"""


def issuer(name: str) -> Body:
    return Body("b", name, kind_of(name))


def narrate(text: str, *, year: int | None = 2023, name: str = "青榆镇人民政府") -> tuple[Narrative, Document]:
    document = read_flattened_text(text.encode("utf-8"), "report.txt")
    sections = find_sections(document)
    narrative = read_narrative(document, sections, report_id="r", issuer=issuer(name), year=year)
    return narrative, document


def test_the_figures_of_a_report_are_read_with_the_clauses_that_state_them() -> None:
    narrative, document = narrate(REPORT)
    stated = {(f.metric, f.year): (f.value, document.text[f.start : f.end]) for f in narrative.figures}
    assert {key: value for key, (value, _) in stated.items()} == {
        ("proactive_total", 2023): 90,
        ("proactive_website", 2023): 30,
        ("proactive_wechat", 2023): 60,
        ("applications_new", 2023): 7,
        ("applications_new", 2022): 8,
        ("info_fee_yuan", 2023): 0,
        ("training_sessions", 2023): 2,
    }
    assert stated["applications_new", 2023][1] == "2023年，共收到政府信息公开申请7件"
    assert stated["applications_new", 2022][1].endswith("较去年减少1件")
    assert "未收取任何费用" in stated["info_fee_yuan", 2023][1]


def test_a_value_from_a_change_is_derived_and_says_from_what() -> None:
    narrative, _ = narrate(REPORT)
    figure = next(f for f in narrative.figures if f.year == 2022)
    assert (figure.state, figure.origin) == (State.DERIVED, Origin.DERIVED)
    assert figure.note is not None and "7件" in figure.note and "1件" in figure.note


def test_other_numbers_are_kept_as_mentions() -> None:
    narrative, _ = narrate(REPORT)
    kept = {(m.value, m.unit, m.qualifier) for m in narrative.mentions}
    assert (Decimal(160), "人次", "余") in kept
    assert (Decimal(7), "个", None) in kept
    assert next(m.counted for m in narrative.mentions if m.value == 7) == "跟班学习单位"


def test_faults_and_plans_state_no_figures() -> None:
    narrative, document = narrate(REPORT)
    faults = document.text.index("五、存在的主要问题")
    assert not [f for f in narrative.figures if f.start > faults]


def test_a_count_of_a_longer_territory_is_a_mention_of_a_street() -> None:
    text = "一、总体情况\n2023年，全市共收到政府信息公开申请300件，我街道收到政府信息公开申请2件。\n"
    street, _ = narrate(text, name="青榆街道办事处")
    assert [f.value for f in street.figures] == [2]
    assert Decimal(300) in [m.value for m in street.mentions]
    city, _ = narrate("一、总体情况\n2023年，全市共收到政府信息公开申请300件。\n", name="青榆市人民政府")
    assert [f.value for f in city.figures] == [300]


@pytest.mark.parametrize(
    ("territory", "name", "longer"),
    [
        ("全市", "青榆市人民政府", False),
        ("全县", "青榆市人民政府", True),
        ("全区", "青榆经济开发区管理委员会", False),
        ("全市", "青榆市教育局", True),
        ("全镇", "青榆镇人民政府", False),
    ],
)
def test_whose_territory_is_meant(territory: str, name: str, longer: bool) -> None:
    assert counts_more_than(territory, name) is longer


@pytest.mark.parametrize(
    "sentence",
    [
        "县司法局全年办理行政复议案件102件。",
        "市自然资源局当年受理政府信息公开申请68件。",
        "县税务局未收到政府信息公开申请。",
        "各执法部门作出行政许可决定460件。",
    ],
)
def test_what_another_body_did_is_no_figure_of_the_issuer(sentence: str) -> None:
    narrative, _ = narrate(f"六、其他需要报告的事项\n{sentence}\n", name="云溪县发展和改革局")
    assert narrative.figures == () and narrative.mentions


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("县发改局", "云溪县发展和改革局"),
        ("青榆镇", "云溪县青榆镇人民政府"),
        ("镇政府", "云溪县青榆镇人民政府"),
        ("县政府", "云溪县人民政府办公室"),
        ("区政府", "云汀区"),
        ("开发区", "青榆经济开发区管理委员会"),
        ("局", "云溪县财政局"),
    ],
)
def test_a_body_may_call_itself_by_a_short_name(subject: str, name: str) -> None:
    assert is_own(subject, name)
    narrative, _ = narrate(f"（二）依申请公开。2023年，{subject}收到政府信息公开申请6件。\n", name=name)
    assert [figure.value for figure in narrative.figures] == [6]


@pytest.mark.parametrize("parts", ["通过网上平台收到申请6件。", "网络申请4件，当面申请2件。"])
def test_parts_make_no_total_beside_one_that_is_stated(parts: str) -> None:
    heading = "一、总体情况\n（一）主动公开。公开及时。\n（二）依申请公开情况\n"
    alone, _ = narrate(f"{heading}{parts}\n")
    assert [(f.metric, f.value) for f in alone.figures] == [("applications_new", 6)]
    beside, _ = narrate(f"{heading}2023年，我镇收到政府信息公开申请9件。\n{parts}\n")
    assert [(f.metric, f.value) for f in beside.figures] == [("applications_new", 9)]
    assert Decimal(6) in {m.value for m in beside.mentions} or len(beside.mentions) == 2


@pytest.mark.parametrize(
    ("text", "value", "unit", "counted"),
    [
        ("全年阅读量突破4.5万。", "45000", "", "阅读量"),
        ("总点击量达4.5万次。", "45000", "次", "总点击量"),
        ("粉丝数1.2万人。", "12000", "人", "粉丝数"),
        ("覆盖12个村。", "12", "个", "覆盖村"),
        ("覆盖12家企业。", "12", "家", "覆盖企业"),
        ("配备3台自助机。", "3", "台", "配备自助机"),
        ("整改隐患12处。", "12", "处", "整改隐患"),
        ("张贴海报30张。", "30", "张", "张贴海报"),
        ("走访农户260户。", "260", "户", "走访农户"),
        ("惠及居民1.2万人次。", "12000", "人次", "惠及居民"),
    ],
)
def test_a_mention_says_what_is_counted_and_by_which_unit(text: str, value: str, unit: str, counted: str) -> None:
    narrative, _ = narrate(text)
    (mention,) = narrative.mentions
    assert (mention.value, mention.unit, mention.counted) == (Decimal(value), unit, counted)


def test_only_lines_of_prose_are_read() -> None:
    text = "收到政府信息公开申请5件。"
    assert not read_narrative(Document(text, (), "x"), (), report_id="r", issuer=issuer("甲"), year=2023).figures
    document = Document(text, (Line(Span(0, len(text))),), "x")
    assert len(read_narrative(document, (), report_id="r", issuer=issuer("甲"), year=2023).figures) == 1


def test_a_section_heading_says_what_is_about() -> None:
    text = "依申请公开情况\n本年度未收到。"
    line = Line(Span(8, len(text)))
    section = Section("依申请公开情况", 2, SectionRole.APPLICATIONS, 0, len(text))
    document = Document(text, (Line(Span(0, 7)), line), "x")
    narrative = read_narrative(document, (section,), report_id="r", issuer=issuer("甲"), year=2023)
    assert [(f.metric, f.value) for f in narrative.figures] == [("applications_new", 0)]


def test_a_report_without_a_year_keeps_the_years_that_its_clauses_name() -> None:
    narrative, _ = narrate("一、总体情况\n2021年收到政府信息公开申请5件。\n", year=None)
    assert [(f.metric, f.year, f.value) for f in narrative.figures] == [("applications_new", 2021, 5)]


def test_an_approximate_number_keeps_its_qualifier() -> None:
    (statement,) = read_statements("共主动公开政府信息四十余条。", year=2023)
    assert (statement.value, statement.qualifier) == (40, "余")


def test_two_totals_in_two_paragraphs_are_both_read() -> None:
    statements = read_statements("主动公开政府信息153条。\n主动公开政府信息9条。", year=2023)
    assert [s.value for s in statements] == [153, 9]


@pytest.mark.parametrize(
    "line",
    [
        "一、本年新收政府信息公开申请数量 58 7 0 0 1 0 66",
        "行政复议 0",
        "尚未",
        "（一）予以公开 3",
        "审结",
    ],
)
def test_the_remains_of_a_broken_table_state_nothing(line: str) -> None:
    assert read_statements(line, year=2023, role=SectionRole.DISPUTE_TABLE) == []
    assert read_statements(line, year=2023, role=SectionRole.APPLICATION_TABLE) == []


def test_a_change_of_something_else_derives_nothing() -> None:
    statements = read_statements("主动公开政府信息300条。点击量较去年增加100条。", year=2023)
    assert [s.value for s in statements] == [300]


def test_last_year_may_be_named_by_its_number() -> None:
    statements = read_statements("收到政府信息公开申请9件，比2022年（12件）减少3件。", year=2023)
    assert [(s.year_offset, s.value) for s in statements] == [(0, 9), (-1, 12), (-1, 12)]


NUMBERS = st.integers(min_value=1, max_value=99999)
TEMPLATES = st.sampled_from(
    [
        "2023年，我局共收到政府信息公开申请{}件，均已答复。",
        "主动公开政府信息{}条，组织培训3次。",
        "微信公众号发布信息{}条",
        "未收到政府信息公开申请，办理热线{}件",
        "予以公开{}件，部分公开2件，不予公开3件。",
        "承办人大代表建议{}件、政协提案2件",
    ]
)


def _key(text: str) -> list[tuple[str, Decimal]]:
    return [(s.metric, s.value) for s in read_statements(text, year=2023)]


@given(TEMPLATES, NUMBERS)
def test_full_width_digits_state_the_same(template: str, number: int) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    assert _key(template.format(number)) == _key(template.format(wide))


@given(TEMPLATES, NUMBERS, st.sampled_from([" ", "　", "\t", "\u200b"]))
def test_blanks_between_words_change_nothing(template: str, number: int, blank: str) -> None:
    text = template.format(number)
    spaced = re.sub(r"(?<=[\u4e00-\u9fff，])(?=[\u4e00-\u9fff\d])|(?<=\d)(?=[\u4e00-\u9fff])", blank, text)
    assert _key(spaced) == _key(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("共收到政府信息公開申請12件", "共收到政府信息公开申请12件"),
        ("主動公開政府信息90條", "主动公开政府信息90条"),
        ("未發生行政復議、行政訴訟", "未发生行政复议、行政诉讼"),
    ],
)
def test_traditional_characters_state_the_same(traditional: str, simplified: str) -> None:
    assert _key(traditional) == _key(simplified) != []


WORDS = (
    "收到 受理 政府信息公开申请 行政复议 、 ， 。 ； 其中 未 无 件 条 12 5 四十余 2023年 较去年 减少 网站 微信 （ ） "
    "主动公开 政府信息 培训 结转 上年 均 0 予以公开 《 》 ： 共 元 收取 费用 % 公 ①"
)
FRAGMENTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=25).map("".join)


@settings(max_examples=300)
@given(FRAGMENTS)
def test_every_quote_holds_its_number_or_its_negation(text: str) -> None:
    for statement in read_statements(text, year=2023):
        assert 0 <= statement.start < statement.end <= len(text)
        quote = fold(text[statement.start : statement.end], drop_spaces=True).text
        if statement.state is State.DERIVED:
            continue
        stated = {number.value for number in find_numbers(quote)}
        assert statement.value in stated or (statement.value == 0 and re.search(r"未|无|没|不|零", quote))


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for statement in read_statements(text, year=2023):
        assert 0 <= statement.start <= statement.end <= len(text)


TABLES_ONLY = re.compile(r"__|^(rules|lit_|review_(upheld|corrected|other|pending)|admin_fees)")


def test_the_prose_of_the_real_reports_is_read_and_nothing_is_invented(shared: Path) -> None:
    for line in (shared / "eval" / "seeds.gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        document = read_flattened_text((shared / "reports" / gold["file"]).read_bytes(), gold["file"])
        sections = find_sections(document)
        identity = identify(document, sections)
        narrative = read_narrative(document, sections, report_id="r", issuer=issuer(identity.name), year=identity.year)
        values: dict[str, set[Decimal | None]] = defaultdict(set)
        for figure in narrative.figures:
            if figure.year == gold["year"]:
                values[figure.metric_id].add(figure.value)
        values.pop("applications_handled", None)
        for metric, found in values.items():
            expected = gold["figures"].get(metric)
            if metric in gold["conflicting"]:
                assert len(found) > 1, (gold["file"], metric)
            else:
                assert found == {expected}, (gold["file"], metric, found)
        if len(gold["figures"]) < 20:  # reports whose tables are pictures: all that is known of them is prose
            missing = [metric for metric in gold["figures"] if metric not in values and not TABLES_ONLY.search(metric)]
            assert not missing, gold["file"]


@settings(max_examples=150, deadline=None)
@given(
    number=st.sampled_from(["（四）", "4.", "4、", "二、", "㈡", "（二）"]),
    before=st.sampled_from(["", "2023年", "全年", "我镇", "青榆镇2023年", "本年度共"]),
    said=st.sampled_from(
        ["举办政府开放日活动{}场", "举办培训{}次", "收到申请{}件", "公开信息{}条", "走访企业{}家", "接待来访群众{}人次"]
    ),
    value=st.integers(2, 9000).filter(lambda value: not 1900 <= value < 2100),
    end=st.sampled_from(["。", "；", "", "！", "：一是抓落实。", "。均已公示。"]),
    part=st.sampled_from(["一、总体情况", "六、其他需要报告的事项"]),
)
def test_a_number_on_a_numbered_line_is_never_lost(
    number: str, before: str, said: str, value: int, end: str, part: str
) -> None:
    text = f"{part}\n我镇按要求开展工作。\n{number}{before}{said.format(value)}{end}\n（九）监督保障情况\n无。\n"
    narrative, _ = narrate(text)
    assert value in [x.value for x in (*narrative.figures, *narrative.mentions)]


def test_a_numbered_sentence_is_read_under_its_own_number_and_not_the_heading_above() -> None:
    text = "一、总体情况\n（一）主动公开情况。公开信息若干。\n（二）未收到申请。\n（三）收到建议0件。\n"
    text += "（四）举办政府开放日活动3场。\n"
    narrative, document = narrate(text)
    assert {(f.metric, f.value) for f in narrative.figures} >= {("applications_new", 0), ("open_day_events", 3)}
    assert all("（" not in document.text[f.start : f.end] for f in narrative.figures)


@pytest.mark.parametrize(("total", "stands"), [("1", True), ("3", False)])
def test_a_part_of_more_than_its_total_contradicts_it(total: str, stands: bool) -> None:
    title = "甲县人民政府2023年政府信息公开工作年度报告\n一、总体情况\n"
    prose = f"全年网上受理依申请公开2起，现已办结。\n全年收到政府信息公开申请{total}件。\n"
    contents = read_report((title + prose).encode(), "甲县.txt")
    values = {figure.value for figure in contents.figures if figure.metric == "applications_new"}
    assert (Decimal(2) in values) is stands
