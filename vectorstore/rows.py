"""Records to rows of the tables and back. Values travel as text, so that a Decimal comes back exactly as it went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from vectorstore.folding import fold_text
from vectorstore.records import (
    Body,
    CellReference,
    Check,
    CheckSide,
    CorrectedField,
    Correction,
    Figure,
    Finding,
    Kind,
    Mention,
    Origin,
    Passage,
    RegisteredBody,
    Report,
    ReportPicture,
    Section,
    SectionRole,
    SourceFile,
    Span,
    State,
    Verdict,
)

Row = dict[str, Any]

# Looking a member up in a dictionary costs a third of calling the enumeration.
_STATES = {state.value: state for state in State}
_ORIGINS = {origin.value: origin for origin in Origin}
_KINDS = {kind.value: kind for kind in Kind}
_ROLES: dict[str | None, SectionRole | None] = {None: None} | {role.value: role for role in SectionRole}


def exact(value: Decimal | None) -> str | None:
    """A value as text, so that it comes back exactly."""
    return None if value is None else str(value)


def number(value: Decimal | None) -> float | None:
    """A value as the number that SQL compares and adds."""
    return None if value is None else float(value)


def decimal(value: str | None) -> Decimal | None:
    """The value that `exact` wrote."""
    return None if value is None else Decimal(value)


def body_row(body: Body) -> Row:
    return {
        "body_id": body.body_id,
        "name": body.name,
        "folded_name": fold_text(body.name),
        "kind": body.kind.value,
        "region": body.region,
    }


def body_of(row: Any, aliases: Iterable[str]) -> Body:
    return Body(row.body_id, row.name, _KINDS[row.kind], row.region, tuple(aliases))


def report_row(report: Report, body_key: int) -> Row:
    return {
        "report_id": report.report_id,
        "body_key": body_key,
        "title": report.title,
        "body": report.body,
        "kind": report.kind.value,
        "region": report.region,
        "year": report.year,
        "period_start": report.period[0] if report.period else None,
        "period_end": report.period[1] if report.period else None,
        "issued_on": report.issued_on,
        "source": report.source,
        "sources": json.dumps(report.sources, ensure_ascii=False),
        "retrieved_on": report.retrieved_on,
        "pictures": report.pictures,
        "tables": json.dumps(report.tables),
        "characters": report.characters,
        "url": report.url,
        "superseded_by": report.superseded_by,
        "warnings": json.dumps(report.warnings, ensure_ascii=False),
    }


def report_of(row: Any, body_id: str, body: str, sections: Sequence[Section]) -> Report:
    return Report(
        report_id=row.report_id,
        title=row.title,
        body_id=body_id,
        body=body,
        kind=_KINDS[row.kind],
        region=row.region,
        year=row.year,
        period=(row.period_start, row.period_end) if row.period_start is not None else None,
        issued_on=row.issued_on,
        source=row.source,
        sources=tuple(json.loads(row.sources)),
        retrieved_on=row.retrieved_on,
        sections=sections,
        pictures=row.pictures,
        tables=tuple(json.loads(row.tables)),
        characters=row.characters,
        url=row.url,
        superseded_by=row.superseded_by,
        warnings=tuple(json.loads(row.warnings or "[]")),
    )


def picture_row(picture: ReportPicture, report_key: int, position: int) -> Row:
    return {
        "report_key": report_key,
        "position": position,
        "start": picture.start,
        "end": picture.end,
        "image": picture.image,
        "media_type": picture.media_type,
        "page": picture.page,
    }


def picture_of(row: Any) -> ReportPicture:
    return ReportPicture(row.start, row.end, row.image, row.media_type, row.page)


def correction_row(correction: Correction) -> Row:
    """Without the number, which the database gives."""
    return {
        "report_id": correction.report_id,
        "field": correction.field.value,
        "value": correction.value,
        "former": correction.former,
        "made_by": correction.made_by,
        "made_on": correction.made_on,
        "why": correction.why,
        "metric_id": correction.metric_id,
        "quote": correction.quote,
        "former_id": correction.former_id,
    }


def correction_of(row: Any) -> Correction:
    return Correction(
        row.number,
        row.report_id,
        CorrectedField(row.field),
        row.value,
        row.former,
        row.made_by,
        row.made_on,
        row.why,
        row.metric_id,
        row.quote,
        row.former_id,
    )


def verdict_row(verdict: Verdict) -> Row:
    return {
        "report_id": verdict.report_id,
        "rule": verdict.rule,
        "subject": verdict.subject,
        "left": verdict.left,
        "right": verdict.right,
        "finding": verdict.finding.value,
        "made_by": verdict.made_by,
        "made_on": verdict.made_on,
        "note": verdict.note,
        "former_id": verdict.former_id,
    }


def verdict_of(row: Any) -> Verdict:
    check = (row.report_id, row.rule, row.subject)
    made = (row.left, row.right, row.made_by, row.made_on, row.note, row.former_id)
    return Verdict(*check, Finding(row.finding), *made)


def registered_row(registered: RegisteredBody, position: int) -> Row:
    """Without the bodies that it is, which are looked for anew each time."""
    return {
        "position": position,
        "name": registered.name,
        "kind": registered.kind.value,
        "region": registered.region,
        "first_year": registered.first_year,
        "last_year": registered.last_year,
    }


def registered_of(row: Any) -> RegisteredBody:
    return RegisteredBody(row.name, _KINDS[row.kind], row.region, row.first_year, row.last_year)


def section_row(section: Section, report_key: int, position: int) -> Row:
    return {
        "report_key": report_key,
        "position": position,
        "heading": section.heading,
        "level": section.level,
        "role": section.role.value if section.role else None,
        "start": section.start,
        "end": section.end,
    }


def passage_row(passage: Passage, report_key: int) -> Row:
    return {
        "report_key": report_key,
        "passage_id": passage.passage_id,
        "section": passage.section,
        "role": passage.role.value if passage.role else None,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "tokens": passage.tokens,
        "page": passage.page,
        "is_table": passage.is_table,
    }


def passage_of(row: Any, report_id: str) -> Passage:
    return Passage(
        row.passage_id,
        report_id,
        row.section,
        _ROLES[row.role],
        row.text,
        row.start,
        row.end,
        row.tokens,
        row.page,
        bool(row.is_table),
    )


def figure_row(figure: Figure, resolved_key: int, position: int) -> Row:
    cell = figure.cell
    return {
        "resolved_key": resolved_key,
        "position": position,
        "value": exact(figure.value),
        "state": figure.state.value,
        "unit": figure.unit,
        "origin": figure.origin.value,
        "start": figure.start,
        "end": figure.end,
        "qualifier": figure.qualifier,
        "cell_row": cell.row if cell else None,
        "cell_column": cell.column if cell else None,
        "cell_start": cell.start if cell else None,
        "cell_end": cell.end if cell else None,
        "page": figure.page,
        "note": figure.note,
    }


def figure_of(row: Any, report_id: str, body_id: str, metric: str, column: str | None, year: int | None) -> Figure:
    """From the columns value, state, unit, origin, start, end, qualifier, the cell's four, page and note."""
    value, state, unit, origin, start, end, qualifier, cell_row, cell_column, cell_start, cell_end, page, note = row
    return Figure(
        report_id,
        body_id,
        metric,
        column,
        year,
        None if value is None else Decimal(value),
        _STATES[state],
        unit,
        _ORIGINS[origin],
        start,
        end,
        qualifier,
        None if cell_row is None else CellReference(cell_row, cell_column, cell_start, cell_end),
        page,
        note,
    )


