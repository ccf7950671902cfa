"""The numbers that Word counts itself appear in the text, as it shows them."""

from __future__ import annotations

import pytest

from ingest.structure.sections import find_sections
from ingest.word.document import read_word_document
from ingest.word.numbering import write_number
from samples.word_markup import NAMESPACES, minimal_file, paragraph, run
from vectorstore.records import SectionRole


def level(index: int, style: str, text: str, more: str = "") -> str:
    inside = f'<w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{index}">{inside}</w:lvl>'


PARTS = level(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>') + level(1, "chineseCounting", "（%2）")


def numbering(levels: str = PARTS, numbers: str = "", link: str = "") -> str:
    own = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    return (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>{link}{own}{numbers}'
        "</w:numbering>"
    )


def at(index: int | None, number: int = 1, style: str = "") -> str:
    place = "" if index is None else f'<w:ilvl w:val="{index}"/>'
    return f'{style}<w:numPr>{place}<w:numId w:val="{number}"/></w:numPr>'


def lines(*paragraphs: tuple[str, str], numbers: str, styles: str | None = None) -> list[str]:
    """``paragraphs``: text and properties of each."""
    parts = {"numbering.xml": numbers}
    if styles is not None:
        parts["styles.xml"] = f"<w:styles {NAMESPACES}>{styles}</w:styles>"
    body = "".join(paragraph(run(text), properties) for text, properties in paragraphs)
    return read_word_document(minimal_file(body, parts), "a.docx").text.splitlines()


def test_each_level_counts_and_a_higher_one_begins_the_lower_anew() -> None:
    given = [("甲", at(0)), ("乙", at(1)), ("丙", at(1)), ("丁", at(0)), ("戊", at(1))]
    assert lines(*given, numbers=numbering()) == ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊"]


def test_a_level_that_never_begins_anew_counts_on() -> None:
    levels = PARTS.replace('<w:lvlText w:val="（%2）"/>', '<w:lvlRestart w:val="0"/><w:lvlText w:val="（%2）"/>')
    given = [("甲", at(0)), ("乙", at(1)), ("丙", at(0)), ("丁", at(1))]
    assert lines(*given, numbers=numbering(levels)) == ["一、甲", "（一）乙", "二、丙", "（二）丁"]


def test_a_number_of_several_levels_shows_each_in_its_style() -> None:
    levels = (
        level(0, "chineseCounting", "%1、")
        + level(1, "decimal", "%1.%2")
        + level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    )
    given = [("甲", at(0)), ("乙", at(1)), ("丙", at(2))]
    assert lines(*given, numbers=numbering(levels)) == ["一、甲", "一.1 乙", "1.1.1 丙"]


def test_a_level_below_one_that_was_never_used_shows_that_ones_start() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")
    assert lines(("甲", at(1)), ("乙", at(1)), numbers=numbering(levels)) == ["1.1 甲", "1.2 乙"]


def test_two_lists_of_one_definition_count_on_and_an_override_begins_anew() -> None:
    numbers = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    given = [("甲", at(0)), ("乙", at(0, 2)), ("丙", at(0, 3)), ("丁", at(0, 3))]
    assert lines(*given, numbers=numbering(numbers=numbers)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_an_override_may_write_a_level_in_another_way() -> None:
    numbers = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        f"{level(0, 'decimal', '第%1部分')}</w:lvlOverride></w:num>"
    )
    assert lines(("甲", at(0, 2)), numbers=numbering(numbers=numbers)) == ["第1部分甲"]


def test_a_style_brings_its_number_and_level() -> None:
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="first"/>')
    levels += level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="second"/>')
    linked = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="first">{linked}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="second">{linked}</w:style>'
        '<w:style w:type="paragraph" w:styleId="heir"><w:basedOn w:val="second"/></w:style>'
    )
    named = [f'<w:pStyle w:val="{name}"/>' for name in ("first", "second", "heir")]
    given = list(zip("甲乙丙", named, strict=True))
    assert lines(*given, numbers=numbering(levels), styles=styles) == ["一、甲", "（一）乙", "（二）丙"]


def test_a_paragraph_may_leave_the_list_of_its_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="first"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    given = [("甲", at(None, 0, '<w:pStyle w:val="first"/>')), ("乙", '<w:pStyle w:val="first"/>')]
    assert lines(*given, numbers=numbering(), styles=styles) == ["甲", "一、乙"]


def test_styles_that_are_based_on_each_other_do_no_harm() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>'
        for one, other in ("ab", "ba")
    )
    assert lines(("甲", '<w:pStyle w:val="a"/>'), numbers=numbering(), styles=styles) == ["甲"]


def test_a_definition_may_point_to_the_list_of_a_style() -> None:
    link = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="list"/></w:abstractNum>'
    numbers = '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    styles = (
        '<w:style w:type="numbering" w:styleId="list"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert lines(("甲", at(0, 2)), numbers=numbering(numbers=numbers, link=link), styles=styles) == ["一、甲"]


def test_bullets_and_unknown_lists_give_nothing() -> None:
    levels = level(0, "bullet", "\uf06c")
    assert lines(("甲", at(0)), ("乙", at(0, 99)), numbers=numbering(levels)) == ["甲", "乙"]


def test_a_deleted_paragraph_does_not_count() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    given = [("甲", at(0)), ("", at(0) + mark), ("乙", at(0))]
    assert lines(*given, numbers=numbering()) == ["一、甲", "二、乙"]


def test_a_number_keeps_apart_from_digits_behind_it() -> None:
    levels = level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')
    assert lines(("2023年公开9条", at(0)), numbers=numbering(levels)) == ["1. 2023年公开9条"]


def test_sections_are_found_by_numbers_that_stand_nowhere_in_the_file() -> None:
    titles = [
        "总体情况",
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
    ]
    body = "".join(paragraph(run(title), at(0)) + paragraph(run("无。")) for title in titles)
    document = read_word_document(minimal_file(body, {"numbering.xml": numbering()}), "a.docx")
    sections = [section for section in find_sections(document) if section.level == 1]
    assert [section.heading for section in sections] == [f"{n}、{t}" for n, t in zip("一二三四", titles, strict=True)]
    assert sections[1].role is SectionRole.PROACTIVE_TABLE


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCountingThousand", "十"),
        (12, "japaneseCounting", "十二"),
        (21, "taiwaneseCountingThousand", "二十一"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (12, "ideographDigital", "一二"),
        (10, "ideographDigital", "一〇"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "decimal", "3"),
        (3, "decimalZero", "03"),
        (3, "decimalFullWidth", "３"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", "21"),
        (2, "decimalEnclosedParen", "⑵"),
        (2, "decimalEnclosedFullstop", "⒉"),
        (2, "ideographEnclosedCircle", "㊁"),
        (2, "ideographTraditional", "乙"),
        (4, "upperRoman", "IV"),
        (1994, "lowerRoman", "mcmxciv"),
        (3, "upperLetter", "C"),
        (27, "lowerLetter", "aa"),
        (5, "hindiVowels", "5"),
        (0, "chineseCounting", "0"),
    ],
)
def test_numbers_are_written_as_their_style_says(number: int, style: str, written: str) -> None:
    assert write_number(number, style) == written
