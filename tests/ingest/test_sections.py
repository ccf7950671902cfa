from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ingest.structure.headings import candidate
from ingest.structure.sections import find_sections
from vectorstore.records import SectionRole as Role

TITLES = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
ROLES = [
    Role.OVERVIEW,
    Role.PROACTIVE_TABLE,
    Role.APPLICATION_TABLE,
    Role.DISPUTE_TABLE,
    Role.PROBLEMS,
    Role.OTHER,
]
HEAD = "某镇2023年政府信息公开工作年度报告\n"


def roles(forms: Any, text: str, level: int = 1) -> list[Role | None]:
    found = find_sections(forms.read_text(text))
    return [s.role for s in found if s.level == level and s.role is not Role.PREAMBLE]


@pytest.mark.parametrize(
    "numbers",
    [
        ["一、", "二、", "三、", "四、", "五、", "六、"],
        ["一、", "2、 ", "3、 ", "四、", "5、", "六、"],
        ["一、", "一、", "三、", "四、", "五、", "六、"],
        ["1、"] * 6,
        ["1．", "2．", "3．", "4．", "5．", "6．"],
        ["㈠", "㈡", "㈢", "㈣", "㈤", "㈥"],
        ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"],
        ["", "二、", "三、", "四、", "五、", "六、"],
        ["第一部分 ", "第二部分 ", "第三部分 ", "第四部分 ", "第五部分 ", "第六部分 "],
        ["一 ", "二 ", "三 ", "四 ", "五 ", "六 "],
    ],
)
def test_the_parts_are_found_whatever_their_numbers(forms: Any, numbers: list[str]) -> None:
    text = HEAD + "".join(f"{n}{title}\n这里是正文，有若干内容。\n" for n, title in zip(numbers, TITLES, strict=True))
    assert roles(forms, text) == ROLES


def test_a_heading_glued_behind_a_picture_starts_its_section_behind_it(forms: Any) -> None:
    text = (
        HEAD + "一、总体情况\n正文。\n二、主动公开政府信息情况\n[image: x]三、收到和处理政府信息公开申请情况\n正文。\n"
    )
    section = find_sections(forms.read_text(text))[-1]
    assert (section.role, section.heading) == (Role.APPLICATION_TABLE, "三、收到和处理政府信息公开申请情况")
    assert text[section.start :].startswith("三、")


def test_a_heading_glued_behind_the_last_sentence_starts_its_section_there(forms: Any) -> None:
    text = HEAD + "一、总体情况\n我镇公开了信息。二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n正文。\n"
    found = find_sections(forms.read_text(text))
    assert [s.role for s in found][1:] == ROLES[:3]
    assert text[found[2].start :].startswith("二、主动公开")


def test_a_run_in_heading_ends_where_its_words_end(forms: Any) -> None:
    text = HEAD + (
        "一、总体情况\n正文。\n（一）主动公开工作情况。2023年公开信息30条。\n（二）依申请公开方面：收到申请2件。\n"
        "（三）政府信息管理情况\n正文。\n（四）平台建设方面，新开账号1个。\n（五）监督保障2023年开展培训。\n"
        "二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
    )
    pieces = [s for s in find_sections(forms.read_text(text)) if s.level == 2]
    assert [s.heading for s in pieces] == [
        "（一）主动公开工作情况",
        "（二）依申请公开方面",
        "（三）政府信息管理情况",
        "（四）平台建设方面",
        "（五）监督保障",
    ]
    assert [s.role for s in pieces] == [
        Role.PROACTIVE,
        Role.APPLICATIONS,
        Role.MANAGEMENT,
        Role.PLATFORM,
        Role.SUPERVISION,
    ]


def test_the_same_words_one_level_down_head_no_part(forms: Any) -> None:
    text = HEAD + (
        "一、总体情况\n（一）主动公开政府信息情况\n正文。\n二、主动公开政府信息情况\n"
        "三、收到和处理政府信息公开申请情况\n四、行政复议、行政诉讼情况\n"
    )
    assert roles(forms, text) == ROLES[:4]
    assert roles(forms, text, level=2) == [Role.PROACTIVE]


def test_fees_inside_other_matters_are_no_applications_section(forms: Any) -> None:
    text = HEAD + "".join(f"{n}、{title}\n" for n, title in zip("一二三四五六", TITLES, strict=True))
    text += "（一）依申请公开信息处理费收费情况\n未收费。\n（二）建议提案办理情况\n无。\n（三）某事\n无。\n"
    assert roles(forms, text, level=2) == [Role.OTHER, Role.OTHER, None]


def test_a_table_of_contents_heads_nothing(forms: Any) -> None:
    contents = "".join(f"{n}、{title}\n" for n, title in zip("一二三四五六", TITLES, strict=True))
    body = "".join(f"{n}、{title}\n正文。\n" for n, title in zip("一二三四五六", TITLES, strict=True))
    assert roles(forms, HEAD + "目录\n" + contents + body) == ROLES


