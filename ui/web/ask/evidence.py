"""The evidence beside a conversation: a card for every citation of every answer, made as they are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from assistant.answer import Row
from assistant.answering.deferred import known_length
from assistant.answering.wording import as_number
from assistant.export.gbt7714 import gbt7714
from assistant.export.readable import readable_rows
from assistant.export.references import refer_to_citation
from ui.printing import row_state, row_value
from ui.texts import Texts, texts
from ui.web.ask.turn_view import Turn
from ui.web.citing import render_citing
from ui.web.markup import escape, report_link
from ui.web.numbers import number
from ui.web.originals import page_link, picture_link
from ui.web.quoting import render_cells
from vectorstore.catalogue import catalogue
from vectorstore.records import Scope, Span, State

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.plan import Language
    from vectorstore.index import Index
    from vectorstore.records import Report

MOST_FACTS = 3
"""A card names this many of the values that it supports; a table row may support dozens."""
FIRST_CARDS = 30
CARDS_A_CALL = 60
LONG_QUOTE = 260
"""Characters; a longer quote is folded."""
_ROWS_LOOKED_AT_ANYWAY, _ROWS_LOOKED_AT = 100, 2000


def render_quote(citation: Citation) -> str:
    """The report's own words. A table row, which the text holds a cell a line, is drawn as cells in a row.

    The cited cell is marked, so that the number can be found among its neighbours.
    """
    quote, cell = citation.quote, citation.cell
    is_long = len(quote) > LONG_QUOTE
    if cell is None and "\t" not in quote:
        return f'<blockquote lang="zh"{" class=nb-long" if is_long else ""}>{escape(quote)}</blockquote>'
    marks = () if cell is None else (Span(cell.start, cell.end),)
    return render_cells(quote, citation.start, marks, is_long=is_long)


def facts_by_citation(answer: Answer, numbers: range, index: Index | None = None) -> dict[int, list[str]]:
    """What the answer takes from each of these citations: metric, value and state, in words.

    Where a row is worked out from several quotes, a quote's own number comes first, and then what it is counted in.

    Args:
        index: Where the numbers are that the quotes state.
    """
    words, readable = texts(answer.language), readable_rows(answer)
    citations = {citation.n: citation for citation in answer.citations[numbers.start - 1 : numbers.stop - 1]}
    rows = _rows_citing(answer, citations)
    figures = _figures_stated(answer, rows, citations.values(), index)
    found: dict[int, list[str]] = {}
    for row in map(readable, rows):
        for n in row.citations:
            if n not in citations:
                continue
            facts = [_fact(row, row.label or _metric_name(row.metric, answer.language), answer.language)]
            if row.state == "derived":
                key = "used_for" if row.unit == "%" else "counted_in"
                facts = [words(f"answer.{key}", what=facts[0]) if facts[0] else ""]
                stated = figures.get(_place(citations[n]), {})
                facts[:0] = [
                    _fact(figure, _metric_name(figure.metric, answer.language), answer.language)
                    for figure in stated.values()
                ]
            known = found.setdefault(n, [])
            known += [fact for fact in dict.fromkeys(facts) if fact and fact not in known]
    return found


def _rows_citing(answer: Answer, numbers: Collection[int]) -> list[Row]:
    """The rows that rest on these citations; of those of thousands, no more are made than that takes."""
    found: list[Row] = []
    wanted = set(numbers)
    # A sentence that states several metrics stands behind several rows, which may lie far apart.
    is_of_several = len(answer.plan.get("metrics", ())) > 1
    for at, row in enumerate(islice(answer.rows, _ROWS_LOOKED_AT)):
        if at >= _ROWS_LOOKED_AT_ANYWAY and not wanted and not is_of_several:
            break
        wanted.difference_update(row.citations)
        found.append(row)
    return found


def _metric_name(metric: str | None, language: Language) -> str:
    return catalogue().name_or_id(metric, language) if metric else ""


def _fact(row: Row, name: str, language: Language) -> str:
    if row.value is None and row.state == "stated":
        return name
    colon = "：" if language == "zh" else ": "
    said = f"{name}{colon if name else ''}{row_value(row, language, number)}"
    state = row_state(row, language, number)
    return f"{said}（{state}）" if language == "zh" else f"{said} ({state})"


_Place = tuple[str, int, int]


def _place(citation: Citation) -> _Place:
    return citation.report_id, (citation.cell or citation).start, (citation.cell or citation).end


def _figures_stated(
    answer: Answer, rows: Sequence[Row], citations: Iterable[Citation], index: Index | None
) -> Mapping[_Place, dict[str, Row]]:
    """What each place states of the metrics that were asked for, by metric."""
    derived = [row for row in rows if row.state == "derived"]
    metrics = {*answer.plan.get("metrics", ()), *answer.plan.get("denominators", ())}
    metrics |= {row.metric for row in derived if row.metric}
    reports = tuple({citation.report_id for citation in citations})
    if index is None or not derived or not metrics or not reports:
        return {}
    found: dict[_Place, dict[str, Row]] = {}
    for resolved in index.figures(Scope(report_ids=reports), metrics):
        for reading in resolved.readings:
            if reading.value is None or reading.state is not State.STATED:
                continue
            place = reading.cell or reading
            row = Row(report_id=reading.report_id, body=resolved.body, metric=resolved.metric_id,
                      value=as_number(reading.value), unit=reading.unit)  # fmt: skip
            found.setdefault((reading.report_id, place.start, place.end), {})[resolved.metric_id] = row
    return found


class Cards:
    """The cards of one answer.

    Args:
        index: Where a report's own record and its pictures are; without it the cards do without.
        turn: The number of the answer in its conversation.
    """

    def __init__(self, answer: Answer, turn: int, index: Index | None = None) -> None:
        self._answer = answer
        self._turn = turn
        self._index = index
        self._words = texts(answer.language)

    def render(self, start: int, end: int) -> str:
        """The cards of the citations from ``start`` to before ``end``, counted from 1."""
        start = max(1, start)
        citations = self._answer.citations[max(0, start - 2) : end - 1]
        before = citations[0] if start > 1 and citations else None
        shown = citations[1:] if start > 1 else citations
        facts = facts_by_citation(self._answer, range(start, end), self._index)
        cards = []
        for citation in shown:
            follows = before is not None and before.report_id == citation.report_id
            cards.append(self._card(citation, facts.get(citation.n, []), follows=follows))
            before = citation
        return "".join(cards)

    def _card(self, citation: Citation, facts: list[str], *, follows: bool) -> str:
        """The whole card opens the report for a mouse; its button does so for the keyboard.

        Args:
            follows: The card before it is of the same report, whose name needn't be said again.
        """
        words, n = self._words, citation.n
        shown = [*facts[:MOST_FACTS], "…"] if len(facts) > MOST_FACTS else facts
        fact_list = "".join(f"<li>{escape(fact)}</li>" for fact in shown)
        year = f'<span class="nb-year">{citation.year}</span>' if citation.year else ""
        section = f'<p class="nb-section">{escape(citation.section)}</p>' if citation.section else ""
        label = escape(words("ask.open_card", n=n, title=citation.title))
        report = self._report(citation.report_id)
        unfold = ""
        if len(citation.quote) > LONG_QUOTE:
            unfold = (
                f'<button type="button" class="nb-quiet nb-unfold" aria-expanded="false">'
                f"{escape(words('answer.unfold'))}</button>"
            )
        return (
            f'<article class="nb-card{" nb-follows" if follows else ""}" id="nb-card-{self._turn}-{n}" '
            f'data-turn="{self._turn}" data-n="{n}" tabindex="-1">'
            f'<header><span class="nb-n">{n}</span><h3>{escape(citation.body)}</h3>{year}</header>'
            f"{section}{render_quote(citation)}{unfold}{self._pictures(citation, report)}"
            f"{f'<ul class=nb-facts>{fact_list}</ul>' if fact_list else ''}"
            f'<div class="nb-card-foot">'
            f'<button type="button" class="nb-open" aria-label="{label}">{escape(words("ask.open_report"))}</button>'
            f"{self._links(citation, report)}"
            f'<button type="button" class="nb-up">{escape(words("ask.up"))}</button></div></article>'
        )

    def _report(self, report_id: str) -> Report | None:
        if self._index is None:
            return None
        try:
            return self._index.report(report_id)
        except KeyError:
            return None

    def _links(self, citation: Citation, report: Report | None) -> str:
        words = self._words
        place = citation.cell or citation
        address = report_link(citation.report_id, place.start, place.end)
        links = [f'<a href="{address}">{escape(words("answer.report_page"))}</a>']
        if citation.page is not None:
            page = page_link(citation.report_id, citation.page, place.start, place.end)
            label = escape(words("answer.pdf_page", n=citation.page))
            links.append(f'<a href="{page}" target="_blank" rel="noopener">{label}</a>')
        quote = " ".join(citation.quote.split())
        links.append(_copying(quote, words("answer.copy_quote")))
        links.append(_copying(_reference(citation, report), words("answer.copy_reference")))
        links.append(render_citing(citation.id, words))
        return "".join(links)

    def _pictures(self, citation: Citation, report: Report | None) -> str:
        """The picture that a figure was read from, as small as fits; it opens in full."""
        if self._index is None or report is None or not report.pictures:
            return ""
        found = []
        for n, picture in enumerate(self._index.pictures(citation.report_id), 1):
            if picture.start < citation.end and citation.start < picture.end:
                address = picture_link(citation.report_id, n)
                alt = escape(self._words("answer.picture", n=n))
                found.append(
                    f'<a class="nb-picture" href="{address}" target="_blank" rel="noopener">'
                    f'<img src="{address}" alt="{alt}" loading="lazy"></a>'
                )
        return "".join(found)


def _copying(text: str, label: str) -> str:
    return f'<button type="button" class="nb-quiet" data-copy="{escape(text)}">{escape(label)}</button>' if text else ""


def _reference(citation: Citation, report: Report | None) -> str:
    return gbt7714(refer_to_citation(citation, report).reference)


def render_cards(answer: Answer, turn: int, index: Index | None = None) -> str:
    """The first cards, with a mark that says how many there are, or that there are more: the script fetches them."""
    if not answer.citations:
        return ""
    cards = Cards(answer, turn, index).render(1, FIRST_CARDS + 1)
    # Only what is shown is made: how many there are in all may take making thousands.
    more = answer.citations[FIRST_CARDS : FIRST_CARDS + 1]
    total = known_length(answer.citations)
    said = f' data-total="{total}"' if total is not None else " data-more" if more else ""
    return f'<div class="nb-cards"{said}>{cards}</div>'


def render_group(number: int, turn: Turn, words: Texts, index: Index | None = None) -> str:
    """The cards of one turn's answer."""
    cards = render_cards(turn.answer, number, index) if turn.answer is not None else ""
    body = cards or f'<p class="nb-none">{escape(words("ask.evidence_none"))}</p>'
    about = f'<p class="nb-of">{escape(turn.asked.question)}</p>'
    return f'<div class="nb-group" data-turn="{number}">{about}{body}</div>'


def render_evidence(words: Texts) -> str:
    """The panel that holds the cards, before there are any."""
    return (
        f'<h2 class="nb-side-heading">{escape(words("ask.evidence"))}</h2>'
        f'<p class="nb-none nb-before">{escape(words("ask.evidence_empty"))}</p><div class="nb-groups"></div>'
    )
