"""One question of a conversation and its answer as HTML: the text first, everything else quiet below it.

Whatever comes from a report or a question passes through `escape`: no HTML or Markdown of theirs takes effect. What
costs time (the chart, the controls, rows beyond the first) is left to the page's script to fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.citations import MARKER
from assistant.export.readable import readable_rows
from ui.printing import LONG_LIST
from ui.texts import Texts, texts
from ui.web.ask.answer_table import FIRST_ROWS, AnswerTable
from ui.web.ask.coverage import render_coverage
from ui.web.ask.markers import link_markers, marker_run, render_text
from ui.web.ask.plan_controls import is_joined, plan_of, plan_sentence
from ui.web.asked import Asked
from ui.web.markup import escape
from ui.web.site import data

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant

FIRST_WARNINGS = 3
CITATIONS_LOOKED_AT, MOST_OF_A_WARNING = 100, 4


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation with its answer, or the sentence that says why there is none.

    While ``answer`` and ``error`` are both ``None``, the answer is being looked for.

    Attributes:
        built_in: The answer in the program's own words, where a language model worded it.
        is_growing: Whether a language model may still be at it.
    """

    asked: Asked
    answer: Answer | None = None
    error: str | None = None
    built_in: Answer | None = None
    is_growing: bool = False


def known_citations(answer: Answer) -> Callable[[int], bool]:
    """Whether a number is one of a citation; without making more of them than that needs."""

    def is_known(n: int) -> bool:
        return n > 0 and bool(answer.citations[n - 1 : n])

    return is_known


def question_buttons(questions: Sequence[str]) -> str:
    """Questions that are asked with a click."""
    return "".join(
        f'<button type="button" class="nb-question" data-ask="{escape(question)}">{escape(question)}</button>'
        for question in questions
    )


def render_answer(
    asked: Asked,
    answer: Answer,
    number: int,
    assistant: Assistant | None = None,
    *,
    built_in: Answer | None = None,
    is_growing: bool = False,
) -> str:
    """An answer in its own language; for ``built_in`` and ``is_growing`` see `Turn`.

    Args:
        assistant: What says how the question was understood; without it only the rest is shown.
    """
    words = texts(answer.language)
    is_known = known_citations(answer)
    status = escape(words(f"answer.{answer.status}"))
    parts = [f'<p class="nb-status nb-is-{answer.status}"><i aria-hidden="true"></i>{status}</p>']
    if answer.resolved and answer.resolved != answer.question:
        parts.append(f'<p class="nb-resolved">{escape(words("ask.resolved", question=answer.resolved))}</p>')
    parts.append(f'<div class="nb-text">{render_text(answer.text, number, is_known, words)}</div>')
    parts.append(_render_worded(answer, built_in, is_growing, number, words))
    if answer.options:
        heading = escape(words("ask.options"))
        buttons = question_buttons([option.question for option in answer.options])
        parts.append(f'<div class="nb-options"><p>{heading}</p>{buttons}</div>')
    parts.append(_render_warnings(answer, number, is_known, words))
    if answer.chart is not None:
        points = len(answer.chart["x"])
        kind = "line" if answer.chart["type"] == "line" else "bars"
        parts.append(
            f'<figure class="nb-chart" data-chart="{kind}" style="--nb-points:{points}" aria-busy="true"></figure>'
        )
    total = len(answer.rows)
    if total > LONG_LIST:
        rows = [*map(readable_rows(answer), answer.rows[:FIRST_ROWS])]
        table = AnswerTable(rows, total, number, words)
        parts.append(table.whole(min(FIRST_ROWS, total)))
    if not is_joined(asked, answer) and answer.status != "needs_clarification":
        parts.append(render_coverage(answer, words))
    parts.append(_render_how(asked, answer, assistant, words))
    return "".join(parts)


def _render_worded(answer: Answer, built_in: Answer | None, is_growing: bool, number: int, words: Texts) -> str:
    """Who worded the text, with the program's own words behind a click; while a model is at it, that it is."""
    if is_growing:
        return f'<p class="nb-worded nb-growing">{escape(words("ask.wording"))}</p>'
    if answer.worded_by != "model" or built_in is None:
        return ""
    own = render_text(built_in.text, number, known_citations(built_in), words)
    return (
        f'<details class="nb-worded"><summary><span>{escape(words("ask.worded"))}</span> '
        f'<span class="nb-built-in">{escape(words("ask.built_in"))}</span></summary>'
        f'<div class="nb-own-words">{own}</div></details>'
    )


def _render_warnings(answer: Answer, number: int, is_known: Callable[[int], bool], words: Texts) -> str:
    """What to mind; of many only the first few, the others folded."""
    said = MARKER.sub("", answer.text)
    # What the text says already, with its evidence, isn't repeated.
    warnings = [warning for warning in answer.warnings if MARKER.sub("", warning).rstrip("。. ") not in said]
    lines = [
        f'<p class="nb-warning" role="note"><strong>{escape(words("ask.warning"))}</strong> '
        f"{link_markers(warning, number, is_known, words)} {_evidence_of(warning, answer, number, words)}</p>"
        for warning in warnings
    ]
    if len(lines) <= FIRST_WARNINGS + 1:
        return "".join(lines)
    more = escape(words("answer.more_warnings", n=len(lines) - FIRST_WARNINGS))
    folded = "".join(lines[FIRST_WARNINGS:])
    first = "".join(lines[:FIRST_WARNINGS])
    return f'{first}<details class="nb-folded"><summary>{more}</summary>{folded}</details>'


def _evidence_of(warning: str, answer: Answer, number: int, words: Texts) -> str:
    """The citations of the report that a contradiction is told of, so that both values can be looked up."""
    if MARKER.search(warning):
        return ""
    cited = [
        citation.n
        for citation in answer.citations[:CITATIONS_LOOKED_AT]
        if citation.year and f"{citation.body}{citation.year}" in "".join(warning.split())
    ]
    return marker_run(number, cited, words) if 1 < len(cited) <= MOST_OF_A_WARNING else ""


def _render_how(asked: Asked, answer: Answer, assistant: Assistant | None, words: Texts) -> str:
    plan = plan_of(asked, answer)
    if plan is None or assistant is None:
        return ""
    sentence = escape(plan_sentence(plan, assistant, words))
    return (
        f'<details class="nb-how"><summary><span class="nb-how-label">{escape(words("answer.how"))}</span> '
        f'<span class="nb-how-plan">{sentence}</span></summary><div class="nb-controls"></div></details>'
    )


def render_turn(number: int, turn: Turn, words: Texts, assistant: Assistant | None = None) -> str:
    """One question and what came of it."""
    if turn.answer is not None:
        reply = render_answer(
            turn.asked, turn.answer, number, assistant, built_in=turn.built_in, is_growing=turn.is_growing
        )
    elif turn.error is not None:
        reply = f'<p class="nb-error" role="alert">{escape(turn.error)}</p>'
    else:
        reply = f'<p class="nb-asking">{escape(words("ask.asking"))}</p>'
    asked, answered = escape(words("ask.you_asked")), escape(words("ask.answer"))
    language = turn.answer.language if turn.answer else words.language
    spoken = data(texts(language).section("answer_script"))
    return (
        f'<section class="nb-turn" data-turn="{number}">'
        f'<h2 class="nb-asked"><span class="nb-hidden">{asked}</span>{escape(turn.asked.question)}</h2>'
        f'<div class="nb-answer" lang="{language}" role="group" aria-label="{answered}" '
        f'data-token="{turn.asked.token}" data-says="{spoken}">{reply}</div></section>'
    )
