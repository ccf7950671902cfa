"""What a newcomer sees before the first question: questions that the index can answer."""

from __future__ import annotations

from collections.abc import Sequence

from ui.texts import Texts
from ui.web.ask.turn_view import question_buttons
from ui.web.header import PAGES
from ui.web.markup import escape
from ui.web.site import data


def render_thread(questions: Sequence[str], words: Texts, *, is_empty: bool) -> str:
    """The frame of a conversation before it has turns; ``is_empty`` is of the index."""

    def say(name: str) -> str:
        return escape(words(f"ask.{name}"))

    return (
        f'<h1 class="nb-hidden">{escape(words("pages.ask"))}</h1>'
        f'<div class="nb-thread-head" data-words="{data(words.section("conversation"))}">'
        f'<button type="button" class="nb-quiet" data-action="list" aria-expanded="false" aria-controls="nb-kept">'
        f"{say('conversations')}</button>"
        f'<button type="button" class="nb-quiet" data-action="new">{say("new_conversation")}</button>'
        f'<section id="nb-kept" class="nb-kept" aria-label="{say("conversations")}" hidden></section></div>'
        f'<div class="nb-turns"></div>{render_welcome(questions, words, is_empty=is_empty)}'
    )


def render_welcome(questions: Sequence[str], words: Texts, *, is_empty: bool) -> str:
    """The empty conversation; ``is_empty`` is of the index."""

    def say(name: str) -> str:
        return escape(words(f"ask.{name}"))

    if is_empty:
        return (
            f'<div class="nb-welcome"><h2>{say("empty_index")}</h2><p>{say("empty_index_hint")}</p>'
            f'<p><a class="nb-button nb-primary" href="{PAGES["adding"]}">{say("add_reports")}</a></p></div>'
        )
    examples = ""
    if questions:
        examples = f'<p class="nb-try">{say("examples")}</p>{question_buttons(questions)}'
    return (
        f'<div class="nb-welcome"><h2>{say("empty_heading")}</h2><p>{say("empty_hint")}</p>'
        f'<div class="nb-examples">{examples}</div><div class="nb-recent"></div></div>'
    )
