"""Figures as an agent reads them, and metrics as an agent names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from assistant.answering.permanent_ids import place_id
from assistant.answering.wording import as_number
from assistant.tools.calls import Room, call, shortened
from assistant.tools.results import FigureReading, FigureRow, FiguresResult
from assistant.tools.table import ID_LENGTH, table_of
from assistant.understanding.parser import Parse, Parser
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.index import Index
from vectorstore.records import Figure, Report, ResolvedFigure

_LONGEST_QUOTE = 120
_RESERVE = 500
_NEAR = 5
_LONGEST_NAME = 60
MOST_READINGS = 4
"""Of a figure: a report that states it oftener says it in the same words."""
_MOST_READINGS_ALONE = 20


def metric_named(metric: str, parser: Parser) -> str:
    """The full id of a metric that is named by it, by what the catalogue calls it, or as a question would name it.

    Raises:
        QuestionError: There is none; the message names those that are near.
    """
    named = {name.casefold(): full for full in catalogue().metric_ids() for name in _names(full)}
    found = named.get(metric.strip().casefold())
    if found is not None:
        return found
    parse = parser.parse(metric) if len(metric) <= _LONGEST_NAME else None
    if parse is not None and _is_name(metric, parse, parser):
        return parse.metrics[0].metric_id
    asked = metric.strip().casefold()[:_LONGEST_NAME]
    holding = sorted((name for name in named if asked in name), key=len)
    close = get_close_matches(asked, named, n=_NEAR, cutoff=0.4)
    meant = [] if parse is None else [one.metric_id for one in parse.metrics]
    near = dict.fromkeys([*meant, *(named[name] for name in (*holding, *close))])
    listed = ", ".join(f"{full} ({catalogue().name_or_id(full)})" for full in list(near)[:_NEAR])
    hint = f" Near it are {listed}." if listed else " Ask in words with ask, whose rows name the metric."
    raise QuestionError(f"There is no metric called {shortened(metric, _LONGEST_NAME)!r}.{hint}")


def _is_name(metric: str, parse: Parse, parser: Parser) -> bool:
    """Whether words are understood as one metric's own name is, and as nothing more: no place, no condition."""
    # What is written as an id is one or none: applications_refused isn't another sort of application.
    if len(parse.metrics) != 1 or "_" in metric:
        return False
    name = catalogue().name_or_id(parse.metrics[0].metric_id, parse.plan.language)
    return parser.parse(name).plan == parse.plan


def _names(metric_id: str) -> tuple[str, str, str]:
    return metric_id, catalogue().name(metric_id), catalogue().name(metric_id, "en")


def figures_result(
    index: Index,
    figures: Sequence[ResolvedFigure],
    reports: Sequence[Report],
    asked: Mapping[str, Any],
    limit: int,
    offset: int,
    brief: bool,
) -> FiguresResult:
    """The figures from ``offset`` on, at most ``limit`` and as many as there is room for.

    Args:
        reports: Those in the scope.
        asked: The arguments of the call beside limit, offset and brief.
    """
    silent = None
    if asked["metric"] is not None:
        stating = {figure.report_id for figure in figures}
        silent = sum(report.report_id not in stating for report in reports)
    result = FiguresResult(total=len(figures), in_scope=len(reports), silent=silent)
    wanted = figures[offset : offset + limit]
    said: dict[str, Any]
    if brief:
        said, shown = _table(result, wanted)
    else:
        said, shown = _rows(result, wanted, index.texts({figure.report_id for figure in wanted}), limit)
    more, end = None, offset + shown
    if end < len(figures):
        following = call("figures", **asked, limit=limit, offset=end, brief=brief or None)
        more = f"Rows {offset + 1}–{end} of {len(figures)}; call {following}."
    elif offset and offset >= len(figures):
        more = f"There are {len(figures)} rows; no row from {offset} on."
    cut = next(((at, row) for at, row in enumerate(said.get("rows", ()), offset) if row.other_citations), None)
    if more is None and cut is not None:
        at, row = cut
        alone = call("figures", **asked, limit=1, offset=at or None)
        whole = call("read_report", report_id=row.report_id)
        more = f"A figure stands in further places; call {alone if limit > 1 else whole}."
    return result.model_copy(update=said | {"more": more})


def _table(result: FiguresResult, wanted: Sequence[ResolvedFigure]) -> tuple[dict[str, Any], int]:
    names = {figure.metric_id: catalogue().name_or_id(figure.metric_id) for figure in wanted}
    # Of all metrics a report has, the ids in the lines say enough.
    named = result.model_copy(update={"names": names if len(names) == 1 else {}})
    table, in_all, lines = table_of([_cells(figure) for figure in wanted], Room(named, _RESERVE))
    return {"table": table, "in_all": in_all, "names": named.names}, lines


def _cells(figure: ResolvedFigure) -> Mapping[str, Any]:
    values = dict.fromkeys(as_number(reading.value) for reading in figure.readings)
    return {
        "report": figure.report_id[:ID_LENGTH],
        "body": figure.body,
        "year": figure.year,
        "metric": figure.metric_id,
        "value": as_number(figure.value),
        "unit": figure.unit,
        "state": figure.state.value,
        "readings": " / ".join(map(str, values)) if len(values) > 1 else "",
    }


def _rows(
    result: FiguresResult, wanted: Sequence[ResolvedFigure], texts: Mapping[str, str], limit: int
) -> tuple[dict[str, Any], int]:
    room, rows, names = Room(result, _RESERVE), list[FigureRow](), dict[str, str]()
    for figure in wanted:
        row = _row(figure, texts[figure.report_id], _MOST_READINGS_ALONE if limit == 1 else MOST_READINGS)
        name = catalogue().name_or_id(figure.metric_id)
        room.left -= 0 if figure.metric_id in names else len(figure.metric_id) + len(name) + 6
        if not room.take(row) and rows:
            break
        rows.append(row)
        names[figure.metric_id] = name
    return {"rows": tuple(rows), "names": names}, len(rows)


def _row(figure: ResolvedFigure, text: str, most: int) -> FigureRow:
    return FigureRow(
        report_id=figure.report_id,
        body=figure.body,
        year=figure.year,
        metric=figure.metric_id,
        value=as_number(figure.value),
        unit=figure.unit,
        state=figure.state.value,
        citations=tuple(_reading(reading, text) for reading in figure.readings[:most]),
        other_citations=max(0, len(figure.readings) - most),
    )


def _reading(reading: Figure, text: str) -> FigureReading:
    quote = text[reading.start : reading.end]
    return FigureReading(
        id=place_id(reading.report_id, reading.start, reading.end, text),
        value=as_number(reading.value),
        quote=shortened(quote, _LONGEST_QUOTE),
        start=reading.start,
        end=reading.end,
    )
