"""Markdown: its marks go, its words and numbers stay, its tables are tables."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Document, Line, Picture, Table
from ingest.text.markdown_text import read_markdown
from vectorstore.errors import ReadError


def read(text: str) -> Document:
    return read_markdown(text.encode("utf-8"), "report.md")


def lines(text: str) -> list[str]:
    document = read(text)
    return [block.span.of(document.text) for block in document.blocks if isinstance(block, Line)]


def rows(text: str) -> list[list[str]]:
    document = read(text)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    return [[cell.span.of(document.text) for cell in row] for row in table.rows]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("# 白石镇2023年报告 #", "白石镇2023年报告"),
        ("##一、总体情况", "一、总体情况"),
        ("> 引用\n", "引用"),
        ("- 甲", "甲"),
        ("* [x] 甲", "甲"),
        ("1. 甲", "1. 甲"),
        ("1\\. 甲", "1. 甲"),
        ("收到**1**2件", "收到12件"),
        ("收到1*2*件，***共***3件", "收到12件，共3件"),
        ("__共__，收到_3_件", "共，收到_3_件"),
        ("文件_a_b_c.doc", "文件_a_b_c.doc"),
        ("3*4=12，5 * 6", "3*4=12，5 * 6"),
        ("收到~~9~~8件", "收到8件"),
        ("\\*12\\*件", "*12*件"),
        ("共`1*2*`件", "共1*2*件"),
        ('见[县政府网站](http://www.example.gov.cn/a_(b).html "网站")。', "见县政府网站。"),
        ("网址<http://www.example.gov.cn>", "网址http://www.example.gov.cn"),
        ("[链接][a]\n\n[a]: http://www.example.gov.cn", "链接"),
        ("方括号[没有]链接", "方括号[没有]链接"),
        ("共12件[^1]", "共12件"),
        ("甲&nbsp;乙&amp;丙", "甲\xa0乙&丙"),
        ("收到<span>1</span><b>2</b>件<!-- 9件 -->", "收到12件"),
        ("1<2件", "1<2件"),
    ],
)
def test_marks_go_and_words_stay(marked: str, plain: str) -> None:
    assert lines(marked) == [plain]


def test_breaks_part_lines() -> None:
    assert lines("甲<br>乙\\\n丙  \n丁") == ["甲", "乙", "丙", "丁"]


def test_a_line_is_a_line_unless_it_was_wrapped_in_mid_sentence() -> None:
    first, rest = "2023年，我镇围绕群众关心的事项主动公开各类政府信息，全年共计三百", "五十六条，其中网站二百条。"
    assert lines(f"{first}\n{rest}\n收到申请12件。") == [first + rest, "收到申请12件。"]
    assert lines("一、总体情况\n全年工作有序开展。") == ["一、总体情况", "全年工作有序开展。"]


def test_rules_and_underlines_are_no_text() -> None:
    assert lines("标题\n====\n\n---\n***\n正文") == ["标题", "正文"]


def test_a_table_with_bars() -> None:
    text = "| 信息内容 | 数量 |\n|:--|--:|\n| **行政**许可 | 1**5** |\n| 甲\\|乙 | 1<br>2 |\n| 行政处罚 |  |"
    assert rows(text) == [["信息内容", "数量"], ["行政许可", "15"], ["甲|乙", "1 2"], ["行政处罚", ""]]


def test_a_table_without_a_frame() -> None:
    assert rows("信息内容 | 数量\n--- | ---\n行政许可 | 15") == [["信息内容", "数量"], ["行政许可", "15"]]


def test_a_table_without_the_row_of_dashes() -> None:
    assert rows("|行政许可|15|\n|行政处罚|3|") == [["行政许可", "15"], ["行政处罚", "3"]]


def test_a_table_drawn_as_a_grid() -> None:
    text = "+------+----+\n| 行政 | 15 |\n| 许可 |    |\n+======+====+\n| 处罚 | 3  |\n+------+----+"
    assert rows(text) == [["行政 许可", "15"], ["处罚", "3"]]


def test_rows_of_a_grid_that_a_rule_parts_partly_are_not_put_together() -> None:
    text = "+------+----+\n| 行政 | 1  |\n|      +----+\n|      | 2  |\n+------+----+"
    assert [row[-1] for row in rows(text)] == ["1", "2"]


def test_a_table_in_html_has_merged_cells() -> None:
    document = read(
        "前文\n\n<table>\n<tr><td rowspan=2>甲</td><td>1</td></tr>\n\n<tr><td>2</td></tr>\n</table>\n\n后文"
    )
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [(c.row, c.column, c.row_span) for row in table.rows for c in row] == [(0, 0, 2), (0, 1, 1), (1, 1, 1)]
    assert [type(block) for block in document.blocks] == [Line, Table, Line]


def test_a_table_behind_tabs_or_in_a_fence_is_read_as_in_plain_text() -> None:
    assert rows("二、情况\n\t行政许可\n\t15\n\n\t处罚\n\t3\n") == [["行政许可", "15"], ["处罚", "3"]]
    assert rows("```\n行政许可|15\n处罚|3\n```") == [["行政许可", "15"], ["处罚", "3"]]


def test_pictures_stand_in_their_places() -> None:
    encoded = base64.b64encode(b"\x89PNG" + bytes(400)).decode("ascii")
    document = read(
        f'![表一](a/b.png "说明")三、情况\n<img src="data:image/png;base64,{encoded}" alt="表二">\n'
        "![][c]\n\n[c]: t3.jpg"
    )
    found = [block for block in document.blocks if isinstance(block, Picture)]
    assert [picture.span.of(document.text) for picture in found] == [
        "[image: 表一]",
        "[image: 表二]",
        "[image: t3.jpg]",
    ]
    assert [picture.image is not None for picture in found] == [False, True, False]
    assert isinstance(document.blocks[1], Line)


def test_front_matter_is_metadata() -> None:
    document = read(
        '---\ntitle: "白石镇年报"\ndate: 2024-01-09 10:00\nlink: https://www.example.gov.cn/1.html\n---\n正文'
    )
    assert document.metadata == {
        "title": "白石镇年报",
        "date": "2024-01-09",
        "url": "https://www.example.gov.cn/1.html",
    }
    assert document.text == "正文\n"


def test_a_captured_pages_links_are_left_out() -> None:
    report = [
        "# 白石镇2023年政府信息公开工作年度报告",
        "一、总体情况",
        "收到申请12件。",
        "二、主动公开政府信息情况",
        "六、其他",
        "无。",
    ]
    links = [f"[栏目{n}](http://www.example.gov.cn/{n})" for n in range(5)]
    assert lines("\n\n".join([*links, *report, *links])) == [report[0][2:], *report[1:]]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"---\n", b"\0\1\2" * 50])
def test_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"report\.md"):
        read_markdown(data, "report.md")


def test_another_encoding_is_read() -> None:
    assert "总体情况" in read_markdown("# 一、总体情况\n".encode("gb18030"), "a.md").text


_MARKS = (
    "# |**|*|_|`|```|~~|[|](a)|![|<table>|</table>|<td>|<tr>|<br>|>|- |1. |12|件|一、甲|---|+--+|=|[^1]|[a]: b|&amp"
)
_PIECES = st.sampled_from([*_MARKS.split("|"), "|", "|--|", "\\", "\n", "\n\n", "\t"])


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=40))
def test_any_marks_give_a_sound_document_or_a_read_error(pieces: list[str]) -> None:
    try:
        document = read("".join(pieces))
    except ReadError:
        return
    end = 0
    for block in document.blocks:
        assert end <= block.span.start <= block.span.end
        assert not document.text[end : block.span.start].strip()
        end = block.span.end
    assert not document.text[end:].strip()


@given(st.text("0123456789甲乙件，*_ ", max_size=30))
def test_no_digit_or_character_is_lost_or_added(text: str) -> None:
    def plain(string: str) -> str:
        return "".join(c for c in string if c not in "*_ \n")

    if plain(text) and not text.lstrip().startswith(("*", "_")):
        assert plain("".join(lines(text))) == plain(text)
