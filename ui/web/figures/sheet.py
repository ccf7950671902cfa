"""A whole table as a document to export: numbers as numbers, their states beside them, totals and sources apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from assistant.answering.observations import Observation
from assistant.export.characters import one_line, quoted_line
from assistant.export.document import Cell, Column, ExportDocument, ExportTable, Paragraph
from assistant.pivoting.pivot import Pivot
from assistant.pivoting.places import Place, place_of
from assistant.pivoting.totals import Shown, state_of
from ui.texts import Texts
from ui.web.figures.cells import why_in_words
from ui.web.figures.naming import full_name, table_name
from ui.web.numbers import number
from vectorstore.batches import batched
from vectorstore.catalogue import catalogue, kind_name
from vectorstore.index import Index

_PLACES = Decimal("0.000001")


def as_document(
    index: Index, pivot: Pivot, order: Sequence[int], words: Texts, made_on: date, *, with_sources: bool = True
) -> ExportDocument:
    """The table with what its totals rest on and where each of its numbers stands.

    Args:
        order: The positions of the rows to write, in that order.
        with_sources: Also where each number stands, which means reading every report.
    """
    name = table_name(pivot.request, words)
    tables: tuple[ExportTable, ...] = (as_table(pivot, order, words), _totals(pivot, words))
    if with_sources:
        tables += (_sources(index, pivot, order, words),)
    return ExportDocument(
        title=name,
        language=words.language,
        paragraphs=(Paragraph(name),),
        tables=tables,
        corpus=words("site.corpus", reports=len(index.reports()), bodies=len(index.bodies()), years="").strip(" ·"),
        made_on=made_on,
    )


def as_table(pivot: Pivot, order: Sequence[int], words: Texts) -> ExportTable:
    """The rows of a table: what each is, then for each column its number and, in words, what is known of it.

    Totals of columns are no rows of it, so that who adds a column up counts nothing twice.
    """
    of_bodies = pivot.request.rows == "body"
    columns = [Column(words(f"figures.rows_{pivot.request.rows}"))]
    if of_bodies:
        columns += [Column(words("column.kind")), Column(words("column.region"))]
    for column in pivot.columns:
        named = full_name(pivot, column, words)
        columns += [Column(named, "number"), Column(words("figures.column_state", name=named), "state")]
    rows: list[list[Cell]] = []
    for at in order:
        row = pivot.rows[at]
        cells: list[Cell] = [one_line(row.name)]
        if of_bodies:
            cells += ["" if row.kind is None else kind_name(row.kind, words.language), row.region or ""]
        for position in range(len(pivot.columns)):
            shown = pivot.cells.get((at, position))
            cells += [exported(None if shown is None else shown.value), state_in_words(pivot, shown, words)]
        rows.append(cells)
    return ExportTable(words("figures.sheet_of"), tuple(columns), rows)


def exported(value: Fraction | None) -> Decimal | int | None:
    """A value as a file holds it: exact, or to six decimals where it has no end."""
    if value is None:
        return None
    if value.denominator == 1:
        return value.numerator
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact if Fraction(exact) == value else exact.quantize(_PLACES)


def state_in_words(pivot: Pivot, shown: Shown | None, words: Texts) -> str:
    """What is known of a cell: of one figure its state and contradictory readings; of several what it rests on."""
    if shown is None:
        return words("state.missing")
    if not shown.is_comparable:
        return words("figures.legend_stock")
    figure = shown.figure
    if figure is None:
        return why_in_words(shown, words)
    return figure_in_words(figure, words)


def figure_in_words(figure: Observation, words: Texts) -> str:
    """The state of one figure, with its contradicting values, and the word that makes it approximate."""
    said = words(f"state.{state_of(figure)}")
    if figure.state == "conflicting":
        against = f" {words('figures.against')} "
        said += f": {against.join(number(value) for value in figure.values)}"
    elif figure.qualifier:
        said += f" ({figure.qualifier})"
    return said


def _totals(pivot: Pivot, words: Texts) -> ExportTable:
    heads = (
        Column(words("figures.column_what")), Column(words("figures.column_value"), "number"),
        Column(words("figures.column_counted"), "number"), Column(words("figures.column_without"), "number"),
        Column(words("figures.column_apart"), "number"), Column(words("column.state"), "state"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            full_name(pivot, column, words),
            exported(total.value),
            total.known - len(total.nested),
            total.reports - total.known,
            len(total.nested),
            why_in_words(total, words) if total.is_comparable else words("figures.legend_stock"),
        ]
        for column, total in zip(pivot.columns, pivot.totals, strict=True)
    ]
    return ExportTable(words("figures.sheet_totals"), heads, rows)


def _sources(index: Index, pivot: Pivot, order: Sequence[int], words: Texts) -> ExportTable:
    names = ("column.body", "column.year", "column.metric")
    more = ("column.source", "figures.column_report", "figures.column_place", "figures.column_quote")
    heads = (
        *(Column(words(name)) for name in names), Column(words("figures.column_value"), "number"),
        Column(words("column.state"), "state"), *(Column(words(name)) for name in more),
    )  # fmt: skip
    rows = [row for chunk in batched(_figures(pivot, order)) for row in _source_rows(index, chunk, words)]
    return ExportTable(words("figures.sheet_sources"), heads, rows)


def _figures(pivot: Pivot, order: Sequence[int]) -> Iterator[Observation]:
    """Every figure behind the rows, once, as the table has them; also those that are unknown."""
    seen: set[tuple[str, int | None, str | None]] = set()
    for at in order:
        for position, column in enumerate(pivot.columns):
            shown = pivot.cells.get((at, position))
            if shown is None or column.role == "total":
                continue
            for member in shown.summary.members:
                for o in member.observations:
                    key = (*o.unit_of_count, o.metric_id)
                    if key not in seen:
                        seen.add(key)
                        yield o


def _source_rows(index: Index, figures: Sequence[Observation], words: Texts) -> Iterator[list[Cell]]:
    """A row for each place: two for a figure that is contradicted."""
    placed = [(o, value, place_of(o, value)) for o in figures for value in (o.values or (None,))]
    texts = index.texts({place.report_id for _, _, place in placed if place.span is not None})
    for o, value, place in placed:
        yield [
            one_line(o.body),
            "" if o.year is None else str(o.year),
            catalogue().name(o.metric_id or "", words.language),
            exported(None if value is None else Fraction(value)),
            figure_in_words(o, words),
            o.report.url or o.report.source,
            one_line(o.report.title),
            "" if place.span is None else f"{place.span.start}–{place.span.end}",
            _quote(place, texts),
        ]


def _quote(place: Place, texts: dict[str, str]) -> str:
    if place.span is None or place.report_id not in texts:
        return ""
    return quoted_line(place.span.of(texts[place.report_id]))