def test_numbered_rows_of_a_form_head_nothing(forms: Any) -> None:
    text = HEAD + "".join(f"{n}、{title}\n" for n, title in zip("一二三", TITLES[:3], strict=True))
    text += "一、本年新收政府信息公开申请数量\n0\n四、结转下年度继续办理\n0\n"
    assert roles(forms, text) == ROLES[:3]


def test_a_report_in_free_form_has_prose_sections(forms: Any) -> None:
    text = HEAD + (
        "一、概述\n正文。\n二、主动公开政府信息情况\n正文。\n三、依申请公开政府信息办理情况\n正文。\n"
        "四、政府信息公开的收费及减免情况\n正文。\n五、行政复议和诉讼情况\n正文。\n六、存在的主要问题和改进措施\n正文。\n"
    )
    assert roles(forms, text) == [
        Role.OVERVIEW,
        Role.PROACTIVE,
        Role.APPLICATIONS,
        Role.OTHER,
        Role.DISPUTE_TABLE,
        Role.PROBLEMS,
    ]


def test_a_numbered_sentence_is_no_heading(forms: Any) -> None:
    text = (
        HEAD
        + "一、总体情况\n（一）2023年收到申请3件，均已办结。\n"
        + "二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
    )
    assert roles(forms, text, level=2) == []


def test_a_report_without_headings_is_a_preamble(forms: Any) -> None:
    (section,) = find_sections(forms.read_text(HEAD + "我镇全年未收到申请。\n"))
    assert (section.role, section.heading, section.start) == (Role.PREAMBLE, "", 0)


def test_sections_lie_within_one_another_and_cover_the_text(forms: Any) -> None:
    text = forms.report_text(overview="（一）主动公开\n甲。\n（二）依申请公开\n乙。")
    found = find_sections(forms.read_text(text))
    parts = [s for s in found if s.level == 1]
    assert parts[0].start == 0 and parts[-1].end == len(text)
    assert all(a.end == b.start for a, b in pairwise(parts))
    assert all(any(p.start <= s.start and s.end <= p.end for p in parts) for s in found)


def test_every_real_report_has_its_six_parts(shared: Any, forms: Any) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        assert roles(forms, path.read_text(encoding="utf-8")) == ROLES, path.name


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("举办政府开放日活动3场。", None),
        ("全年举办业务培训两次。", Role.SUPERVISION),
        ("收到政府信息公开申请4件；", Role.APPLICATIONS),
        ("未收到政府信息公开申请。", Role.APPLICATIONS),
        ("青榆镇未收到依申请公开件", Role.APPLICATIONS),
        ("没有收取信息处理费。", None),
        ("主动公开信息1200余条", Role.PROACTIVE),
        ("收到了依申请公开来信，均已答复", Role.APPLICATIONS),
        ("2023年无收费情况。", None),
        ("本镇无信息处理费收取情况；（五）承办提案2件。", None),
        ("依申请公开情况：2件。", Role.APPLICATIONS),
        ("业务培训情况：无。", Role.SUPERVISION),
    ],
)
@pytest.mark.parametrize("number", ["（四）", "4.", "4、", "㈣"])
def test_a_numbered_sentence_is_headed_by_its_number_alone(forms: Any, number: str, line: str, role: Role) -> None:
    text = f"{HEAD}一、总体情况\n本镇按要求开展工作。\n{number}{line}\n五、存在的主要问题及改进情况\n无。\n"
    text += "二、主动公开政府信息情况\n无。\n三、收到和处理政府信息公开申请情况\n无。\n六、其他需要报告的事项\n无。\n"
    pieces = [s for s in find_sections(forms.read_text(text)) if s.level == 2]
    assert [(s.heading, s.role) for s in pieces] == [(number, role)]


@pytest.mark.parametrize(
    "title",
    [
        "依申请公开工作情况",
        "组织领导",
        "公开平台建设",
        "未办结申请情况",
        "推进“一件事”改革",
        "落实第4条要求",
        "2023年度主动公开情况",
        "无障碍服务",
        "收到和处理申请情况",
        "监督保障工作开展情况",
        "信息未及时更新的问题",
        "无法提供的情况",
    ],
)
@pytest.mark.parametrize("rest", ["。2023年，举办培训2次。", "：本年度收到申请3件。", "\n收到申请3件。"])
def test_a_run_in_heading_is_none_of_its_paragraph_s_sentences(title: str, rest: str) -> None:
    line = f"（二）{title}{rest}".split("\n")[0]
    found = candidate(line)
    assert found is not None
    assert (found.length, found.is_item) == (len("（二）") + len(title), False)


def test_a_sentence_without_a_number_is_no_heading() -> None:
    assert candidate("收到政府信息公开申请4件。") is None


@pytest.mark.parametrize("rest", ["：无", "：无。", "：没有。"])
def test_a_part_of_the_form_keeps_its_heading_however_little_stands_behind_it(rest: str) -> None:
    found = candidate(f"六、其他需要报告的事项{rest}")
    assert found is not None
    assert (found.title, found.is_item) == ("其他需要报告的事项", False)
