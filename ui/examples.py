"""What a newcomer sees before the first question: what the index holds, and questions that it can answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.rendering import escape, question_buttons
from ui.texts import Texts

if TYPE_CHECKING:
    from assistant.assistant import Assistant


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """How much an index holds. ``years`` ascending, without those reports whose year is unknown."""

    reports: int
    bodies: int
    years: tuple[int, ...]


def summarize(assistant: Assistant) -> CorpusSummary:
    """What the assistant's index holds."""
    reports = assistant.index.reports()
    years = {report.year for report in reports if report.year is not None}
    return CorpusSummary(len(reports), len({report.body_id for report in reports}), tuple(sorted(years)))


def summary_line(summary: CorpusSummary, words: Texts) -> str:
    """The summary in one line; years as a range."""
    first, last = (summary.years[0], summary.years[-1]) if summary.years else ("", "")
    years = str(first) if first == last else f"{first}–{last}"
    return words("chat.corpus", reports=summary.reports, bodies=summary.bodies, years=years).strip(" ·")


def render_header(summary: CorpusSummary, words: Texts) -> str:
    """The page's head: name, corpus, the other language, a new conversation."""
    other = "en" if words.language == "zh" else "zh"
    title, subtitle = escape(words("chat.title")), escape(words("chat.subtitle"))
    again, switch = escape(words("chat.new_conversation")), escape(words("chat.other_language"))
    return (
        f'<div class="nb-bar" data-lang="{words.language}" data-title="{title}">'
        f"<h1>{title}<small>{subtitle}</small></h1>"
        f'<p class="nb-corpus">{escape(summary_line(summary, words))}</p>'
        f'<nav><button type="button" class="nb-quiet" data-action="new">{again}</button>'
        f'<a class="nb-quiet" href="?lang={other}" lang="{other}">{switch}</a></nav></div>'
    )


def render_welcome(summary: CorpusSummary, questions: Sequence[str], words: Texts) -> str:
    """The empty conversation."""
    if not summary.reports:
        return f'<div class="nb-welcome"><p>{escape(words("chat.empty_index"))}</p></div>'
    examples = ""
    if questions:
        examples = f'<p class="nb-try">{escape(words("chat.examples"))}</p>{question_buttons(questions)}'
    return (
        f'<div class="nb-welcome"><h2>{escape(words("chat.empty_heading"))}</h2>'
        f"<p>{escape(words('chat.empty_hint'))}</p><div class=nb-examples>{examples}</div></div>"
    )
