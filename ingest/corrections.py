"""What people correct of a report, laid over what was read from it.

A correction never changes what was read: it is laid over it each time, so that it can be taken back, and so that it
holds when the report is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ingest.checking.checks import check_report
from ingest.checking.derivation import derive
from ingest.identity import body_names
from ingest.identity.identity import body_id
from ingest.identity.regions import region_of
from vectorstore.body_names import short_names
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_text
from vectorstore.records import (
    Body,
    CorrectedField,
    Correction,
    Figure,
    Kind,
    Origin,
    ReportContents,
    Span,
    State,
)
from vectorstore.resolution import resolve

if TYPE_CHECKING:
    from vectorstore.writer import Writer


def keep(writer: Writer, contents: ReportContents, corrections: Sequence[Correction] = ()) -> ReportContents:
    """Put a report as it was read, with its corrections laid over it; the result is what was put.

    Args:
        corrections: Those of this report.

    Raises:
        ValueError: As ``Writer.put``.
    """
    if not corrections:
        writer.put(contents)
        return contents
    mended = corrected(contents, corrections)
    writer.put(mended, uncorrected=contents)
    return mended


def corrected(contents: ReportContents, corrections: Iterable[Correction]) -> ReportContents:
    """A report as it was read with corrections laid over it. Pure; with none it is the report itself.

    Of two corrections of one thing the later one (by number) holds. A figure whose place can't be found any more in
    the report's text stays as it was read: ``outdated`` says so.
    """
    ordered = sorted(corrections, key=lambda correction: correction.number)
    if not ordered:
        return contents
    latest = {(c.field, c.metric_id): c for c in ordered}
    fields = {field: c for (field, metric_id), c in latest.items() if metric_id is None}
    moved = _with_identity(contents, fields)
    figures = [c for c in latest.values() if c.field is CorrectedField.FIGURE]
    return _with_figures(moved, figures)


def outdated(contents: ReportContents, corrections: Iterable[Correction]) -> list[str]:
    """A sentence for each correction that was made against another reading than this one, or that has no place in it.

    Args:
        contents: As read, uncorrected.
    """
    sentences = []
    for correction in sorted(corrections, key=lambda c: c.number):
        now = current_value(contents, correction.field, correction.metric_id)
        if correction.field is CorrectedField.FIGURE and place_of(contents, correction) is None:
            sentences.append(
                f"更正{correction.number}（{_subject(correction)}）未生效："
                "报告原文中已找不到它所引的内容，请附上原文中写明它的句子，重新更正。"
            )
        elif now != correction.former:
            sentences.append(
                f"更正{correction.number}（{_subject(correction)}）作出时读到的是{_shown(correction.former)}，"
                f"现在读到的是{_shown(now)}；仍按更正后的{_shown(correction.value)}。"
            )
    return sentences


def current_value(contents: ReportContents, field: CorrectedField, metric_id: str | None = None) -> str | None:
    """What a report says of a field, as a correction writes it; of a figure, of the issuer in the report's year."""
    report = contents.report
    match field:
        case CorrectedField.BODY:
            return report.body
        case CorrectedField.KIND:
            return report.kind.value
        case CorrectedField.REGION:
            return report.region
        case CorrectedField.YEAR:
            return None if report.year is None else str(report.year)
    readings = _readings(contents, metric_id or "")
    resolved = resolve(readings)
    return plain(resolved[0].value) if resolved else None


def plain(value: Decimal | None) -> str | None:
    """A value in plain digits: 12, 59237.2449."""
    return None if value is None else f"{value:f}"


def number_of(written: str) -> Decimal | None:
    """The value that a person writes: 1,234 or １２; ``None`` where it is no number."""
    digits = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", fold_text(written).strip())
    try:
        return Decimal(digits) if re.fullmatch(r"-?\d+(?:\.\d+)?", digits) else None
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a corrected figure is cited; ``reading`` is what was read there."""

    span: Span
    reading: Figure | None


def place_of(contents: ReportContents, correction: Correction) -> _Place | None:
    """Where the text states the corrected figure: at the correction's quote, else where it was read."""
    readings = _readings(contents, correction.metric_id or "")
    if correction.quote:
        span = find_quote(contents.text, correction.quote)
        return _Place(span, None) if span else None
    if not readings:
        return None
    settled = resolve(readings)[0]
    first = next((r for r in settled.readings if r.value == settled.value), settled.readings[0])
    return _Place(Span(first.start, first.end), first)


def find_quote(text: str, quote: str) -> Span | None:
    """Where the quote first stands in the text, white space aside; ``None`` where it doesn't."""
    wanted = "".join(quote.split())
    places = [at for at, character in enumerate(text) if not character.isspace()]
    found = "".join(text.split()).find(wanted) if wanted else -1
    return Span(places[found], places[found + len(wanted) - 1] + 1) if found >= 0 else None


def _subject(correction: Correction) -> str:
    if correction.metric_id is None:
        return {"body": "机关", "kind": "机关类型", "region": "地区", "year": "年度"}[correction.field.value]
    try:
        return catalogue().name(correction.metric_id)
    except KeyError:
        return correction.metric_id


def _shown(value: str | None) -> str:
    return "（无）" if value is None else value


def _readings(contents: ReportContents, metric_id: str) -> list[Figure]:
    report = contents.report
    return [
        figure
        for figure in contents.figures
        if figure.metric_id == metric_id
        and figure.body_id == report.body_id
        and figure.year == report.year
        and figure.origin is not Origin.CORRECTED
    ]


