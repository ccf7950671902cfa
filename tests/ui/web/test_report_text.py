"""The reading panel: a report's whole text with marks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ui.texts import texts
from ui.web.reports.report_text import Highlight, highlights, render_report, render_text, table_rows, table_spans
from vectorstore.records import Kind, Report, Span

ZH = texts("zh")
ALL = "2023年各单位收到多少件申请？"
PLAIN = Report("r", "t", "b", "b", Kind.ZONE, None, None)


def shown(html: str) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", html)))


def marked(html: str, rank: str) -> str:
    return unescape("".join(re.findall(rf'<mark class="nb-{rank}">(.*?)</mark>', html, re.DOTALL)))


def test_the_whole_report_is_shown_and_just_the_cited_words_are_marked(assistant: Any, kept: Any) -> None:
    citation = assistant.ask("哪些开发区2023年没有收到申请？").citations[0]
    one = kept[0]
    html = render_report(one.report, one.text, one.passages, highlights(citation, ()), ZH)
    assert marked(html, "cited") == citation.quote
    body = html.split("</p>", 1)[1]
    # Headings that stand side by side get a separator that the text hasn't.
    assert shown(body) == re.sub(r"\s", "", one.text)


def test_the_cited_cell_is_marked_within_its_row(assistant: Any, kept: Any) -> None:
    answer = assistant.ask(ALL)
    two = kept[1]
    html = render_report(two.report, two.text, two.passages, highlights(answer.citations[1], answer.citations), ZH)
    assert marked(html, "cell") == "3"
    assert marked(html, "cited") == "本年新收政府信息公开申请数量03"
    assert "共收到政府信息公开申请3件" in marked(html, "also")


def test_a_report_cannot_put_html_into_the_page(assistant: Any, kept: Any, hostile: str) -> None:
    three = kept[2]
    html = render_report(three.report, three.text, three.passages, (), ZH)
    assert "<script" not in html
    assert "<img" not in html
    assert shown(hostile.replace("<", "&lt;")) in shown(html)


def test_an_empty_cell_keeps_its_place() -> None:
    text = "\t行\n\t\n\t2\n\n\t第二行\n\t1\n\t3"
    rows = table_rows(text, Span(0, len(text)))
    assert [[cell.of(text) for cell in row] for row in rows] == [["行", "", "2"], ["第二行", "1", "3"]]


def test_a_line_without_a_tab_continues_the_cell() -> None:
    text = "\t商业\n企业\n\t2"
    assert [cell.of(text) for cell in table_rows(text, Span(0, len(text)))[0]] == ["商业\n企业", "2"]


def test_a_table_that_was_cut_into_passages_is_drawn_as_one(kept: Any) -> None:
    table = kept[1].passages[1]
    half = table.start + table.text.index("\n\n")
    pieces = [(table.start, half), (half + 2, table.end)]
    passages = [type(table)(f"p{s}", "r", table.section, None, "", s, e, 1, None, True) for s, e in pieces]
    assert table_spans(kept[1].text, passages) == [Span(table.start, table.end)]


@given(
    st.text(alphabet=st.sampled_from("年报<&>一\n\t 12"), max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3),
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_no_character_is_lost_or_doubled_wherever_marks_and_tables_fall(
    text: str, marks: list[tuple[int, int]], table: tuple[int, int]
) -> None:
    ranges: list[Highlight] = []
    for start, end in sorted((min(m), min(max(m), len(text))) for m in marks):
        if start < end and (not ranges or start >= ranges[-1].end):
            ranges.append(Highlight(start, end, "cited"))
    span = Span(min(min(table), len(text)), min(max(table), len(text)))
    html = render_text(text, PLAIN, [span], ranges).replace(" | ", "")
    assert shown(html) == re.sub(r"\s", "", text)
    inside = "".join(text[r.start : r.end] for r in ranges)
    assert shown(marked(html, "cited").replace("<", "&lt;")) == re.sub(r"\s", "", inside)
