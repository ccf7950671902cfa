"""An Answer as an agent reads it: its text, then as many rows as there is room for, with the places that they cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from assistant.answer import Answer, Citation, Row, WithoutValue
from assistant.tools.arguments import MOST_ROWS, Part
from assistant.tools.calls import Room, call, shortened
from assistant.tools.results import AnswerResult, AnswerRow, CoverageOfAnswer, Place, ReportWithoutValue, ToolResult
from assistant.tools.table import ID_LENGTH, table_of

LONGEST_TEXT = 3000
_WITHOUT_VALUE_SHOWN = 10
_OPTIONS_SHOWN = 6
_WARNINGS_SHOWN = 5
_CITATIONS_OF_ROW = 2
_LONGEST_CALL = 1000
_LONGEST_NOTE = 60
_RESERVE = 500
"""For the words of ``more`` beside its call, and for what an empty field takes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of an answer: of one part of it ``limit`` members from ``offset`` on."""

    history: Sequence[str] = ()
    offset: int = 0
    limit: int = MOST_ROWS
    brief: bool = False
    part: Part = "rows"


def answer_result(answer: Answer, wanted: Wanted) -> AnswerResult:
    """The part of the answer that is wanted, as far as there is room for it."""
    is_first = wanted.part == "rows" and wanted.offset == 0
    result = AnswerResult(
        question=answer.question,
        status=answer.status,
        text=shortened(answer.text, LONGEST_TEXT) if is_first else "",
        value=answer.value,
        unit=answer.unit,
        coverage=_coverage(answer, () if not is_first or wanted.brief else _silent(answer, 0, _WITHOUT_VALUE_SHOWN)),
        options=tuple(option.question for option in answer.options[:_OPTIONS_SHOWN]) if is_first else (),
        warnings=tuple(answer.warnings[:_WARNINGS_SHOWN]) if is_first else (),
        resolved=answer.resolved,
    )
    room = Room(result, _RESERVE + len(_following(answer, wanted, len(answer.text), "citations")))
    if wanted.part == "text":
        return result.model_copy(update=_text(answer, wanted))
    if wanted.part == "citations":
        return result.model_copy(update=_citations(answer, wanted, room))
    if wanted.part == "silent":
        return result.model_copy(update=_without_value(answer, wanted, room))
    return result.model_copy(update=_table(answer, wanted, room) if wanted.brief else _rows(answer, wanted, room))


def _rows(answer: Answer, wanted: Wanted, room: Room) -> dict[str, Any]:
    """Rows, each with the first of its places; after the last of them the places that only the text cites."""
    places, rows = dict[int, Place](), list[AnswerRow]()
    for row in answer.rows[wanted.offset : wanted.offset + wanted.limit]:
        short = _row(row, row.citations[:_CITATIONS_OF_ROW])
        new = {n: _place(answer.citations[n - 1]) for n in short.citations if n not in places}
        if not room.take(short, *(place.beside(short) for place in new.values())) and rows:
            break
        rows.append(short)
        places |= new
    left_out = 0
    if wanted.offset + len(rows) >= len(answer.rows):
        of_rows = {n for row in answer.rows for n in row.citations}
        for citation in answer.citations:
            if citation.n not in places and citation.n not in of_rows:
                place = _place(citation)
                if room.take(place):
                    places[citation.n] = place
                else:
                    left_out += 1
        left_out += sum(max(0, len(row.citations) - _CITATIONS_OF_ROW) for row in answer.rows)
    cited = tuple(place for _, place in sorted(places.items()))
    return {"rows": tuple(rows), "citations": cited, "more": _more(answer, wanted, len(rows), left_out)}


def _table(answer: Answer, wanted: Wanted, room: Room) -> dict[str, Any]:
    some = answer.rows[wanted.offset : wanted.offset + wanted.limit]
    table, in_all, lines = table_of([_cells(row) for row in some], room)
    return {"table": table, "in_all": in_all, "more": _more(answer, wanted, lines, 0)}


def _cells(row: Row) -> Mapping[str, Any]:
    return {
        "report": (row.report_id or "")[:ID_LENGTH],
        "body": row.body,
        "year": row.year,
        "label": None if row.label == row.body else row.label,
        "metric": row.metric,
        "value": row.value,
        "unit": row.unit,
        "state": row.state,
        "readings": " / ".join(map(str, row.readings)),
        "note": shortened(row.note or "", _LONGEST_NOTE),
    }


def _text(answer: Answer, wanted: Wanted) -> dict[str, Any]:
    end = wanted.offset + LONGEST_TEXT
    more = _onward(answer, wanted, "Characters", min(end, len(answer.text)), len(answer.text))
    return {"text": answer.text[wanted.offset : end], "more": more}


def _citations(answer: Answer, wanted: Wanted, room: Room) -> dict[str, Any]:
    """All places, row by row, each row with those of them that are shown; then those that only the text cites."""
    cited: list[tuple[Row | None, int]] = [(row, n) for row in answer.rows for n in row.citations]
    of_rows = {n for _, n in cited}
    cited += [(None, citation.n) for citation in answer.citations if citation.n not in of_rows]
    places, numbers, rows = dict[int, Place](), dict[int, list[int]](), dict[int, Row]()
    shown = 0
    for row, n in islice(cited, wanted.offset, wanted.offset + wanted.limit):
        place = _place(answer.citations[n - 1])
        needed: list[ToolResult] = [] if n in places else [place.beside(None if row is None else _row(row, ()))]
        if row is not None and id(row) not in rows:
            needed.append(_row(row, ()))
        if not room.take(*needed, spare=len(str(n)) + 1) and shown:
            break
        shown += 1
        places[n] = place
        if row is not None:
            rows[id(row)] = row
            numbers.setdefault(id(row), []).append(n)
    return {
        "rows": tuple(_row(row, numbers[key]) for key, row in rows.items()),
        "citations": tuple(place for _, place in sorted(places.items())),
        "more": _onward(answer, wanted, "Places", wanted.offset + shown, len(cited)),
    }


def _without_value(answer: Answer, wanted: Wanted, room: Room) -> dict[str, Any]:
    total = len(answer.coverage.without_value)
    if wanted.brief:
        some = answer.coverage.without_value[wanted.offset : wanted.offset + wanted.limit]
        table, in_all, shown = table_of([_cells_of_silent(one) for one in some], room)
        said: dict[str, Any] = {"table": table, "in_all": in_all}
    else:
        silent = list[ReportWithoutValue]()
        for one in _silent(answer, wanted.offset, wanted.limit):
            if not room.take(one) and silent:
                break
            silent.append(one)
        shown, said = len(silent), {"coverage": _coverage(answer, tuple(silent))}
    return said | {"more": _onward(answer, wanted, "Reports without a value", wanted.offset + shown, total)}


def _cells_of_silent(one: WithoutValue) -> Mapping[str, Any]:
    return {"report": one.report_id[:ID_LENGTH], "body": one.body, "year": one.year, "value": None, "state": one.state}


def _more(answer: Answer, wanted: Wanted, shown: int, citations_left: int) -> str | None:
    """What a page of rows leaves out: further rows, else what else of the answer had no room."""
    end = wanted.offset + shown
    if end < len(answer.rows) or (answer.rows and wanted.offset >= len(answer.rows)):
        return _onward(answer, wanted, "Rows", end, len(answer.rows))
    silent = len(answer.coverage.without_value)
    left: dict[Part, tuple[str, int]] = {}
    if len(answer.text) > LONGEST_TEXT:
        left["text"] = f"{len(answer.text) - LONGEST_TEXT} characters of the text", LONGEST_TEXT
    if citations_left:
        left["citations"] = f"{citations_left} cited places", 0
    if silent > _WITHOUT_VALUE_SHOWN or (silent and wanted.brief):
        shown_silent = 0 if wanted.brief else _WITHOUT_VALUE_SHOWN
        left["silent"] = f"{silent - shown_silent} reports without a value", shown_silent
    options = len(answer.options) - _OPTIONS_SHOWN
    said = [f"{what} (part={part})" for part, (what, _) in left.items()]
    said += [f"{options} options"] if options > 0 else []
    said += [f"{warnings} warnings"] if (warnings := len(answer.warnings) - _WARNINGS_SHOWN) > 0 else []
    if not said:
        return None
    if not left:
        return f"Left out: {', '.join(said)}; ask of one year, one body or one matter."
    part, (_, offset) = next(iter(left.items()))
    return f"Left out: {', '.join(said)}; {_following(answer, wanted, offset, part)}."


def _onward(answer: Answer, wanted: Wanted, what: str, end: int, total: int) -> str | None:
    """The call that goes on within a part; ``None`` at its end."""
    if wanted.offset and wanted.offset >= total:
        return f"{what}: there are {total}, none from {wanted.offset} on."
    if end >= total:
        return None
    following = _following(answer, wanted, end, wanted.part)
    return f"{what} {wanted.offset + 1}–{end} of {total}; {following}."


def _following(answer: Answer, wanted: Wanted, offset: int, part: Part) -> str:
    """The call of what is next; in words where it would be long."""
    settings = {
        "limit": None if wanted.limit == MOST_ROWS else wanted.limit,
        "brief": wanted.brief or None,
        "part": None if part == "rows" else part,
        "offset": offset or None,
    }
    written = call("ask", question=answer.question, history=list(wanted.history), **settings)
    if len(written) <= _LONGEST_CALL:
        return f"call {written}"
    given = ", ".join(f"{name}={value}" for name, value in settings.items() if value is not None)
    return f"ask the same with the same history and {given}"


def _silent(answer: Answer, offset: int, limit: int) -> tuple[ReportWithoutValue, ...]:
    return tuple(
        ReportWithoutValue(report_id=one.report_id, body=one.body, year=one.year, state=one.state)
        for one in answer.coverage.without_value[offset : offset + limit]
    )


def _coverage(answer: Answer, silent: tuple[ReportWithoutValue, ...]) -> CoverageOfAnswer:
    coverage = answer.coverage
    return CoverageOfAnswer(
        in_scope=coverage.in_scope,
        parts=coverage.parts,
        missing=coverage.missing,
        without_value=silent,
        and_others=len(coverage.without_value) - len(silent),
    )


def _row(row: Row, citations: Sequence[int]) -> AnswerRow:
    return AnswerRow(
        body=row.body,
        year=row.year,
        label=row.label,
        metric=row.metric,
        value=row.value,
        unit=row.unit,
        state=row.state,
        readings=row.readings,
        note=row.note,
        report_id=row.report_id,
        citations=tuple(citations),
        other_citations=len(row.citations) - len(citations),
    )


def _place(citation: Citation) -> Place:
    return Place(
        n=citation.n,
        id=citation.id,
        report_id=citation.report_id,
        body=citation.body,
        year=citation.year,
        section=citation.section,
        quote=shortened(citation.quote),
        start=citation.start,
        end=citation.end,
        page=citation.page,
    )
