"""What stands around a report: the other years of its body with their main figures, and the versions of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape, report_link
from ui.web.reports.compare_view import compare_link
from ui.web.reports.readings import reading_link, value_in_words
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, Report, ResolvedFigure, Scope

if TYPE_CHECKING:
    from vectorstore.index import Index

MAIN_METRICS = (
    "applications_new", "applications_carried_in", "result_granted", "result_total", "applications_carried_out",
    "review_total", "litigation_total", "proactive_total", "normative_docs_in_force", "licence_decisions",
    "penalty_decisions", "admin_fees_wan_yuan",
)  # fmt: skip
MOST_YEARS = 10


def reports_of_body(index: Index, report: Report) -> list[Report]:
    """All reports of its body, also those that later versions replaced, by year."""
    found = index.reports(Scope(body_ids=(report.body_id,), superseded=True))
    return sorted(found, key=lambda one: (one.year is None, one.year or 0, one.issued_on or ""))


def versions_of(report: Report, of_body: Sequence[Report]) -> list[Report]:
    """The earlier and later versions of a report, itself left out, in no order but that of the body's reports."""
    linked = {report.report_id}
    grown = -1
    while grown != len(linked):
        grown = len(linked)
        for one in of_body:
            if one.report_id in linked and one.superseded_by:
                linked.add(one.superseded_by)
            elif one.superseded_by in linked:
                linked.add(one.report_id)
    return [one for one in of_body if one.report_id in linked and one.report_id != report.report_id]


def render_years(index: Index, report: Report, words: Texts) -> str:
    """The body's reports year by year beside one another, and the versions."""
    of_body = reports_of_body(index, report)
    shown = [one for one in of_body if one.superseded_by is None or one.report_id == report.report_id]
    shown = [one for one in shown if one.year is not None][-MOST_YEARS:]
    parts = []
    if len(shown) > 1:
        parts.append(_table(report, shown, _figures(index, report, shown), words))
    else:
        parts.append(f'<p class="nb-soft">{escape(words("reports.years_none"))}</p>')
    versions = versions_of(report, of_body)
    if versions:
        items = "".join(f"<li>{_version(report, one, words)}</li>" for one in versions)
        parts.append(f'<h3>{escape(words("reports.versions"))}</h3><ul class="nb-versions">{items}</ul>')
    return "".join(parts)


def _figures(index: Index, report: Report, shown: Sequence[Report]) -> dict[tuple[str, str], ResolvedFigure]:
    scope = Scope(body_ids=(report.body_id,), report_ids=tuple(one.report_id for one in shown))
    years = {one.report_id: one.year for one in shown}
    return {
        (figure.report_id, figure.metric_id): figure
        for figure in index.figures(scope, MAIN_METRICS)
        if figure.year in (years.get(figure.report_id), None)
    }


def _table(
    report: Report, shown: Sequence[Report], figures: Mapping[tuple[str, str], ResolvedFigure], words: Texts
) -> str:
    by_year: dict[int, list[Report]] = {}
    for one in shown:
        by_year.setdefault(one.year or 0, []).append(one)
    columns: list[Report | int] = []
    for year in range(min(by_year), max(by_year) + 1):
        columns.extend(by_year.get(year, []) or [year])
    heads = "".join(_head(report, column, words) for column in columns)
    lines = []
    for metric in MAIN_METRICS:
        if not any((one.report_id, metric) in figures for one in shown):
            continue
        cells = "".join(_cell(column, metric, report, figures, words) for column in columns)
        name = escape(catalogue().name_or_id(metric, words.language))
        lines.append(f'<tr><th scope="row" class="nb-stay">{name}</th>{cells}</tr>')
    return (
        f'<div class="nb-scroll" tabindex="0" role="region" aria-label="{escape(words("reports.years"))}">'
        f'<table class="nb-grid nb-year-by-year"><thead><tr><td class="nb-stay"></td>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _head(report: Report, column: Report | int, words: Texts) -> str:
    if isinstance(column, int):
        return f'<th scope="col" class="nb-number"><span class="nb-unknown">{column}</span></th>'
    if column.report_id == report.report_id:
        return f'<th scope="col" class="nb-number nb-this" aria-current="true">{column.year}</th>'
    compare = compare_link(report.report_id, column.report_id)
    return (
        f'<th scope="col" class="nb-number"><a href="{report_link(column.report_id)}">{column.year}</a> '
        f'<a class="nb-compare-year" href="{compare}">{escape(words("reports.compare"))}</a></th>'
    )


def _cell(
    column: Report | int, metric: str, report: Report, figures: Mapping[tuple[str, str], ResolvedFigure], words: Texts
) -> str:
    if isinstance(column, int):
        return f'<td class="nb-number nb-unknown">{escape(words("state.missing"))}</td>'
    this = " nb-this" if column.report_id == report.report_id else ""
    figure = figures.get((column.report_id, metric))
    if figure is None:
        return f'<td class="nb-number nb-unknown{this}">{escape(words("state.silent"))}</td>'
    value = value_in_words(figure, words)
    return f'<td class="nb-number{this}"><a href="{reading_link(_stating(figure))}">{value}</a></td>'


def _stating(figure: ResolvedFigure) -> Figure:
    return next((reading for reading in figure.readings if reading.value == figure.value), figure.readings[0])


def _version(report: Report, other: Report, words: Texts) -> str:
    is_later = report.superseded_by is not None and other.superseded_by is None
    said = words("reports.version_later" if is_later else "reports.version_other")
    compare = compare_link(other.report_id, report.report_id)
    about = " · ".join(part for part in (other.issued_on, other.source) if part)
    return (
        f'{escape(said)} <a href="{report_link(other.report_id)}" lang="zh">{escape(other.title)}</a> '
        f'<span class="nb-soft">{escape(about)}</span> <a href="{compare}">{escape(words("reports.compare"))}</a>'
    )
