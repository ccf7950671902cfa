"""What the page that answers shows, over one site. It keeps no state: the browser keeps its conversations."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from assistant.answering.citations import MARKER
from ui.texts import Texts
from ui.web.ask.actions import address_of, render_actions, render_changed, standing
from ui.web.ask.evidence import render_group
from ui.web.ask.turn_view import Turn, render_turn
from ui.web.ask.welcome import render_thread
from ui.web.asked import Asked, read_asked, read_token
from ui.web.downloads import copied
from ui.web.reports.report_text import highlights, render_report
from ui.web.site import Site, words_of
from vectorstore.errors import NianbaoError, QuestionError

logger = logging.getLogger(__name__)

EXAMPLES_SHOWN = 6
MOST_SAID = 300
"""Characters of an answer that are read out when it arrives; the whole can be read in its place."""
MOST_TURNS = 100_000


class Conversation:
    """The views of a conversation, and the calls of its script."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def thread(self, words: Texts) -> str:
        """The frame of a conversation, with questions made from what the index holds."""
        questions = self._site.assistant.example_questions(words.language)[:EXAMPLES_SHOWN]
        return render_thread(questions, words, is_empty=not self._site.assistant.index.reports())

    def turn(self, asked: Asked, words: Texts) -> Turn:
        """The answer, or the sentence that says why there is none, so that the conversation goes on."""
        *_, turn = self.turns(asked, words)
        return turn

    def turns(self, asked: Asked, words: Texts, *, anew: bool = False) -> Generator[Turn]:
        """The answer as it comes, or the sentence that says why there is none.

        Args:
            anew: Go on with an answer whose wording was stopped; else it is given as it was left.
        """
        try:
            answers = self._site.answers.stream(asked) if anew else iter((self._site.answers.answered(asked),))
            with contextlib.closing(answers) if isinstance(answers, Generator) else contextlib.nullcontext():
                for known in answers:
                    if anew or known.is_final or known.built_in is None:
                        yield Turn(asked, known.answer, None, known.built_in, anew and not known.is_final)
                    else:
                        # The wording was stopped, and whoever reads it may not have let go of it yet.
                        yield Turn(asked, known.built_in)
        except NianbaoError as error:
            yield Turn(asked, error=str(error))
        except Exception:
            logger.exception("The question could not be answered: %s", asked.question)
            yield Turn(asked, error=words("site.unexpected"))

    def replies(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What comes of ``asked``, the turn with the number ``turn``: the last is as `reply` gives it.

        Those before it, if any, have ``"partial": true`` besides: what is known so far. The first of them is the whole
        built-in answer, the others ``{"partial": true, "turn": …}`` with a text that grows; ``{"partial": true}`` alone
        says that the model is still at it. Closing the iterator stops the model.
        """
        words = words_of(request)
        try:
            asked, number = _read(request, words)
        except QuestionError as error:
            yield self.reply(Turn(Asked(""), error=str(error)), 0, words)
            return
        last: Turn | None = None
        with contextlib.closing(self.turns(asked, words, anew=True)) as turns:
            for turn in turns:
                if not turn.is_growing:
                    yield self.reply(turn, number, words)
                elif last is not None and last == turn:
                    yield {"partial": True}
                elif turn.built_in is None:
                    yield self.reply(turn, number, words) | {"partial": True}
                else:
                    yield {"partial": True, "turn": render_turn(number, turn, words, self._site.assistant)}
                last = turn

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: the turn of ``asked`` with the number ``turn``, as `reply` gives it."""
        words = words_of(request)
        asked, number = _read(request, words)
        return self.reply(self.turn(asked, words), number, words)

    def reply(self, turn: Turn, number: int, words: Texts) -> dict[str, Any]:
        """What the page's script needs of a turn.

        ``turn``, ``evidence``, ``actions`` and ``changed`` are HTML; ``follows`` is whether it leans on earlier turns,
        ``address`` the query of its link, ``said`` what a screen reader is told.
        """
        said = turn.error or ""
        if turn.answer is not None:
            text = MARKER.sub("", turn.answer.text)
            said = text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
        return {
            "turn": render_turn(number, turn, words, self._site.assistant),
            "evidence": render_group(number, turn, words, self._site.assistant.index),
            "actions": render_actions(turn, words),
            "changed": render_changed(turn, words),
            "follows": turn.answer is not None and turn.answer.resolved is not None,
            "failed": turn.answer is None,
            "address": address_of(standing(turn.asked, turn.answer) if turn.answer else turn.asked),
            "said": said,
        }

    def reopen(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Call: the turns of a conversation that ``token`` speaks of, oldest first, as ``{"q": …, "p": …}``."""
        words = words_of(request)
        try:
            asked = read_token(str(request.get("token", "")))
        except QuestionError:
            raise QuestionError(words("ask.bad_link")) from None
        turns: list[dict[str, Any]] = []
        for said in (*asked.history, asked):
            record = (said if isinstance(said, Asked) else _as_asked(said, self._site)).as_json()
            turns.append({"q": record["q"], "p": record["p"]})
        return turns

    def copied(self, request: dict[str, Any]) -> dict[str, str]:
        """Call: the answer to what was ``asked`` with its references, as ``text`` and ``html``."""
        words = words_of(request)
        return copied(self._site, _read(request, words)[0], words)

    def open_report(self, request: dict[str, Any]) -> str:
        """Call: the report of citation ``n`` of what was ``asked``, marked; empty where there is no such citation."""
        words = words_of(request)
        answer = self._site.answers.answer(_read(request, words)[0])
        n = request.get("n")
        citation = next((c for c in answer.citations if type(n) is int and c.n == n), None)
        if citation is None:
            return ""
        index = self._site.assistant.index
        try:
            report, text = index.report(citation.report_id), index.text(citation.report_id)
        except KeyError:
            raise NianbaoError(words("ask.missing_report")) from None
        ranges = highlights(citation, (c for c in answer.citations if c.n != n))
        return render_report(report, text, index.passages(report.report_id), ranges, words)


def _read(request: Mapping[str, Any], words: Texts) -> tuple[Asked, int]:
    """What was asked, and the number of its turn.

    Raises:
        QuestionError: It can't be read.
    """
    record, number = request.get("asked"), request.get("turn", 0)
    try:
        if not isinstance(record, dict) or type(number) is not int or not 0 <= number < MOST_TURNS:
            raise QuestionError("")
        return read_asked(record), number
    except QuestionError:
        raise QuestionError(words("ask.bad_link")) from None


def _as_asked(said: Any, site: Site) -> Asked:
    """An earlier question of a conversation as one of its own; a Plan in words."""
    return Asked(said) if isinstance(said, str) else Asked(site.assistant.restate(said) or "", said)