def _with_identity(contents: ReportContents, fields: dict[CorrectedField, Correction]) -> ReportContents:
    report = contents.report
    body = _corrected_body(contents, fields)
    year = int(fields[CorrectedField.YEAR].value or 0) if CorrectedField.YEAR in fields else report.year

    def moved_year(said: int | None, *, is_relative: bool) -> int | None:
        if said == report.year:
            return year
        # "较去年减少1件" speaks of the year before, whichever that is; a year that is written out stays.
        if is_relative and said is not None and report.year is not None and year is not None:
            return said + year - report.year
        return said

    def moved_body(said: str) -> str:
        return body.body_id if said == report.body_id else said

    return replace(
        contents,
        report=replace(report, body_id=body.body_id, body=body.name, kind=body.kind, region=body.region, year=year),
        body=body,
        other_bodies=tuple(other for other in contents.other_bodies if other.body_id != body.body_id),
        figures=tuple(
            replace(
                figure,
                body_id=moved_body(figure.body_id),
                year=moved_year(figure.year, is_relative=figure.state is State.DERIVED),
            )
            for figure in contents.figures
        ),
        mentions=tuple(
            replace(mention, body_id=moved_body(mention.body_id), year=moved_year(mention.year, is_relative=False))
            for mention in contents.mentions
        ),
    )


def _corrected_body(contents: ReportContents, fields: dict[CorrectedField, Correction]) -> Body:
    report, read = contents.report, contents.body
    if not fields.keys() & {CorrectedField.BODY, CorrectedField.KIND, CorrectedField.REGION}:
        return read
    name, kind, region = read.name, read.kind, read.region
    if CorrectedField.BODY in fields:
        name = fields[CorrectedField.BODY].value or name
        kind = body_names.kind_of(name)
    if CorrectedField.KIND in fields:
        kind = Kind(fields[CorrectedField.KIND].value or kind)
    if CorrectedField.REGION in fields:
        region = fields[CorrectedField.REGION].value
    elif CorrectedField.BODY in fields:
        region = region_of(name, kind, contents.text, report.source, report.url or "") or region
    # What the report calls itself is still true where only the kind or the region was wrong.
    own = read.aliases if name == read.name else ()
    aliases = tuple(alias for alias in dict.fromkeys((*short_names(name, kind, region), *own)) if alias != name)
    return Body(body_id(name, kind, region), name, kind, region, aliases)


def _with_figures(contents: ReportContents, corrections: Sequence[Correction]) -> ReportContents:
    """With the corrected figures beside those that were read, and sums and checks made again from them."""
    added = [figure for c in corrections if (figure := _corrected_figure(contents, c)) is not None]
    sums = _sums(contents.figures)
    stated = [figure for figure in contents.figures if figure not in sums]
    after = _as_if_read(stated, added)
    derived = derive(after) if added else tuple(figure for figure in contents.figures if figure in sums)
    figures = sorted((*stated, *added, *derived), key=lambda figure: figure.place)
    checks = check_report(contents.report, contents.text, (*after, *derived), contents.mentions)
    return replace(contents, figures=tuple(figures), checks=checks)


def _sums(figures: Sequence[Figure]) -> set[Figure]:
    """Those that were derived by adding up the tables' cells."""
    metrics = catalogue().metrics
    return {
        figure
        for figure in figures
        if figure.origin is Origin.DERIVED and figure.metric in metrics and metrics[figure.metric].sum_of
    }


def _as_if_read(stated: Sequence[Figure], added: Sequence[Figure]) -> list[Figure]:
    """The figures as sums and checks shall see them: a corrected one in place of what was read."""
    replaced = {(figure.body_id, figure.year, figure.metric_id) for figure in added}
    kept = [figure for figure in stated if (figure.body_id, figure.year, figure.metric_id) not in replaced]
    metrics = catalogue().metrics
    return kept + [
        replace(figure, origin=Origin.TABLE if metrics[figure.metric].table else Origin.NARRATIVE) for figure in added
    ]


def _corrected_figure(contents: ReportContents, correction: Correction) -> Figure | None:
    place = place_of(contents, correction)
    if place is None or correction.metric_id is None:
        return None
    try:
        metric, column = catalogue().split(correction.metric_id)
    except KeyError:
        return None  # of a catalogue that had it
    report, reading = contents.report, place.reading
    value = None if correction.value is None else Decimal(correction.value)
    return Figure(
        report_id=report.report_id,
        body_id=report.body_id,
        metric=metric.id,
        column=column,
        year=report.year,
        value=value,
        state=State.UNREADABLE if value is None else State.STATED,
        unit=reading.unit if reading else metric.unit,
        origin=Origin.CORRECTED,
        start=place.span.start,
        end=place.span.end,
        cell=reading.cell if reading else None,
        page=reading.page if reading else None,
        note=_note(contents, correction),
    )


def _note(contents: ReportContents, correction: Correction) -> str:
    was = "原未读出" if correction.former is None else f"原为{correction.former}"
    now = current_value(contents, CorrectedField.FIGURE, correction.metric_id)
    changed = "" if now == correction.former else f"；现在读到的是{_shown(now)}"
    return f"由{correction.made_by}于{correction.made_on}更正：{was}；理由：{correction.why}{changed}"
