"""The conversation as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ui.evidence import render_evidence
from ui.rendering import MOST_SHOWN, Turn, link_markers, render_answer, render_text, render_thread, render_turn
from ui.texts import texts

ZH = texts("zh")
ALLOWED = {
    "section", "h2", "span", "div", "p", "a", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong",
    "button", "details", "summary", "article", "header", "h3", "blockquote", "mark", "i", "h4",
}  # fmt: skip


class Page(HTMLParser):
    """Collects a fragment's tags, attributes and text, and fails on anything that a report could have put there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shown = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, f"a tag of somebody else's: {tag}"
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "href" or re.fullmatch(r"#nb-card-\d+-\d+", value or ""), value
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_a_marker_links_to_its_card() -> None:
    assert 'href="#nb-card-2-1"' in link_markers("两个[1]。", 2, frozenset({1}), ZH)


def test_a_marker_without_a_citation_stays_text() -> None:
    html = link_markers("文号[2023]7号", 0, frozenset({1}), ZH)
    assert html == "文号[2023]7号"


def test_a_long_run_of_markers_hides_all_but_the_first_without_losing_any() -> None:
    run = "".join(f"[{n}]" for n in range(1, 10))
    html = link_markers(run, 0, frozenset(range(1, 10)), ZH)
    assert html.count('class="nb-ref"') == 9
    assert "<span hidden>" in html


@given(st.text(alphabet=st.sampled_from("<>&\"'[]1290a年\n-• ${}")), st.frozensets(st.integers(0, 30)))
def test_an_answers_text_is_shown_as_it_is_whatever_it_holds(text: str, known: frozenset[int]) -> None:
    shown = Page(render_text(text, 0, known, ZH)).shown
    # A mark is a bullet where something stands behind it on its line.
    squashed = re.sub(r"\s", "", re.sub(r"(?m)^[^\S\n]*[-•·][^\S\n]+(?=\S)", "", text))
    # The button before a hidden part of a run adds a number of its own.
    assert re.sub(r"\+\d+", "", re.sub(r"\s", "", shown)) in (squashed, re.sub(r"^[-•·]", "", squashed))


def test_nothing_that_a_report_says_becomes_html(assistant: Any, hostile: str) -> None:
    answer = assistant.ask("2023年各单位收到多少件申请？")
    page = Page(render_turn(0, Turn(hostile, answer), ZH))
    assert page.shown.count(hostile) == 2


def test_more_than_three_rows_become_a_table_with_states_in_words(assistant: Any) -> None:
    html = render_answer(assistant.ask("2023年各单位收到多少件申请？"), 0)
    assert html.count("<tr") == 6
    assert "未提及" in html
    assert "153 / 9" in html
    assert "前后不一" in html


def test_an_unknown_value_is_shown_as_unknown_and_not_as_zero(assistant: Any) -> None:
    html = render_answer(assistant.ask("2023年各单位收到多少件申请？"), 0)
    silent_row = next(row for row in html.split("<tr") if "nb-is-silent" in row)
    assert ">—<" in silent_row
    assert "0" not in re.sub(r"<[^>]*>|2023", "", silent_row)


def test_a_very_long_answer_is_cut_on_the_page_and_says_so(assistant: Any) -> None:
    answer = assistant.ask("2023年各单位收到多少件申请？")
    row, citation = answer.rows[0], answer.citations[0]
    many = 2 * MOST_SHOWN
    long = answer.model_copy(
        update={
            "text": f"一[1]、末[{many}]",
            "rows": (row,) * many,
            "citations": tuple(citation.model_copy(update={"n": n}) for n in range(1, many + 1)),
        }
    )
    html = render_answer(long, 0)
    assert html.count("<tr") == MOST_SHOWN + 1
    assert f"共{many}行，这里只列出前{MOST_SHOWN}行" in html
    assert f"末[{many}]" in html
    cards = render_evidence([Turn("q", long)], ZH)
    assert cards.count("<article") == MOST_SHOWN
    assert f"共{many}条依据" in cards


def test_a_body_that_the_label_names_has_no_column_of_its_own(assistant: Any) -> None:
    answer = assistant.ask("2023年各单位收到多少件申请？")
    rows = tuple(row.model_copy(update={"label": f"{row.body} × 予以公开"}) for row in answer.rows)
    html = render_answer(answer.model_copy(update={"rows": rows}), 0)
    assert 'class="nb-label"' in html
    assert 'class="nb-body"' not in html


def test_few_rows_need_no_table(assistant: Any) -> None:
    assert "<table" not in render_answer(assistant.ask("哪些开发区2023年没有收到申请？"), 0)


def test_warnings_are_visible(assistant: Any) -> None:
    assert "松岭工业园区的报告没有提到申请数量。" in render_answer(assistant.ask("2023年各单位收到多少件申请？"), 0)


def test_readings_of_an_ambiguous_question_can_be_clicked(assistant: Any) -> None:
    html = render_answer(assistant.ask("开发区的申请数"), 0)
    assert 'data-ask="2023年开发区收到多少件申请？"' in html


def test_an_english_answer_has_english_labels(assistant: Any) -> None:
    html = render_turn(0, Turn("q", assistant.ask("which zones received no applications in 2023")), ZH)
    assert 'lang="en"' in html
    assert "Evidence 1" in html


def test_an_error_and_a_pending_question_keep_the_conversation_whole() -> None:
    html = render_thread([Turn("一", error="太长了。"), Turn("二")], ZH)
    Page(html)
    assert "太长了。" in html
    assert ZH("chat.asking") in html


def test_a_warning_that_the_text_states_with_its_evidence_is_not_repeated(assistant: Any) -> None:
    said = "报告前后不一致：153条[1]与9条[2]。"
    answer = assistant.ask("哪些开发区2023年没有收到申请").model_copy(
        update={"text": said, "warnings": ("报告前后不一致：153条与9条", "合计可能重复。")}
    )
    html = render_answer(answer, 0)
    assert html.count("nb-warning") == 1
    assert "合计可能重复" in html
