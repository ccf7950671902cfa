"""What the web chat shows of a conversation, over one assistant."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ui.examples import render_header, render_welcome, summarize
from ui.reader import highlights, render_report
from ui.rendering import Turn, render_thread
from ui.texts import LANGUAGES, Texts
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

logger = logging.getLogger(__name__)

EXAMPLES_SHOWN = 6


class Conversation:
    """The page's views of a conversation, over one assistant. It keeps no state: the browser session does."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def welcome(self, words: Texts) -> str:
        """The empty conversation, with questions made from what the index holds."""
        questions = self.assistant.example_questions(words.language)[:EXAMPLES_SHOWN]
        return render_welcome(summarize(self.assistant), questions, words)

    def header(self, words: Texts) -> str:
        """The page's head."""
        return render_header(summarize(self.assistant), words)

    def thread(self, turns: list[Turn], words: Texts) -> str:
        """The conversation, or the welcome while there is none."""
        return render_thread(turns, words) if turns else self.welcome(words)

    def ask(self, question: str, turns: list[Turn], words: Texts) -> Turn:
        """The question's turn. An error is a sentence in it, so that the conversation goes on."""
        # A question that was refused would be refused again as part of the conversation.
        history = [turn.question for turn in turns if turn.answer is not None]
        try:
            return Turn(question, answer=self.assistant.ask(question, history=history))
        except NianbaoError as error:
            return Turn(question, error=str(error))
        except Exception:
            logger.exception("The question could not be answered: %s", question)
            return Turn(question, error=words("chat.unexpected"))

    def report(self, turns: list[Turn], turn: int, n: int, words: Texts) -> str:
        """The report of citation ``n`` of an answer, marked; empty where there is no such citation."""
        answer = turns[turn].answer if 0 <= turn < len(turns) else None
        citation = next((c for c in answer.citations if c.n == n), None) if answer else None
        if answer is None or citation is None:
            return ""
        index = self.assistant.index
        try:
            report, text = index.report(citation.report_id), index.text(citation.report_id)
        except KeyError:
            raise NianbaoError(words("chat.missing_report")) from None
        ranges = highlights(citation, (c for c in answer.citations if c.n != n))
        return render_report(report, text, index.passages(report.report_id), ranges, words)


def chosen_language(query: str | None, accepted: str | None) -> str:
    """The interface's language: as the address says (``?lang=en``), else as the browser prefers, else Chinese."""
    if query in LANGUAGES:
        return query
    preferred = (accepted or "").split(",")[0].strip().lower()[:2]
    return preferred if preferred in LANGUAGES else "zh"
