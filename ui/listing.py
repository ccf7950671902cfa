"""Records as plain JSON values: what ``--json`` prints, and what other programs may rely on.

Numbers are JSON numbers (an integer where the value is one); an unknown value is null and its state says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from vectorstore.catalogue import catalogue
from vectorstore.check_rules import rule_of
from vectorstore.records import (
    Body,
    Check,
    CheckSide,
    CorrectedField,
    Correction,
    Figure,
    Hit,
    RegisteredBody,
    Report,
    ResolvedFigure,
)

_FIELDS = {
    CorrectedField.BODY: "机关",
    CorrectedField.KIND: "机关类型",
    CorrectedField.REGION: "地区",
    CorrectedField.YEAR: "年度",
}
ReadText = Callable[[str], str]
"""Gives the canonical text of a report id."""


def number(value: Decimal | None) -> int | float | None:
    """A JSON number, or null where the value is unknown."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def report_record(report: Report) -> dict[str, Any]:
    """One element of ``reports --json``."""
    return {
        "report_id": report.report_id,
        "title": report.title,
        "body": report.body,
        "body_id": report.body_id,
        "kind": report.kind.value,
        "region": report.region,
        "year": report.year,
        "source": report.source,
        "sources": list(report.sources or ((report.source,) if report.source else ())),
        "issued_on": report.issued_on,
        "period": list(report.period) if report.period else None,
        "tables": list(report.tables),
        "pictures": report.pictures,
        "characters": report.characters,
        "url": report.url,
        "retrieved_on": report.retrieved_on,
        "superseded_by": report.superseded_by,
        "warnings": list(report.warnings),
    }


def correction_record(correction: Correction) -> dict[str, Any]:
    """One element of ``correct --list --json`` and of a report's ``corrections``."""
    return {
        "number": correction.number,
        "report_id": correction.report_id,
        "field": correction.field.value,
        "metric": correction.metric_id,
        "value": correction.value,
        "former": correction.former,
        "by": correction.made_by,
        "on": correction.made_on,
        "why": correction.why,
        "quote": correction.quote,
        "former_id": correction.former_id,
    }


def correction_line(correction: Correction) -> str:
    """A correction in one line, as a person reads it in a list."""
    what = catalogue().name_or_id(correction.metric_id) if correction.metric_id else _FIELDS[correction.field]
    former = "（无）" if correction.former is None else correction.former
    value = "无法辨认" if correction.value is None else correction.value
    return (
        f"{correction.number}  {correction.report_id}  更正 {what}：{former} → {value}"
        f"（{correction.made_by}，{correction.made_on}：{correction.why}）"
    )


def section_record(report: Report) -> list[dict[str, Any]]:
    """The sections of a report, for ``report ID --json``."""
    return [
        {
            "heading": s.heading,
            "level": s.level,
            "role": s.role.value if s.role else None,
            "start": s.start,
            "end": s.end,
        }
        for s in report.sections
    ]


def body_record(body: Body, years: list[int]) -> dict[str, Any]:
    """One element of ``bodies --json``; ``years`` are those that the index holds reports of."""
    return {
        "body_id": body.body_id,
        "name": body.name,
        "aliases": list(body.aliases),
        "kind": body.kind.value,
        "region": body.region,
        "years": years,
    }


def registered_record(entry: RegisteredBody, years_of: Mapping[str, Collection[int]]) -> dict[str, Any]:
    """One element of ``register --show --json``.

    Args:
        years_of: By body id, the years that the index holds reports of.
    """
    reported = {year for body in entry.bodies for year in years_of.get(body.body_id, ())}
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "region": entry.region,
        "from": entry.first_year,
        "to": entry.last_year,
        "bodies": [{"body_id": body.body_id, "name": body.name} for body in entry.bodies],
        "years": sorted(reported),
    }


def reading_record(reading: Figure, text: str) -> dict[str, Any]:
    """One place that states a figure, with its own value: where readings differ, so do these."""
    cell = reading.cell
    cell_record = {"row": cell.row, "column": cell.column, "start": cell.start, "end": cell.end} if cell else None
    return {
        "start": reading.start,
        "end": reading.end,
        "quote": text[reading.start : reading.end],
        "cell": cell_record,
        "page": reading.page,
        "value": number(reading.value),
        "state": reading.state.value,
        "origin": reading.origin.value,
        "qualifier": reading.qualifier,
        "note": reading.note,
    }


def figure_record(figure: ResolvedFigure, read_text: ReadText) -> dict[str, Any]:
    """One element of ``figures --json``."""
    text = read_text(figure.report_id)
    return {
        "report_id": figure.report_id,
        "body": figure.body,
        "body_id": figure.body_id,
        "kind": figure.kind.value,
        "region": figure.region,
        "year": figure.year,
        "metric": figure.metric_id,
        "name": catalogue().name_or_id(figure.metric_id),
        "value": number(figure.value),
        "unit": figure.unit,
        "state": figure.state.value,
        "origin": figure.origin.value,
        "citations": [reading_record(reading, text) for reading in figure.readings],
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """One element of ``search --json``."""
    passage, report = hit.passage, hit.report
    return {
        "passage_id": passage.passage_id,
        "report_id": report.report_id,
        "title": report.title,
        "body": report.body,
        "kind": report.kind.value,
        "region": report.region,
        "year": report.year,
        "section": passage.section,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "source": report.source,
        "sentences": [{"start": span.start, "end": span.end, "text": passage.quote(span)} for span in hit.sentences],
        "repeats": list(hit.repeats),
        "share": hit.share,
        "likelihood": hit.likelihood,
        "score": hit.score,
        "scores": dict(hit.scores),
    }


def excerpt(hit: Hit) -> list[str]:
    """The sentences of a passage that answer, one a line; the whole passage where none does more than the others."""
    quotes = [hit.passage.quote(span) for span in hit.sentences] or [hit.passage.text]
    return [" ".join(quote.split()) for quote in quotes]


def _side_record(side: CheckSide, check: Check, read_text: ReadText) -> dict[str, Any]:
    report_id = side.report_id or check.report_id
    text = read_text(report_id)
    return {
        "label": side.label,
        "value": number(side.value),
        "citations": [
            {"report_id": report_id, "start": s.start, "end": s.end, "quote": s.of(text)} for s in side.spans
        ],
    }


_LONGEST_QUOTE = 40


def side_in_words(side: CheckSide, check: Check, read_text: ReadText) -> str:
    """A side for people: what it is, its value, and the beginning of the words that state it."""
    text = read_text(side.report_id or check.report_id)
    quote = " ".join(" ".join(span.of(text) for span in side.spans).split())
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[:_LONGEST_QUOTE] + "…"
    value = "" if side.value is None else f"{side.value:f}"
    return " ".join(part for part in (side.label, value, f"“{quote}”" if quote else "") if part)


def check_record(check: Check, report: Report, read_text: ReadText) -> dict[str, Any]:
    """One element of ``checks --json``; ``holds`` is null where a side is unknown.

    A side's citations name their report: the year before's figures stand in another one.
    """
    rule = rule_of(check.rule)
    return {
        "report_id": check.report_id,
        "body": report.body,
        "year": report.year,
        "rule": check.rule,
        "name": rule.name_zh,
        "sort": rule.sort,
        "severity": rule.severity,
        "subject": check.subject,
        "holds": check.holds,
        "left": _side_record(check.left, check, read_text),
        "right": _side_record(check.right, check, read_text),
    }
