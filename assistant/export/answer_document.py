"""An answer as a document: its text, all its rows, who gave no value, and every citation with its quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from assistant.answer import Answer, Row
from assistant.answering.deferred import Deferred
from assistant.export.characters import exact, number_text, one_line
from assistant.export.columns import column
from assistant.export.document import Cell, ExportDocument, ExportTable, Paragraph
from assistant.export.readable import readable_rows
from assistant.export.references import refer_to_citation
from assistant.export.words import say
from vectorstore.catalogue import catalogue, kind_name
from vectorstore.records import Report

_ITEM = re.compile(r"[-•·]\s+")


def document_of(
    answer: Answer, reports: Mapping[str, Report], understood: str | None = None, made_on: date | None = None
) -> ExportDocument:
    """The document of an answer, in the answer's language.

    Rows and citations are made as a writer reaches them, and none is left out.

    Args:
        reports: By id: what is known of those that it cites. One that isn't there is referred to by what the
            citation says.
        understood: The plan as a sentence (`Assistant.restate`).
        made_on: The day to put on it.
    """
    language = answer.language
    return ExportDocument(
        title=one_line(answer.question),
        language=language,
        paragraphs=tuple(_paragraphs(answer)),
        tables=tuple(_tables(answer)),
        warnings=answer.warnings,
        coverage=tuple(_coverage(answer)),
        how=tuple(_how(answer, understood)),
        references=Deferred(refer_to_citation(one, reports.get(one.report_id)) for one in answer.citations),
        corpus=say(language, "corpus.line", **answer.corpus.model_dump()),
        made_on=made_on,
    )


def _paragraphs(answer: Answer) -> Iterator[Paragraph]:
    for line in answer.text.splitlines():
        if text := line.strip():
            item = _ITEM.match(text)
            yield Paragraph(text[item.end() :], True) if item else Paragraph(text)
    if answer.options:
        yield Paragraph(say(answer.language, "heading.options"))
        yield from (Paragraph(option.question, True) for option in answer.options)


def _how(answer: Answer, understood: str | None) -> Iterator[str]:
    if answer.resolved and answer.resolved != answer.question:
        yield say(answer.language, "how.resolved", question=answer.resolved)
    if understood and understood not in (answer.question, answer.resolved):
        yield say(answer.language, "how.understood", plan=understood)


def _coverage(answer: Answer) -> Iterator[str]:
    coverage, language = answer.coverage, answer.language
    if not answer.is_of_figures or not coverage.in_scope:
        return
    parts = [
        say(language, "coverage.part", state=say(language, f"state.{state}"), count=count)
        for state, count in coverage.parts.items()
    ]
    joined = say(language, "coverage.separator").join(parts)
    yield say(language, "coverage.reports", in_scope=coverage.in_scope, parts=joined)
    if coverage.missing:
        yield say(language, "coverage.missing", count=coverage.missing)


def _tables(answer: Answer) -> Iterator[ExportTable]:
    if answer.rows:
        yield _row_table(answer)
    without = answer.coverage.without_value
    if without and answer.is_of_figures:
        language = answer.language
        columns = tuple(column(name, language) for name in ("body", "year", "state", "report_id"))
        rows = [(one.body, one.year, say(language, f"state.{one.state}"), one.report_id) for one in without]
        yield ExportTable(say(language, "heading.without_value"), columns, rows)


def _row_table(answer: Answer) -> ExportTable:
    language = answer.language
    readable = readable_rows(answer)
    makers: dict[str, Callable[[Row], Cell]] = {
        "body": lambda row: row.body,
        "label": lambda row: row.label if row.label != row.body else None,
        "kind": lambda row: kind_name(row.kind, language) if row.kind else None,
        "region": lambda row: row.region,
        "year": lambda row: row.year,
        "metric": lambda row: catalogue().name_or_id(row.metric, language) if row.metric else None,
        "value": lambda row: exact(row.value),
        "unit": lambda row: row.unit,
        "readings": lambda row: " / ".join(number_text(exact(value) or 0) for value in row.readings) or None,
        "state": lambda row: say(language, f"state.{row.state}"),
        "note": lambda row: row.note,
        "evidence": lambda row: tuple(row.citations),
        "report_id": lambda row: row.report_id,
    }
    # Rows about words, such as the problems that recur, have no value and need not say so.
    has_values = any(row.value is not None or row.readings or row.state != "stated" for row in answer.rows)
    optional = {
        name: has_values if name in ("value", "state") else any(make(readable(row)) for row in answer.rows)
        for name, make in makers.items()
        if name not in ("body", "evidence")
    }
    names = [name for name in makers if optional.get(name, True)]
    columns = [column(name, language) for name in names]
    if not all(row.report_id for row in answer.rows):
        columns[0] = column("body_or_group", language)
    rows = Deferred(
        (tuple(makers[name](row) for name in names) for row in map(readable, answer.rows)), len(answer.rows)
    )
    return ExportTable(say(language, "heading.rows"), tuple(columns), rows)
