"""What an index holds, as tables to export: its figures and its reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.export.characters import number_text
from assistant.export.columns import column
from assistant.export.document import Cell, ExportDocument, ExportTable
from assistant.export.gbt7714 import gbt7714
from assistant.export.references import ReferenceList, refer_to
from assistant.export.words import say
from assistant.plan import Language
from vectorstore.catalogue import catalogue, kind_name
from vectorstore.records import Origin, Report, ResolvedFigure, Span

_FIGURE_COLUMNS = (
    "body", "kind", "region", "year", "metric", "value", "unit", "readings", "state", "evidence", "metric_id",
    "report_id",
)  # fmt: skip
_REPORT_COLUMNS = (
    "title", "body", "kind", "region", "year", "issued_on", "reference", "url", "source", "report_id",
)  # fmt: skip


def figure_document(
    figures: Sequence[ResolvedFigure],
    reports: Mapping[str, Report],
    read_text: Callable[[str], str],
    language: Language = "zh",
) -> ExportDocument:
    """Figures, one a row, each with every place that states it.

    Args:
        reports: By id, those that state them.
        read_text: Gives the canonical text of a report id.
    """
    cited = ReferenceList()
    rows: list[tuple[Cell, ...]] = []
    for figure in figures:
        report, text = reports[figure.report_id], read_text(figure.report_id)
        numbers = tuple(
            cited.cite(report, text, Span(one.start, one.end), one.page)
            for one in figure.readings
            if one.end > one.start
        )
        stated = dict.fromkeys(number_text(one.value) for one in figure.readings if one.value is not None)
        rows.append(
            (
                figure.body, kind_name(figure.kind, language), figure.region, figure.year,
                catalogue().name_or_id(figure.metric_id, language), figure.value, figure.unit,
                " / ".join(stated) if len(stated) > 1 else None, _state(figure, language),
                tuple(dict.fromkeys(numbers)), figure.metric_id, figure.report_id,
            )
        )  # fmt: skip
    title = say(language, "heading.figures")
    table = ExportTable(title, tuple(column(name, language) for name in _FIGURE_COLUMNS), rows)
    return ExportDocument(title, language, tables=(table,), references=cited.references)


def report_document(reports: Sequence[Report], language: Language = "zh") -> ExportDocument:
    """Reports, one a row, each with the reference to print."""
    rows = [
        (
            one.title, one.body, kind_name(one.kind, language), one.region, one.year, one.issued_on,
            gbt7714(refer_to(one)), one.url, one.source, one.report_id,
        )
        for one in reports
    ]  # fmt: skip
    title = say(language, "heading.reports")
    columns = tuple(column(name, language) for name in _REPORT_COLUMNS)
    return ExportDocument(title, language, tables=(ExportTable(title, columns, rows),))


def _state(figure: ResolvedFigure, language: str) -> str:
    return say(language, "state.corrected" if figure.origin is Origin.CORRECTED else f"state.{figure.state.value}")
