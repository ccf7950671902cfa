"""A turn of the conversation as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Coverage, WithoutValue
from ui.texts import texts
from ui.web.ask.answer_table import FIRST_ROWS, AnswerTable
from ui.web.ask.coverage import render_coverage
from ui.web.ask.markers import link_markers, render_text
from ui.web.ask.turn_view import Turn, render_answer, render_turn
from ui.web.asked import Asked

ZH = texts("zh")
ALL = "2023年各单位收到多少件申请？"
ALLOWED = {
    "section", "h2", "span", "div", "p", "a", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong",
    "button", "details", "summary", "article", "header", "h3", "blockquote", "mark", "i", "h4", "figure",
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
            assert name != "href" or re.match(r"#nb-card-\d+-\d+$|reports\?id=", value or ""), value
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


def answered(assistant: Any, question: str = ALL, **changes: Any) -> str:
    answer = assistant.ask(question).model_copy(update=changes)
    return render_answer(Asked(question), answer, 0)


def test_a_marker_links_to_its_card() -> None:
    assert 'href="#nb-card-2-1"' in link_markers("两个[1]。", 2, {1}.__contains__, ZH)


def test_a_marker_without_a_citation_stays_text() -> None:
    assert link_markers("文号[2023]7号", 0, {1}.__contains__, ZH) == "文号[2023]7号"


def test_a_long_run_of_markers_hides_all_but_the_first_without_losing_any() -> None:
    run = "".join(f"[{n}]" for n in range(1, 10))
    html = link_markers(run, 0, set(range(1, 10)).__contains__, ZH)
    assert html.count('class="nb-ref"') == 9
    assert "<span hidden>" in html


@given(st.text(alphabet=st.sampled_from("<>&\"'[]1290a年\n-• ${}")), st.frozensets(st.integers(0, 30)))
def test_an_answers_text_is_shown_as_it_is_whatever_it_holds(text: str, known: frozenset[int]) -> None:
    shown = Page(render_text(text, 0, known.__contains__, ZH)).shown
    # A mark is a bullet where something stands behind it on its line.
    squashed = re.sub(r"\s", "", re.sub(r"(?m)^[^\S\n]*[-•·][^\S\n]+(?=\S)", "", text))
    # The button before a hidden part of a run adds a number of its own.
    assert re.sub(r"\+\d+", "", re.sub(r"\s", "", shown)) in (squashed, re.sub(r"^[-•·]", "", squashed))


def test_nothing_that_a_report_says_becomes_html(assistant: Any, hostile: str) -> None:
    page = Page(render_turn(0, Turn(Asked(hostile), assistant.ask(ALL)), ZH))
    assert page.shown.count(hostile) == 2


def test_a_hostile_name_stays_text_in_table_and_coverage(assistant: Any, hostile: str) -> None:
    answer = assistant.ask(ALL)
    rows = tuple(row.model_copy(update={"body": hostile, "note": hostile}) for row in answer.rows)
    without = (WithoutValue(report_id='"><script>', body=hostile, year=2023, state="silent"),)
    coverage = Coverage(in_scope=1, silent=1, without_value=without)
    page = Page(answered(assistant, rows=rows, coverage=coverage))
    assert page.shown.count(hostile) >= len(rows) + 1


def test_more_than_three_rows_become_a_table_with_states_in_words(assistant: Any) -> None:
    html = answered(assistant)
    assert html.count("<tr") == 6
    assert "未提及" in html
    assert "153 / 9" in html
    assert "前后不一" in html


def test_both_readings_of_a_contradiction_lead_to_their_own_evidence(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    divided = answer.rows[-1].model_copy(update={"citations": (2, 3)})
    html = answered(assistant, rows=(*answer.rows[:-1], divided))
    assert re.search(r'data-n="2"[^>]*>153</a> / <a [^>]*data-n="3"[^>]*>9</a>', html)


def test_a_value_is_a_link_to_its_evidence(assistant: Any) -> None:
    assert re.search(r'<td class="nb-at-value" data-sort=\'1\'><a [^>]*data-n="4"[^>]*>1件</a>', answered(assistant))


def test_an_unknown_value_is_shown_as_unknown_and_sorts_as_unknown(assistant: Any) -> None:
    silent_row = next(row for row in answered(assistant).split("<tr") if "nb-is-silent" in row)
    assert ">—<" in silent_row
    assert "data-sort=''" in silent_row
    assert "0" not in re.sub(r"<[^>]*>|2023", "", silent_row)


def test_a_very_long_answer_shows_its_beginning_and_offers_the_rest(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    row, citation = answer.rows[0], answer.citations[0]
    many = 3 * FIRST_ROWS
    html = answered(
        assistant,
        text=f"一[1]、末[{many}]、无[{many + 1}]",
        rows=(row,) * many,
        citations=tuple(citation.model_copy(update={"n": n}) for n in range(1, many + 1)),
    )
    assert html.count("<tr") == FIRST_ROWS + 1
    assert ZH("answer.all_rows", total=many) in html
    assert f'data-n="{many}"' in html
    assert f"[{many + 1}]" in Page(html).shown
    assert f'data-n="{many + 1}"' not in html


def test_the_rest_of_a_long_table_has_every_row_once(assistant: Any) -> None:
    row = assistant.ask(ALL).rows[0]
    rows = [row.model_copy(update={"body": f"第{n}个单位"}) for n in range(250)]
    table = AnswerTable(rows, len(rows), 0, ZH)
    html = table.whole(100) + table.lines(100, 250)
    assert [int(n) for n in re.findall(r"第(\d+)个单位", html)] == list(range(250))


def test_a_contradiction_has_its_readings_beside_it_and_once(assistant: Any) -> None:
    row = assistant.ask(ALL).rows[0].model_copy(update={"state": "conflicting", "readings": (4, 2)})
    for value, state in ((2, "前后不一，计算时以2为准"), (None, "前后不一")):
        rows = [row.model_copy(update={"value": value}), row.model_copy(update={"state": "blank", "readings": ()})]
        shown = Page(AnswerTable(rows, 2, 0, ZH).whole(2)).shown
        assert re.sub(r"\s", "", shown).count("4/2") == 1
        assert state in shown
        assert "前后不一：" not in shown


def test_groups_are_named_once_also_one_that_holds_a_single_body(assistant: Any) -> None:
    row = assistant.ask(ALL).rows[0].model_copy(update={"report_id": None})
    named = [("开发区", "开发区"), ("望霁街道办事处", "街道")]
    rows = [row.model_copy(update={"body": body, "label": label}) for body, label in named]
    shown = Page(AnswerTable(rows, 2, 0, ZH).whole(2)).shown
    assert shown.count("开发区") == 1
    assert "望霁" not in shown
    of_bodies = [one.model_copy(update={"label": "自然人"}) for one in rows]
    assert "望霁" in Page(AnswerTable(of_bodies, 2, 0, ZH).whole(2)).shown


def test_a_share_is_shown_in_percent(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    rows = tuple(row.model_copy(update={"value": 4 / 58, "unit": None, "state": "derived"}) for row in answer.rows)
    plan = {"subject": "figures", "operation": "share", "metrics": ["applications_new"]}
    html = answered(assistant, rows=rows, plan={**plan, "denominators": ["result_total"]})
    assert "6.9%" in Page(html).shown
    assert "0.0689" not in html


def test_a_column_in_which_all_say_the_same_is_said_once(assistant: Any) -> None:
    row = assistant.ask(ALL).rows[0]
    rows = [row.model_copy(update={"body": f"单位{n}"}) for n in range(4)]
    html = AnswerTable(rows, 4, 0, ZH).whole(4)
    assert "nb-at-state" not in html
    assert html.count("报告写明") == 1


def test_places_tell_bodies_of_one_name_apart(assistant: Any) -> None:
    row = assistant.ask(ALL).rows[0]
    rows = [row.model_copy(update={"region": region}) for region in ("甲省/乙市", "丙省/丁市")]
    assert "丙省丁市" in AnswerTable(rows, 2, 0, ZH).whole(2)


def test_a_body_that_the_label_names_has_no_column_of_its_own(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    html = answered(
        assistant, rows=tuple(row.model_copy(update={"label": f"{row.body} × 予以公开"}) for row in answer.rows)
    )
    assert 'class="nb-at-label"' in html
    assert 'class="nb-at-body"' not in html


def test_few_rows_need_no_table(assistant: Any) -> None:
    assert "<table" not in answered(assistant, "哪些开发区2023年没有收到申请？")


def test_warnings_are_visible_and_many_are_folded_without_losing_any(assistant: Any) -> None:
    assert "松岭工业园区的报告没有提到申请数量。" in answered(assistant)
    html = answered(assistant, warnings=tuple(f"第{n}个单位前后不一致" for n in range(10)))
    assert html.count("nb-warning") == 10
    assert html.index("第2个") < html.index('<details class="nb-folded"') < html.index("第3个")


def test_a_warning_that_the_text_states_with_its_evidence_is_not_repeated(assistant: Any) -> None:
    html = answered(
        assistant,
        text="报告前后不一致：153条[1]与9条[2]。",
        warnings=("报告前后不一致：153条与9条", "合计可能重复。"),
    )
    assert html.count("nb-warning") == 1
    assert "合计可能重复" in html


def test_the_partition_of_the_reports_is_said_in_words_and_the_silent_are_named(assistant: Any) -> None:
    html = answered(assistant)
    assert "范围内4份报告：3份写明、1份未提及" in html
    assert re.search(r'<a href="reports\?id=[^"]+">松岭工业园区管理委员会 2023</a>', html)


def test_thousands_of_silent_reports_are_named_only_when_they_are_wanted(assistant: Any) -> None:
    silent = assistant.ask(ALL).coverage.without_value[0]
    coverage = Coverage(in_scope=5000, silent=5000, without_value=(silent,) * 5000)
    html = render_coverage(assistant.ask(ALL).model_copy(update={"coverage": coverage}), ZH)
    assert html.count("<li>") < 100
    assert ZH("answer.all_without", n=5000) in html


def test_readings_of_an_ambiguous_question_can_be_clicked(assistant: Any) -> None:
    assert 'data-ask="2023年开发区收到多少件申请？"' in answered(assistant, "开发区的申请数")


def test_how_it_came_out_is_told_in_words(assistant: Any) -> None:
    assert "只回答了一部分" in answered(assistant)
    assert "需要您选一下" in answered(assistant, "开发区的申请数")


def test_an_english_answer_has_english_labels(assistant: Any) -> None:
    turn = Turn(Asked("q"), assistant.ask("which zones received no applications in 2023"))
    html = render_turn(0, turn, ZH)
    assert 'lang="en"' in html
    assert "Evidence 1" in html


def test_an_error_and_a_pending_question_keep_the_conversation_whole() -> None:
    html = render_turn(0, Turn(Asked("一"), error="太长了。"), ZH) + render_turn(1, Turn(Asked("二")), ZH)
    Page(html)
    assert "太长了。" in html
    assert ZH("ask.asking") in html
