"""The parts of an answer that its page asks for when they are wanted: chart, rows, cards, controls, and a changed plan.

What was asked travels with each request, as the token that the answer's section carries; the answer is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.export.readable import readable_rows
from ui.texts import Texts, texts
from ui.web.ask.answer_table import FIRST_ROWS, ROWS_A_CALL, AnswerTable
from ui.web.ask.coverage import NAMED_A_CALL, render_without
from ui.web.ask.evidence import CARDS_A_CALL, Cards
from ui.web.ask.plan_changes import RefusedPlanError, changed_plan
from ui.web.ask.plan_controls import PlanControls, plan_of, suggestions
from ui.web.asked import Asked, read_token
from ui.web.chart_view import render_chart
from ui.web.charts import FILE_WIDTH
from ui.web.site import Call, Site, words_of
from vectorstore.errors import QuestionError

if TYPE_CHECKING:
    from assistant.answer import Answer

LONGEST_SOUGHT = 100


class AnswerParts:
    """The calls of the answers' script, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def calls(self) -> list[Call]:
        """What the view of the conversation offers to its script."""
        return [self.chart, self.rows, self.cards, self.without, self.controls, self.suggest, self.plan_changed]

    def chart(self, request: dict[str, Any]) -> str:
        """Call: the content of the chart's figure, drawn for ``width`` pixels; empty without a chart."""
        asked, answer, words = self._answer(request)
        if answer.chart is None:
            return ""
        width = _number(request, "width", FILE_WIDTH, words)
        return render_chart(answer.chart, asked.token, words, width, len(answer.rows))

    def rows(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: rows from ``start`` on; with the first of them the whole table anew, for its columns may differ."""
        _, answer, words = self._answer(request)
        start = _number(request, "start", 0, words)
        rows = [*map(readable_rows(answer), answer.rows)]
        table = AnswerTable(rows, len(rows), _number(request, "turn", 0, words), words)
        end = min(start + ROWS_A_CALL, len(rows))
        if start:
            return {"rows": table.lines(start, end), "next": end, "total": len(rows)}
        return {"table": table.whole(max(end, min(FIRST_ROWS, len(rows)))), "next": end, "total": len(rows)}

    def cards(self, request: dict[str, Any]) -> str:
        """Call: the cards of the citations from ``start`` to before ``end``, at most so many as one call gives."""
        _, answer, words = self._answer(request)
        start, turn = max(1, _number(request, "start", 1, words)), _number(request, "turn", 0, words)
        end = min(_number(request, "end", start + CARDS_A_CALL, words), start + CARDS_A_CALL)
        return Cards(answer, turn, self._site.assistant.index).render(start, max(start, end))

    def without(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: the reports that gave no value, from ``start`` on."""
        _, answer, words = self._answer(request)
        if not answer.is_of_figures:
            return {"html": "", "next": 0, "total": 0}
        start = _number(request, "start", 0, words)
        reports = sorted(answer.coverage.without_value, key=lambda report: report.state)
        end = min(start + NAMED_A_CALL, len(reports))
        return {"html": render_without(reports[start:end], words), "next": end, "total": len(reports)}

    def controls(self, request: dict[str, Any]) -> str:
        """Call: the controls of how the question was understood."""
        asked, answer, words = self._answer(request)
        plan = plan_of(asked, answer)
        return "" if plan is None else PlanControls(plan, self._site.assistant, words).render()

    def suggest(self, request: dict[str, Any]) -> list[dict[str, str]]:
        """Call: what may be added to the controls' ``what`` that goes with ``text``."""
        text = request.get("text")
        return suggestions(
            str(request.get("what")),
            text[:LONGEST_SOUGHT] if isinstance(text, str) else "",
            self._site.assistant.index,
            words_of(request),
        )

    def plan_changed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call: ``changes`` of the controls' form make another plan: ``{plan, question}``, the question in words.

        What can't be is ``{refused, field}``: a sentence, and the field that it is to stand beside.
        """
        asked, answer, words = self._answer(request)
        plan, changes = plan_of(asked, answer), request.get("changes")
        if plan is None:
            raise QuestionError(words("answer.not_changeable"))
        if not isinstance(changes, dict):
            raise QuestionError(words("answer.bad_request"))
        try:
            changed = changed_plan(plan, changes, self._site.assistant.index, words)
        except RefusedPlanError as error:
            return {"refused": str(error), "field": error.field}
        return {
            "plan": changed.model_dump(mode="json", exclude_defaults=True),
            "question": self._site.assistant.restate(changed) or asked.question,
        }

    def _answer(self, request: Mapping[str, Any]) -> tuple[Asked, Answer, Texts]:
        """What was asked, its answer, and the words of the answer's language.

        Raises:
            QuestionError: The token can't be read.
        """
        try:
            asked = read_token(str(request.get("token", "")))
        except QuestionError:
            raise QuestionError(words_of(request)("answer.bad_request")) from None
        answer = self._site.answers.answer(asked)
        return asked, answer, texts(answer.language)


def _number(request: Mapping[str, Any], name: str, otherwise: int, words: Texts) -> int:
    """A whole number that isn't negative.

    Raises:
        QuestionError: It is something else.
    """
    value = request.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise QuestionError(words("answer.bad_request"))
    return value
