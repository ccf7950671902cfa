"""Evidence cards."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from ui.evidence import render_evidence, render_quote, supported_facts
from ui.rendering import Turn
from ui.texts import texts

ZH = texts("zh")
ALL = "2023年各单位收到多少件申请？"


def test_every_citation_has_a_card(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    html = render_evidence([Turn(ALL, answer)], ZH)
    assert re.findall(r'id="(nb-card-[\d-]+)"', html) == [f"nb-card-0-{c.n}" for c in answer.citations]


def test_a_table_row_is_drawn_as_cells_with_the_cited_one_marked(assistant: Any) -> None:
    html = render_quote(assistant.ask(ALL).citations[1])
    assert "<mark>3</mark>" in html
    assert html.count("<mark>") == 1
    shown = re.sub(r"<[^>]*>", "", html)
    assert shown == "本年新收政府信息公开申请数量 | 3 | 0 | 3"


def test_a_card_says_what_the_answer_takes_from_it(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    assert supported_facts(answer, 1) == ["新收政府信息公开申请：0件（报告写明）"]
    assert "新收政府信息公开申请：153 / 9（前后不一）" in supported_facts(answer, 2)


def test_a_quote_is_shown_as_text(assistant: Any, hostile: str) -> None:
    html = render_quote(assistant.ask(ALL).citations[3])
    assert "<script" not in html
    assert "<img" not in html
    assert hostile in unescape(html)


def test_evidence_of_several_questions_is_kept_apart_and_named(assistant: Any) -> None:
    turns = [Turn(q, assistant.ask(q)) for q in (ALL, "哪些开发区2023年没有收到申请？")]
    html = render_evidence(turns, ZH)
    assert html.count('class="nb-group"') == 2
    assert ALL in html


def test_an_answer_without_quotes_says_so(assistant: Any) -> None:
    assert ZH("chat.evidence_none") in render_evidence([Turn("q", assistant.ask("开发区的申请数"))], ZH)


def test_a_refused_question_has_no_evidence_but_keeps_that_of_the_others(assistant: Any) -> None:
    html = render_evidence([Turn(ALL, assistant.ask(ALL)), Turn("太长", error="太长了。")], ZH)
    assert html.count('class="nb-group"') == 2
    assert ZH("chat.evidence_none") in html
