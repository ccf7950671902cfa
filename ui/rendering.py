"""A conversation as HTML: questions, answers with their markers, rows and warnings.

Whatever comes from a report or a question passes through `escape`: no HTML or Markdown of theirs takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as escape_html
from typing import TYPE_CHECKING

from ui.printing import LONG_LIST, row_state, row_value
from ui.texts import Texts, texts
from vectorstore.catalogue import catalogue

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Row

MARKER = re.compile(r"\[(\d+)\]")
MARKERS = re.compile(r"(?:\[\d+\])+")
LONG_RUN, SHOWN_OF_RUN = 5, 3
MOST_SHOWN = 300
"""Rows, and cards, that one answer shows on the page: a browser draws thousands only slowly. The page says so."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation with its answer, or the sentence that says why there is none.

    While ``answer`` and ``error`` are both ``None``, the answer is being looked for.
    """

    question: str
    answer: Answer | None = None
    error: str | None = None


def escape(text: str) -> str:
    """Text as HTML that shows just that text."""
    return escape_html(text, quote=True)


def marker(turn: int, n: int, words: Texts) -> str:
    """The link from a claim to its evidence card."""
    label = escape(words("chat.marker", n=n))
    return (
        f'<a class="nb-ref" href="#nb-card-{turn}-{n}" data-turn="{turn}" data-n="{n}" aria-label="{label}">[{n}]</a>'
    )


def marker_run(turn: int, numbers: Sequence[int], words: Texts) -> str:
    """Markers side by side; of a long run only the first few, the others behind a button."""
    links = [marker(turn, n, words) for n in numbers]
    if len(links) <= LONG_RUN:
        return "".join(links)
    label = escape(words("chat.more_markers", n=len(links) - SHOWN_OF_RUN))
    return (
        f"{''.join(links[:SHOWN_OF_RUN])}"
        f'<button type="button" class="nb-more" aria-expanded="false" aria-label="{label}">'
        f"+{len(links) - SHOWN_OF_RUN}</button><span hidden>{''.join(links[SHOWN_OF_RUN:])}</span>"
    )


def link_markers(text: str, turn: int, known: frozenset[int], words: Texts) -> str:
    """Escaped text in which every ``[n]`` of a known citation is a link; any other stays what it is."""
    rendered: list[str] = []
    position = 0
    for run in MARKERS.finditer(text):
        numbers = [int(n) for n in MARKER.findall(run.group())]
        if not known.issuperset(numbers):
            continue
        rendered.append(escape(text[position : run.start()]))
        rendered.append(marker_run(turn, numbers, words))
        position = run.end()
    rendered.append(escape(text[position:]))
    return "".join(rendered)


def shown_citations(answer: Answer) -> tuple[Citation, ...]:
    """The citations that get a card, and whose markers are links."""
    return tuple(answer.citations[:MOST_SHOWN])


def render_text(text: str, turn: int, known: frozenset[int], words: Texts) -> str:
    """The answer's text: a paragraph a line, lines that begin with a dash or bullet as a list."""
    rendered: list[str] = []
    items: list[str] = []
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        bullet = re.match(r"[-•·]\s+", stripped)
        if bullet:
            items.append(f"<li>{link_markers(stripped[bullet.end() :], turn, known, words)}</li>")
            continue
        if items:
            rendered.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if stripped:
            rendered.append(f"<p>{link_markers(stripped, turn, known, words)}</p>")
    return "".join(rendered)