def state_of(value: str) -> State:
    return _STATES[value]


def origin_of(value: str) -> Origin:
    return _ORIGINS[value]


def mention_row(mention: Mention, report_key: int, body_key: int) -> Row:
    return {
        "report_key": report_key,
        "body_key": body_key,
        "year": mention.year,
        "value": exact(mention.value),
        "number": number(mention.value),
        "unit": mention.unit,
        "counted": mention.counted,
        "folded_counted": fold_text(mention.counted),
        "qualifier": mention.qualifier,
        "start": mention.start,
        "end": mention.end,
    }


def mention_of(row: Any, report_id: str, body_id: str) -> Mention:
    return Mention(
        report_id,
        body_id,
        row.year,
        Decimal(row.value),
        row.unit,
        row.counted,
        row.qualifier,
        row.start,
        row.end,
    )


def check_row(check: Check, report_key: int, position: int) -> Row:
    row: Row = {
        "report_key": report_key,
        "position": position,
        "rule": check.rule,
        "subject": check.subject,
        "holds": check.holds,
    }
    for side, name in ((check.left, "left"), (check.right, "right")):
        row[f"{name}_label"] = side.label
        row[f"{name}_value"] = exact(side.value)
        row[f"{name}_spans"] = json.dumps([[span.start, span.end] for span in side.spans])
        row[f"{name}_report_id"] = side.report_id
    return row


def _side_of(label: str, value: str | None, spans: str, report_id: str | None) -> CheckSide:
    return CheckSide(label, decimal(value), tuple(Span(start, end) for start, end in json.loads(spans)), report_id)


def check_of(row: Any, report_id: str) -> Check:
    return Check(
        report_id,
        row.rule,
        row.subject,
        None if row.holds is None else bool(row.holds),
        _side_of(row.left_label, row.left_value, row.left_spans, row.left_report_id),
        _side_of(row.right_label, row.right_value, row.right_spans, row.right_report_id),
    )


def source_row(source: SourceFile) -> Row:
    return {
        "path": source.path,
        "size": source.size,
        "modified_ns": source.modified_ns,
        "digest": source.digest,
        "reader_version": source.reader_version,
        "report_id": source.report_id,
        "problem": source.problem,
        "content_id": source.content_id,
        "source": source.source,
        "manifest": source.manifest,
    }


def source_of(row: Any) -> SourceFile:
    stamp = (row.size, row.modified_ns, row.digest, row.reader_version)
    return SourceFile(row.path, *stamp, row.report_id, row.problem, row.content_id, row.source, row.manifest)
