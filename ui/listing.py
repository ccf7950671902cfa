"""Records as plain JSON values: what ``--json`` prints, and what other programs may rely on.

Numbers are JSON numbers (an integer where the value is one); an unknown value is null and its state says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.answering.permanent_ids import place_id
from assistant.answering.wording import as_number
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
    Verdict,
)
from vectorstore.verdicts import Judgement

if TYPE_CHECKING:
    from assistant.answering.cited_places import Cited
    from vectorstore.index import Index

FIGURE_COLUMNS = (
    "report_id", "body", "kind", "region", "year", "metric", "name", "value", "unit", "state", "origin", "readings",
    "start", "end", "quote",
)  # fmt: skip
_FIELDS = {
    CorrectedField.BODY: "机关",
    CorrectedField.KIND: "机关类型",
    CorrectedField.REGION: "地区",
    CorrectedField.YEAR: "年度",
}
ReadText = Callable[[str], str]
"""Gives the canonical text of a report id."""


def text_reader(index: Index) -> ReadText:
    """Reads canonical texts, each once for what comes in the order of reports: a few in memory do for any corpus."""
    return lru_cache(maxsize=64)(index.text)


def format_number(value: float | None) -> str:
    """A number as it is read: 1234.5, 12; empty where it is unknown."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


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
        "id": place_id(reading.report_id, reading.start, reading.end, text),
        "start": reading.start,
        "end": reading.end,
        "quote": text[reading.start : reading.end],
        "cell": cell_record,
        "page": reading.page,
        "value": as_number(reading.value),
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
        "value": as_number(figure.value),
        "unit": figure.unit,
        "state": figure.state.value,
        "origin": figure.origin.value,
        "citations": [reading_record(reading, text) for reading in figure.readings],
    }


def readings_of(record: dict[str, Any]) -> list[str]:
    """The different values that a figure's record states, in the order of its report's text."""
    return list(dict.fromkeys(format_number(c["value"]) for c in record["citations"] if c["value"] is not None))


def figure_row(record: dict[str, Any]) -> list[Any]:
    """A figure's record as a line under ``FIGURE_COLUMNS``, with the first of its places."""
    first = record["citations"][0] if record["citations"] else {"start": None, "end": None, "quote": None}
    plain = {**record, **{name: first[name] for name in ("start", "end", "quote")}}
    plain["readings"] = "; ".join(readings_of(record))
    return [plain[column] for column in FIGURE_COLUMNS]


def hit_record(hit: Hit) -> dict[str, Any]:
    """One element of ``search --json``."""
    passage, report = hit.passage, hit.report
    return {
        "id": hit.id,
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
        "value": as_number(side.value),
        "citations": [
            {
                "id": place_id(report_id, s.start, s.end, text),
                "report_id": report_id,
                "start": s.start,
                "end": s.end,
                "quote": s.of(text),
            }
            for s in side.spans
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


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """One element of ``verdict --list --json``."""
    return {
        "report_id": verdict.report_id,
        "rule": verdict.rule,
        "subject": verdict.subject,
        "finding": verdict.finding.value,
        "left": verdict.left,
        "right": verdict.right,
        "made_by": verdict.made_by,
        "made_on": verdict.made_on,
        "note": verdict.note,
        "former_id": verdict.former_id,
    }


def judgement_record(judgement: Judgement) -> dict[str, Any] | None:
    """``verdict`` of an element of ``checks --json``; ``current`` is false where the values have changed since."""
    if judgement.verdict is None:
        return None
    record = verdict_record(judgement.verdict)
    kept = ("finding", "left", "right", "made_by", "made_on", "note")
    return {"current": judgement.is_current} | {name: record[name] for name in kept}


def cited_record(cited: Cited) -> dict[str, Any]:
    """What an id stands for, and the references to it; of a whole report what is of a place is null."""
    from assistant.export.references import refer_to_cited
    from assistant.export.styles import in_all_styles

    place, report = cited.place, cited.report
    return {
        "id": cited.id,
        "report_id": report.report_id,
        "title": report.title,
        "body": report.body,
        "year": report.year,
        "section": None if place is None else place.section,
        "page": None if place is None else place.page,
        "quote": None if place is None else place.quote,
        "start": None if place is None else place.start,
        "end": None if place is None else place.end,
        "passage_id": None if place is None else place.passage_id,
        "moved": place is not None and place.moved,
        "superseded_by": report.superseded_by,
        "source": report.source,
        "url": report.url,
        "references": in_all_styles(refer_to_cited(cited)),
    }
