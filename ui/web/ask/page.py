"""Puts the page that answers together: conversation, question box, evidence, and the report that a card opens."""

from __future__ import annotations

import gradio as gr

from ui.texts import texts
from ui.web.ask.answer_parts import AnswerParts
from ui.web.ask.composer import render_composer
from ui.web.ask.conversation import Conversation
from ui.web.ask.evidence import render_evidence
from ui.web.header import render_header
from ui.web.site import QUIET, Site, language_of, view


def build(blocks: gr.Blocks, site: Site) -> None:
    """Put the page together, in the context of the site's first page. `asking` has what its questions go to."""
    conversation = Conversation(site)
    with gr.Column(elem_id="nb-page", elem_classes=["nb-page-ask"]):
        header = view("header")
        thread = view(
            "thread",
            [
                conversation.answer,
                conversation.reopen,
                conversation.copied,
                conversation.open_report,
                *AnswerParts(site).calls,
            ],
            site,
        )
        composer = view("composer")
        evidence = view("evidence")
        view("reader")

    def load(request: gr.Request) -> tuple[str, str, str, str]:
        words = texts(language_of(request))
        return (
            render_header(site.assistant, words, "ask"),
            conversation.thread(words),
            render_composer(words),
            render_evidence(words),
        )

    blocks.load(load, None, [header, thread, composer, evidence], **QUIET)
