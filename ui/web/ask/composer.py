"""The box that questions are typed into."""

from __future__ import annotations

from assistant.assistant import LONGEST_QUESTION
from ui.texts import Texts
from ui.web.markup import escape


def render_composer(words: Texts) -> str:
    """The box with its buttons, and the line that tells a screen reader what was answered."""

    def say(name: str) -> str:
        return escape(words(f"ask.{name}"))

    return (
        f'<form class="nb-box" id="nb-box" autocomplete="off">'
        f'<p class="nb-editing" hidden><span>{say("editing")}</span>'
        f'<button type="button" class="nb-quiet" data-action="keep">{say("keep")}</button></p>'
        f'<div class="nb-box-row"><textarea rows="1" maxlength="{LONGEST_QUESTION}" placeholder="{say("placeholder")}"'
        f' aria-label="{say("box")}" enterkeyhint="send"></textarea>'
        f'<button type="submit" class="nb-button nb-primary" id="nb-send">{say("send")}</button>'
        f'<button type="button" class="nb-button" id="nb-stop" data-action="stop">{say("stop")}</button></div></form>'
        '<p class="nb-hidden" role="status" id="nb-said"></p>'
    )
