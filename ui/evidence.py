"""The evidence beside a conversation: a card for every citation of every answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.printing import row_state, row_value
from ui.rendering import Turn, escape, shown_citations
from ui.texts import Texts, texts
from vectorstore.catalogue import catalogue

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation

MOST_FACTS = 3
"""A card names this many of the values that it supports; a table row may support dozens."""


def render_quote(citation: Citation) -> str:
    """The report's own words. A table row, which the text holds a cell a line, is drawn as cells in a row.

    The cited cell is marked, so that the number can be found among its neighbours.
    """
    quote, cell = citation.quote, citation.cell
    marked = (cell.start - citation.start, cell.end - citation.start) if cell is not None else (0, 0)
    if cell is None and "\t" not in quote:
        return f"<blockquote>{escape(quote)}</blockquote>"
    cells: list[str] = []
    position = 0
    for piece in quote.replace("\t", "\n").split("\n"):
        start, end = position, position + len(piece)
        position = end + 1
        if not piece.strip():
            continue
        here = start < marked[1] and marked[0] < end
        content = escape(piece.strip())
        cells.append(f"<mark>{content}</mark>" if here else f"<span>{content}</span>")
    # Between the cells stands what a screen reader, or a copy of the text, needs to tell them apart.
    separator = '<i aria-hidden="true"> | </i>'
    return f'<blockquote class="nb-cells">{separator.join(cells)}</blockquote>'


def supported_facts(answer: Answer, n: int) -> list[str]:
    """What the answer takes from citation ``n``: metric, value and state, in words."""
    facts: list[str] = []
    colon = "：" if answer.language == "zh" else ": "
    for row in answer.rows:
        if n not in row.citations:
            continue
        name = row.label or (catalogue().name_or_id(row.metric, answer.language) if row.metric else "")
        if row.value is None and row.state == "stated":
            facts.append(name)
            continue
        fact = f"{name}{colon if name else ''}{row_value(row, answer.language)}"
        state = row_state(row, answer.language)
        facts.append(f"{fact}（{state}）" if answer.language == "zh" else f"{fact} ({state})")
    return list(dict.fromkeys(fact for fact in facts if fact))


def render_card(answer: Answer, citation: Citation, turn: int) -> str:
    """One citation. The whole card opens the report for a mouse; its button does so for the keyboard."""
    words = texts(answer.language)
    n = citation.n
    facts = supported_facts(answer, n)
    shown = facts[:MOST_FACTS]
    if len(facts) > MOST_FACTS:
        shown.append("…")
    fact_list = "".join(f"<li>{escape(fact)}</li>" for fact in shown)
    year = f'<span class="nb-year">{citation.year}</span>' if citation.year else ""
    section = f'<p class="nb-section">{escape(citation.section)}</p>' if citation.section else ""
    label = escape(words("chat.open_card", n=n, title=citation.title))
    return (
        f'<article class="nb-card" id="nb-card-{turn}-{n}" data-turn="{turn}" data-n="{n}" tabindex="-1">'
        f'<header><span class="nb-n">{n}</span><h3>{escape(citation.body)}</h3>{year}</header>'
        f"{section}{render_quote(citation)}"
        f"{f'<ul class=nb-facts>{fact_list}</ul>' if fact_list else ''}"
        f'<button type="button" class="nb-open" aria-label="{label}">{escape(words("chat.open_report"))}</button>'
        f'<button type="button" class="nb-up">{escape(words("chat.up"))}</button>'
        f"</article>"
    )


def _render_cards(answer: Answer, turn: int, words: Texts) -> str:
    shown = shown_citations(answer)
    cards = "".join(render_card(answer, citation, turn) for citation in shown)
    if len(answer.citations) > len(shown):
        cut = words("chat.cut_cards", n=len(answer.citations), shown=len(shown))
        cards += f'<p class="nb-none">{escape(cut)}</p>'
    return cards


def render_evidence(turns: Sequence[Turn], words: Texts) -> str:
    """The cards of all answers, a group for each; the page shows one group at a time, the latest at first."""
    groups: list[str] = []
    several = len(turns) > 1
    for number, turn in enumerate(turns):
        if turn.answer is None and turn.error is None:
            continue
        cards = _render_cards(turn.answer, number, words) if turn.answer is not None else ""
        about = f'<p class="nb-of">{escape(turn.question)}</p>' if several else ""
        body = cards or f'<p class="nb-none">{escape(words("chat.evidence_none"))}</p>'
        groups.append(f'<div class="nb-group" data-turn="{number}">{about}{body}</div>')
    heading = f'<h2 class="nb-side-heading">{escape(words("chat.evidence"))}</h2>'
    if not groups:
        return f'{heading}<p class="nb-none">{escape(words("chat.evidence_empty"))}</p>'
    return heading + "".join(groups)
