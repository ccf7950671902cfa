"""The tools over one assistant: ask, search, figures and read_report, each with a short result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from pydantic import BaseModel

from assistant.tools import arguments as given
from assistant.tools.answer_result import Wanted, answer_result
from assistant.tools.figure_rows import figures_result, metric_named
from assistant.tools.passages import search_result
from assistant.tools.recent_answers import RecentAnswers
from assistant.tools.report_excerpt import report_excerpt, report_named
from assistant.tools.results import AnswerResult, FiguresResult, ReportExcerpt, SearchResult, ToolResult
from vectorstore.errors import QuestionError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

P = ParamSpec("P")
R = TypeVar("R", bound=ToolResult)

MOST_REPORTS_WITHOUT_METRIC = 100
"""A report has some 200 figures; of more reports nobody reads all."""


def _checked(tool: Callable[Concatenate[Toolbox, P], R]) -> Callable[Concatenate[Toolbox, P], R]:
    """The tool, called from Python with what a call by a protocol may have, and refused with the same sentences."""

    @wraps(tool)
    def check(self: Toolbox, /, *positional: P.args, **named: P.kwargs) -> R:
        arguments = dict(signature(tool).bind(self, *positional, **named).arguments)
        del arguments["self"]
        model = self.arguments[cast(given.ToolName, tool.__name__)]
        checked: Callable[..., R] = tool
        return checked(self, **given.validated(model, tool.__name__, arguments))

    return check


class Toolbox:
    """What an agent may call. Nothing here writes, and no result names a folder of this computer.

    Every method raises a `NianbaoError` whose message says what to do instead.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._answers = RecentAnswers(assistant)

    @cached_property
    def arguments(self) -> Mapping[given.ToolName, type[BaseModel]]:
        """The arguments of each tool; ``model_json_schema()`` is what agents are told of them."""
        return {name: given.arguments_model(name, getattr(type(self), name)) for name in given.DESCRIPTIONS}

    def call(self, tool: str, arguments: Mapping[str, Any]) -> ToolResult:
        """The result of a call as a protocol brings it: a tool's name, and its arguments as JSON values.

        Raises:
            QuestionError: There is no such tool, or the arguments are wrong.
        """
        if tool not in given.DESCRIPTIONS:
            raise QuestionError(f"There is no tool called {tool!r}; the tools are {', '.join(given.DESCRIPTIONS)}.")
        checked = given.validated(self.arguments[cast(given.ToolName, tool)], tool, arguments)
        method: Callable[..., ToolResult] = getattr(self, tool)
        return method(**checked)

    @_checked
    def ask(
        self,
        question: given.Question,
        history: given.History = (),
        limit: given.RowLimit = given.MOST_ROWS,
        offset: given.Offset = 0,
        brief: given.Brief = False,
        part: given.PartName = "rows",
    ) -> AnswerResult:
        """The answer to a question: its text and rows, or another part of it, from ``offset`` on."""
        is_new = part == "rows" and not offset
        answer = self._answers.ask(question, history) if is_new else self._answers.again(question, history)
        return answer_result(answer, Wanted(history, offset, limit, brief, part))

    @_checked
    def search(
        self,
        query: given.Words,
        year: given.Year = None,
        kind: given.KindOfBody = None,
        region: given.Region = None,
        body: given.BodyName = None,
        section: given.SectionRoleName = None,
        limit: given.HitLimit = 5,
    ) -> SearchResult:
        """The passages that fit best."""
        scope = _filters(year, kind, region, body) | {"section": section}
        # One more than is shown tells whether there are more.
        with self.assistant.index.unchanging():
            hits = self.assistant.search(query, **scope, k=limit + 1)
            return search_result(self.assistant.index, hits, query, scope, limit)

    @_checked
    def figures(
        self,
        metric: given.Metric = None,
        year: given.Year = None,
        kind: given.KindOfBody = None,
        region: given.Region = None,
        body: given.BodyName = None,
        limit: given.RowLimit = 50,
        offset: given.Offset = 0,
        brief: given.Brief = False,
    ) -> FiguresResult:
        """The figures of a scope from ``offset`` on."""
        scope = _filters(year, kind, region, body)
        metric_id = None if metric is None else metric_named(metric, self.assistant.parser)
        with self.assistant.index.unchanging():
            return self._figures(metric_id, scope, limit, offset, brief)

    def _figures(
        self, metric_id: str | None, scope: dict[str, Any], limit: int, offset: int, brief: bool
    ) -> FiguresResult:
        reports = self.assistant.reports(**scope)
        if metric_id is None and len(reports) > MOST_REPORTS_WITHOUT_METRIC:
            raise QuestionError(
                f"All figures of {len(reports):,} reports are too many; name a metric, such as applications_new, or "
                f"narrow to at most {MOST_REPORTS_WITHOUT_METRIC} reports with year, kind, region and body."
            )
        found = self.assistant.figures(metric_id, **scope)
        asked = {"metric": metric_id, **scope}
        return figures_result(self.assistant.index, found, reports, asked, limit, offset, brief)

    @_checked
    def read_report(
        self,
        report_id: given.ReportId,
        section: given.SectionName = None,
        start: given.Start = 0,
        length: given.Length = 4000,
    ) -> ReportExcerpt:
        """A part of a report's text; ``start`` counts in the whole report, also within a section."""
        index = self.assistant.index
        with index.unchanging():
            report = report_named(index, report_id)
            return report_excerpt(report, index.text(report.report_id), section, start, length)


def _filters(year: int | None, kind: str | None, region: str | None, body: str | None) -> dict[str, Any]:
    return {"year": year, "kind": given.kind_named(kind), "region": region, "body": body}
