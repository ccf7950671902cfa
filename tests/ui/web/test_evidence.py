"""Evidence cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, cast

from assistant.answering.deferred import Deferred
from assistant.assistant import Assistant
from ui.texts import texts
from ui.web.ask.evidence import FIRST_CARDS, Cards, facts_by_citation, render_group, render_quote
from ui.web.ask.turn_view import Turn
from ui.web.asked import Asked
from vectorstore.index import Index
from vectorstore.records import ReportPicture

ZH = texts("zh")
ALL = "2023年各单位收到多少件申请？"


def many(assistant: Any, count: int) -> Any:
    answer = assistant.ask(ALL)
    citations = tuple(answer.citations[0].model_copy(update={"n": n}) for n in range(1, count + 1))
    return answer.model_copy(update={"citations": citations})


def shown(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'id="nb-card-0-(\d+)"', html)]


def test_every_citation_has_a_card(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    assert shown(render_group(0, Turn(Asked(ALL), answer), ZH)) == [1, 2, 3, 4]


def test_of_many_cards_the_first_come_at_once_and_any_other_when_it_is_asked_for(assistant: Any) -> None:
    answer = many(assistant, 500)
    html = render_group(0, Turn(Asked(ALL), answer), ZH)
    assert shown(html) == list(range(1, FIRST_CARDS + 1))
    assert 'data-total="500"' in html
    cards = Cards(answer, 0)
    assert shown(cards.render(493, 520)) == list(range(493, 501))
    assert shown(cards.render(501, 600)) == []


def test_of_thousands_no_more_are_made_than_are_shown(assistant: Any) -> None:
    made: list[int] = []
    whole = many(assistant, 500)

    def citations() -> Iterator[Any]:
        for one in whole.citations:
            made.append(one.n)
            yield one

    answer = whole.model_copy(update={"citations": Deferred(citations())})
    html = render_group(0, Turn(Asked(ALL), answer), ZH)
    assert shown(html) == list(range(1, FIRST_CARDS + 1)) and len(made) == FIRST_CARDS + 1
    assert "data-more" in html and "data-total" not in html
    few = whole.model_copy(update={"citations": Deferred(iter(whole.citations[:7]))})
    assert 'data-total="7"' in render_group(0, Turn(Asked(ALL), few), ZH)


def test_a_table_row_is_drawn_as_cells_with_the_cited_one_marked(assistant: Any) -> None:
    html = render_quote(assistant.ask(ALL).citations[1])
    assert "<mark>3</mark>" in html
    assert html.count("<mark>") == 1
    assert re.sub(r"<[^>]*>", "", html) == "本年新收政府信息公开申请数量 | 3 | 0 | 3"


def test_a_long_quote_is_folded_and_whole(assistant: Any) -> None:
    citation = assistant.ask(ALL).citations[0].model_copy(update={"quote": "长" * 900})
    answer = assistant.ask(ALL).model_copy(update={"citations": (citation,)})
    html = Cards(answer, 0).render(1, 2)
    assert "长" * 900 in html
    assert "nb-unfold" in html


def test_a_card_says_what_the_answer_takes_from_it(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    facts = facts_by_citation(answer, range(1, 3))
    assert facts[1] == ["新收政府信息公开申请：0件（报告写明）"]
    assert "新收政府信息公开申请：153 / 9（前后不一）" in facts[2]


def test_a_card_says_what_its_quote_states_before_the_sum_that_it_is_counted_in(samples_index: Path) -> None:
    with Assistant.open(samples_index) as asked:
        answer = asked.ask("各机关2021到2023年新收申请合计各是多少")
        row = next(row for row in answer.rows if len({answer.citations[n - 1].report_id for n in row.citations}) > 1)
        cited = [answer.citations[n - 1] for n in row.citations]
        facts = facts_by_citation(answer, range(1, len(answer.citations) + 1), asked.index)
        for citation in cited:
            stated, counted = facts[citation.n]
            number = re.search(r"：(\d+)件（报告写明）$", stated)
            assert number, stated
            assert number[1] in citation.quote
            assert counted == f"计入{row.label}：{row.value}件（推算得出）"
        cells = {c.report_id: int(c.quote.split()[-1]) for c in cited if c.cell}
        assert row.value == sum(cells.values())


def test_a_quote_is_shown_as_text_and_copied_as_text(assistant: Any, hostile: str) -> None:
    html = Cards(assistant.ask(ALL), 0).render(4, 5)
    assert "<script" not in html
    assert "<img" not in html
    assert unescape(html).count(hostile) == 2


def test_a_card_opens_the_reports_page_at_the_cell(assistant: Any) -> None:
    citation = assistant.ask(ALL).citations[1]
    html = Cards(assistant.ask(ALL), 0).render(2, 3)
    assert f"at={citation.cell.start}-{citation.cell.end}" in html


def test_a_page_of_a_pdf_is_linked_where_it_is_known(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    paged = answer.citations[0].model_copy(update={"page": 7})
    html = Cards(answer.model_copy(update={"citations": (paged,)}), 0).render(1, 2)
    place = paged.cell or paged
    assert f'href="nb/page/{paged.report_id}/7?at={place.start}-{place.end}"' in html
    assert "nb/page" not in Cards(answer, 0).render(1, 5)


def test_the_picture_that_a_figure_was_read_from_is_shown_by_its_place_from_1(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    cited = answer.citations[0]

    class Pictured:
        def report(self, report_id: str) -> Any:
            return replace(assistant.index.report(report_id), pictures=2)

        def pictures(self, report_id: str) -> list[ReportPicture]:
            other = ReportPicture(cited.end + 1, cited.end + 2, b"", "image/png")
            return [other, ReportPicture(cited.start, cited.end, b"", "image/png")]

    html = Cards(answer, 0, cast(Index, Pictured())).render(1, 2)
    assert re.findall(r'src="([^"]*)"', html) == [f"nb/picture/{cited.report_id}/2"]


def test_a_reference_can_be_copied(assistant: Any) -> None:
    answer = assistant.ask(ALL)
    html = Cards(answer, 0, assistant.index).render(1, 2)
    assert re.search(r'data-copy="[^"]*白石经济开发区2023年政府信息公开工作年度报告\[R\]', html)


def test_cards_of_one_report_that_follow_one_another_are_joined(assistant: Any) -> None:
    html = Cards(assistant.ask(ALL), 0).render(1, 5)
    joined = [int(n) for n in re.findall(r'class="nb-card nb-follows" id="nb-card-0-(\d+)"', html)]
    assert joined == [3]


def test_the_cards_say_the_same_whether_fetched_together_or_apart(assistant: Any) -> None:
    cards = Cards(assistant.ask(ALL), 0)
    assert cards.render(1, 5) == cards.render(1, 3) + cards.render(3, 5)


def test_an_answer_without_quotes_says_so(assistant: Any) -> None:
    assert ZH("ask.evidence_none") in render_group(0, Turn(Asked("q"), assistant.ask("开发区的申请数")), ZH)


def test_a_refused_question_has_no_evidence(assistant: Any) -> None:
    assert ZH("ask.evidence_none") in render_group(0, Turn(Asked("太长"), error="太长了。"), ZH)