def render_rows(rows: Sequence[Row], turn: int, known: frozenset[int], words: Texts) -> str:
    """The rows as a table, which says so where it doesn't show them all.

    A column in which every row would say the same, or nothing, is left out.
    """
    shown_rows = rows[:MOST_SHOWN]
    labels = any(row.label for row in shown_rows)
    named_by_label = all((row.label or "").startswith(row.body) for row in shown_rows)
    bodies = (len({row.body for row in shown_rows}) > 1 and not named_by_label) or not labels
    years = any(row.year for row in shown_rows)
    metrics = len({row.metric for row in shown_rows}) > 1 and not labels
    # Rows that are about words, such as the problems that recur, have no value and need not say so.
    values = any(row.value is not None or row.state != "stated" for row in shown_rows)
    names = [
        name
        for name, shown in (
            ("body", bodies), ("label", labels), ("year", years), ("metric", metrics),
            ("value", values), ("state", values), ("evidence", True),
        )
        if shown
    ]  # fmt: skip
    lines = []
    for row in shown_rows:
        cells = {
            "body": escape(row.body),
            "label": escape(row.label or ""),
            "year": str(row.year or ""),
            "metric": escape(catalogue().name_or_id(row.metric, words.language) if row.metric else ""),
            "value": escape(row_value(row, words.language)),
            "state": escape(row_state(row, words.language)),
            "evidence": marker_run(turn, [n for n in row.citations if n in known], words),
        }
        tds = "".join(f'<td class="nb-{name}">{cells[name]}</td>' for name in names)
        lines.append(f'<tr class="nb-is-{row.state}">{tds}</tr>')
    head = "".join(f'<th scope="col" class="nb-{name}">{escape(words(f"column.{name}"))}</th>' for name in names)
    caption = escape(words("chat.table_caption"))
    cut = ""
    if len(rows) > MOST_SHOWN:
        cut = f'<p class="nb-coverage">{escape(words("chat.cut", n=len(rows), shown=MOST_SHOWN))}</p>'
    return (
        f'<div class="nb-rows" tabindex="0" role="region" aria-label="{caption}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>{cut}"
    )


def question_buttons(questions: Sequence[str]) -> str:
    """Questions that are asked with a click."""
    return "".join(
        f'<button type="button" class="nb-question" data-ask="{escape(question)}">{escape(question)}</button>'
        for question in questions
    )


def render_answer(answer: Answer, turn: int) -> str:
    """An answer in its own language: text, options, rows, warnings, and who gave no value."""
    words = texts(answer.language)
    known = frozenset(citation.n for citation in shown_citations(answer))
    parts: list[str] = []
    if answer.resolved and answer.resolved != answer.question:
        parts.append(f'<p class="nb-resolved">{escape(words("chat.resolved", question=answer.resolved))}</p>')
    parts.append(f'<div class="nb-text">{render_text(answer.text, turn, known, words)}</div>')
    if answer.options:
        heading = escape(words("chat.options"))
        buttons = question_buttons([option.question for option in answer.options])
        parts.append(f'<div class="nb-options"><p>{heading}</p>{buttons}</div>')
    if len(answer.rows) > LONG_LIST:
        parts.append(render_rows(answer.rows, turn, known, words))
    said = MARKER.sub("", answer.text)
    for warning in answer.warnings:
        if MARKER.sub("", warning).rstrip("。. ") in said:
            continue  # the text says it already, with its evidence
        label, linked = escape(words("chat.warning")), link_markers(warning, turn, known, words)
        parts.append(f'<p class="nb-warning" role="note"><strong>{label}</strong> {linked}</p>')
    parts.append(render_without_value(answer, words))
    return "".join(parts)


def render_without_value(answer: Answer, words: Texts) -> str:
    """Which reports in scope gave no value, and why: folded away, since the text says how many they are.

    Only of answers about figures: in a search, every report where nothing was found would be listed.
    """
    without = answer.coverage.without_value
    if not without or answer.plan.get("subject", "figures") != "figures":
        return ""
    items = "".join(
        f"<li>{escape(' '.join(str(part) for part in (report.body, report.year) if part))}"
        f' <span class="nb-tag">{escape(words(f"state.{report.state}"))}</span></li>'
        for report in without
    )
    summary = escape(words("chat.without_value", n=len(without)))
    return f'<details class="nb-coverage"><summary>{summary}</summary><ul>{items}</ul></details>'


def render_turn(number: int, turn: Turn, words: Texts) -> str:
    """One question and what came of it."""
    if turn.answer is not None:
        reply = render_answer(turn.answer, number)
    elif turn.error is not None:
        reply = f'<p class="nb-error" role="alert">{escape(turn.error)}</p>'
    else:
        reply = f'<p class="nb-asking">{escape(words("chat.asking"))}</p>'
    asked, answered = escape(words("chat.you_asked")), escape(words("chat.answer"))
    language = turn.answer.language if turn.answer else words.language
    return (
        f'<section class="nb-turn" data-turn="{number}">'
        f'<h2 class="nb-asked"><span class="nb-hidden">{asked}</span>{escape(turn.question)}</h2>'
        f'<div class="nb-answer" lang="{language}" aria-label="{answered}">{reply}</div></section>'
    )


def render_thread(turns: Sequence[Turn], words: Texts) -> str:
    """The whole conversation, oldest first."""
    return "".join(render_turn(number, turn, words) for number, turn in enumerate(turns))
