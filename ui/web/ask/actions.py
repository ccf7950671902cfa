"""What can be done with a turn: a quiet row under its answer."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.plan import SURVEY
from ui.texts import Texts
from ui.web.ask.turn_view import Turn
from ui.web.asked import Asked
from ui.web.downloads import ANSWER_FORMATS, answer_address
from ui.web.markup import escape


def standing(asked: Asked, answer: Answer) -> Asked:
    """What was asked, without the conversation where the answer didn't lean on it."""
    return asked if answer.resolved is not None else Asked(asked.question, asked.plan)


def address_of(asked: Asked) -> dict[str, str]:
    """The query of the address that asks it again: readable where the question stands on its own."""
    return {"q": asked.question} if asked.plan is None and not asked.history else {"a": asked.token}


def _button(action: str, words: Texts) -> str:
    title = escape(words(f"ask.{action}_title"))
    return f'<button type="button" data-action="{action}" title="{title}">{escape(words(f"ask.{action}"))}</button>'


def render_actions(turn: Turn, words: Texts) -> str:
    """The row of actions."""
    buttons = [_button("retry", words), _button("edit", words)]
    if turn.answer is not None:
        asked = standing(turn.asked, turn.answer)
        buttons += [_button("copy", words), _button("link", words)]
        if turn.answer.status != "needs_clarification":
            files = "".join(
                f'<li><a href="{answer_address(asked, extension, words)}" download>'
                f"{escape(words(f'export.{extension}'))}</a></li>"
                for extension in ANSWER_FORMATS
            )
            summary = escape(words("ask.export"))
            buttons.append(f'<details class="nb-menu"><summary>{summary}</summary><ul>{files}</ul></details>')
    return f'<div class="nb-actions">{"".join(buttons)}</div>'


def render_changed(turn: Turn, words: Texts) -> str:
    """That a person changed how the question was understood, with the way back; empty where nobody did."""
    if turn.asked.plan is None or turn.asked.plan.aspect == SURVEY:
        return ""
    return f'<p class="nb-changed">{escape(words("ask.changed"))} {_button("undo", words)}</p>'
