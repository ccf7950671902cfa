"""A report's figures as the official form prints them, each value a link to its place in the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ui.texts import Texts
from ui.web.markup import escape
from ui.web.numbers import number
from ui.web.reports.readings import is_printed, reading_link, same_value
from vectorstore.catalogue import COLUMN_SEPARATOR, ApplicationRow, ProactiveCell, catalogue
from vectorstore.records import Figure, Origin, Report, ResolvedFigure, State

TABLES = ("proactive_table", "application_table", "dispute_table")
_CONTENT = "信息内容"  # as the form heads the labels of its first table
_FORMER_SINGLE_ROW = "（六）其他处理"
_PRINTED = frozenset({Origin.TABLE, Origin.IMAGE, Origin.CORRECTED})


@dataclass
class OfficialForm:
    """The three tables of a report, and what it states beside them.

    Attributes:
        report: Whose form it is.
        figures: All that it states, of any body and year.
        drawn: The ids of the figures that a table shows; filled while the tables are rendered.
        seen: The states met, for the explanation below the tables.
    """

    report: Report
    figures: Sequence[ResolvedFigure]
    words: Texts
    drawn: set[int] = field(default_factory=set)
    seen: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own: dict[str, ResolvedFigure] = {}
        for figure in self.figures:
            is_own = figure.body_id == self.report.body_id and figure.year in (self.report.year, None)
            # One of the year itself counts before one whose year isn't known.
            if is_own and (figure.metric_id not in self._own or figure.year is not None):
                self._own[figure.metric_id] = figure
        metrics = catalogue().metrics
        self._is_former = any(
            metrics[base].is_former for base in (f.metric_id.partition(COLUMN_SEPARATOR)[0] for f in self._own.values())
            if base in metrics
        )  # fmt: skip

    def render(self) -> str:
        """The tables, one below the other, and what their signs mean."""
        drawings = {
            "proactive_table": self._proactive,
            "application_table": self._application,
            "dispute_table": self._dispute,
        }
        parts = []
        for place, name in enumerate(TABLES, 1):
            heading = escape(self.words("reports.form_table", n=place, name=self._table_name(name)))
            if self._is_unread_picture(name):
                body = self._pictured(name)
            else:
                body = drawings[name]() if self._is_printed(name) else self._absent()
            parts.append(f'<section class="nb-form-part"><h3>{heading}</h3>{body}</section>')
        return f"{''.join(parts)}{self._legend()}"

    @property
    def others(self) -> list[ResolvedFigure]:
        """The figures that no table showed; after `render`."""
        return [figure for figure in self.figures if id(figure) not in self.drawn]

    def _table_name(self, name: str) -> str:
        return catalogue().table_name(name, self.words.language)

    def _is_printed(self, table: str) -> bool:
        """Whether the report has the table, or a cell of it was read: what prose alone says is no table."""
        if table in self.report.tables:
            return True
        ids = set(self._ids_of(table))
        return any(
            reading.origin in _PRINTED
            for metric_id, figure in self._own.items()
            if metric_id in ids
            for reading in figure.readings
        )

    def _ids_of(self, table: str) -> Iterator[str]:
        kinds = catalogue()
        if table == "proactive_table":
            yield from (cell.id for cell in self._proactive_cells())
        elif table == "application_table":
            for row in self._application_rows():
                yield from (_cell_id(row.id, column.id) for column in kinds.application_columns)
        else:
            yield from (f"{group.id}_{result.id}" for group in kinds.dispute_groups for result in kinds.dispute_results)

    def _is_unread_picture(self, table: str) -> bool:
        """Whether the table is a picture of which no cell could be read: each of its figures then says so."""
        figures = self._figures_of(table)
        return bool(figures) and all(
            reading.origin is Origin.IMAGE and reading.state is State.UNREADABLE
            for figure in figures
            for reading in figure.readings
        )

    def _figures_of(self, table: str) -> list[ResolvedFigure]:
        return [self._own[metric_id] for metric_id in self._ids_of(table) if metric_id in self._own]

    def _pictured(self, table: str) -> str:
        """One sentence for all cells, which leads to the picture."""
        figures = self._figures_of(table)
        self.drawn.update(map(id, figures))
        address = reading_link(figures[0].readings[0])
        said = escape(self.words("reports.form_pictured"))
        way = f'<a href="{address}">{escape(self.words("reports.form_picture"))}</a>'
        return f'<p class="nb-form-absent">{said} {way}</p>'

    def _absent(self) -> str:
        return f'<p class="nb-form-absent">{escape(self.words("reports.form_absent"))}</p>'

    def _proactive_cells(self) -> tuple[ProactiveCell, ...]:
        return catalogue().former_proactive_cells if self._is_former else catalogue().proactive_cells

    def _proactive(self) -> str:
        """An article after the other: its columns as a line of heads, then a line for each of its rows."""
        articles = [(article, list(cells)) for article, cells in groupby(self._proactive_cells(), lambda c: c.article)]
        width = max(len({cell.column for cell in cells}) for _, cells in articles)
        blocks = []
        for article, cells in articles:
            columns = list(dict.fromkeys(cell.column for cell in cells))
            # The last column of an article with few of them takes up what is left of the form's width.
            spans = [1] * (len(columns) - 1) + [width - len(columns) + 1]
            head = "".join(
                f'<th scope="col" colspan="{span}">{escape(column)}</th>'
                for column, span in zip(columns, spans, strict=True)
            )
            lines = []
            for row, of_row in groupby(cells, lambda c: c.row):
                by_column = {cell.column: cell.id for cell in of_row}
                values = "".join(
                    self._cell(by_column[column], span) if column in by_column else f'<td colspan="{span}"></td>'
                    for column, span in zip(columns, spans, strict=True)
                )
                lines.append(f'<tr><th scope="row" class="nb-stay">{escape(row)}</th>{values}</tr>')
            blocks.append(
                f'<tbody><tr class="nb-article"><th colspan="{width + 1}" scope="rowgroup">'
                f"<span>{escape(article)}</span></th></tr><tr>"
                f'<th scope="col" class="nb-stay">{_CONTENT}</th>{head}</tr>'
                f"{''.join(lines)}</tbody>"
            )
        return self._table("proactive_table", "".join(blocks))

    def _application_rows(self) -> tuple[ApplicationRow, ...]:
        rows = catalogue().application_rows
        if not self._is_former:
            return rows
        # The form before had one row where there are three now.
        single = ApplicationRow("other_subtotal", _FORMER_SINGLE_ROW, "三、本年度办理结果", "outcome")
        kept: list[ApplicationRow] = []
        for row in rows:
            if row.parent != _FORMER_SINGLE_ROW:
                kept.append(row)
            elif single not in kept:
                kept.append(single)
        return tuple(kept)

    def _application(self) -> str:
        columns = catalogue().application_columns
        groups = [(parent, list(of)) for parent, of in groupby(columns, lambda c: c.parent)]
        first: list[str] = []
        second: list[str] = []
        for parent, of in groups:
            if parent:
                first.append(f'<th scope="colgroup" colspan="{len(of)}">{escape(parent)}</th>')
                second.extend(f'<th scope="col">{escape(column.label)}</th>' for column in of)
            else:
                first.extend(f'<th scope="col" rowspan="2">{escape(column.label)}</th>' for column in of)
        head = (
            f'<thead><tr><td class="nb-stay" rowspan="2" colspan="3"></td>{"".join(first)}</tr>'
            f"<tr>{''.join(second)}</tr></thead>"
        )
        lines = "".join(
            f"<tr>{labels}{''.join(self._cell(_cell_id(row.id, column.id)) for column in columns)}</tr>"
            for row, labels in _row_labels(self._application_rows())
        )
        return self._table("application_table", f"{head}<tbody>{lines}</tbody>")

    def _dispute(self) -> str:
        kinds = catalogue()
        first: list[str] = []
        second: list[str] = []
        for parent, of in groupby(kinds.dispute_groups, lambda g: g.parent):
            listed = list(of)
            span = len(listed) * len(kinds.dispute_results)
            if parent:
                first.append(f'<th scope="colgroup" colspan="{span}">{escape(parent)}</th>')
                second.extend(
                    f'<th scope="colgroup" colspan="{len(kinds.dispute_results)}">{escape(group.label)}</th>'
                    for group in listed
                )
            else:
                first.append(f'<th scope="colgroup" rowspan="2" colspan="{span}">{escape(listed[0].label)}</th>')
        third = "".join(
            f'<th scope="col">{escape(result.label)}</th>'
            for _ in kinds.dispute_groups
            for result in kinds.dispute_results
        )
        values = "".join(self._cell(metric_id) for metric_id in self._ids_of("dispute_table"))
        return self._table(
            "dispute_table",
            f"<thead><tr>{''.join(first)}</tr><tr>{''.join(second)}</tr><tr>{third}</tr></thead>"
            f"<tbody><tr>{values}</tr></tbody>",
        )

    def _table(self, name: str, content: str) -> str:
        label = escape(self._table_name(name))
        return (
            f'<div class="nb-scroll nb-form-box" tabindex="0" role="region" aria-label="{label}">'
            f'<table class="nb-form nb-form-{name.partition("_")[0]}" lang="zh">'
            f'<caption class="nb-hidden">{label}</caption>{content}</table></div>'
        )

    def _cell(self, metric_id: str, span: int = 1) -> str:
        name = escape(catalogue().name_or_id(metric_id, self.words.language))
        wide = f' colspan="{span}"' if span > 1 else ""
        figure = self._own.get(metric_id)
        if figure is None:
            return f'<td{wide} class="nb-absent" data-metric="{metric_id}">{self._sign("silent")}</td>'
        self.drawn.add(id(figure))
        links = list(self._links(figure, name))
        between = " "
        if figure.state is State.CONFLICTING and len(links) > 1:
            between = f" {self._sign('conflicting')} "
        tone = f" nb-{figure.state.value}" if figure.state is not State.STATED else ""
        corrected = " nb-corrected" if figure.origin is Origin.CORRECTED else ""
        kinds = f' class="{(tone + corrected).strip()}"' if tone or corrected else ""
        return f'<td{wide}{kinds} data-metric="{metric_id}">{between.join(links)}</td>'

    def _links(self, figure: ResolvedFigure, name: str) -> Iterator[str]:
        """A link for what a person corrected, then one for each reading of a table.

        Others only where they contradict it, or where nothing else tells the value.
        """
        corrected = [reading for reading in figure.readings if reading.origin is Origin.CORRECTED]
        printed = [reading for reading in figure.readings if is_printed(reading)]
        shown = [*corrected, *printed]
        others = [reading for reading in figure.readings if reading not in shown]
        if figure.state is State.CONFLICTING:
            shown += [reading for reading in others if not any(same_value(reading, other) for other in printed)]
        elif not shown:
            shown = others[:1]
        for position, reading in enumerate(shown):
            yield self._link(reading, name, is_other=position > 0 and (bool(corrected) or not is_printed(reading)))

    def _link(self, reading: Figure, name: str, *, is_other: bool) -> str:
        sign = self._sign(_state(reading)) if reading.value is None else escape(number(reading.value))
        mark = ""
        if reading.origin is Origin.CORRECTED:
            mark = self._mark("corrected")
        elif reading.state is State.DERIVED:
            mark = self._mark("derived")
        elif reading.origin is Origin.NARRATIVE:
            mark = self._mark("narrative")
        kind = ' class="nb-other-reading"' if is_other else ""
        said = number(reading.value) if reading.value is not None else self.words(f"state.{_state(reading)}")
        label = f"{name}: {escape(said)}"
        return f'<a href="{reading_link(reading)}"{kind} title="{label}" aria-label="{label}">{sign}</a>{mark}'

    def _mark(self, kind: str) -> str:
        self.seen[kind] = None
        return f'<i class="nb-sign">{escape(self.words(f"reports.sign_{kind}"))}</i>'

    def _sign(self, state: str) -> str:
        self.seen[state] = None
        return f'<span class="nb-sign">{escape(self.words(f"reports.sign_{state}"))}</span>'

    def _legend(self) -> str:
        if not self.seen:
            return ""
        items = "".join(
            f"<div><dt>{escape(self.words(f'reports.sign_{name}'))}</dt><dd>{escape(self.words(f'reports.means_{name}'))}</dd></div>"
            for name in self.seen
        )
        return f'<dl class="nb-signs">{items}</dl>'


def _state(reading: Figure) -> str:
    return reading.state.value


def _cell_id(row: str, column: str) -> str:
    return row if column == "total" else f"{row}{COLUMN_SEPARATOR}{column}"


def _row_labels(rows: Iterable[ApplicationRow]) -> Iterator[tuple[ApplicationRow, str]]:
    """Each row with its label's cells: up to three, the outer ones beside all the rows that they are about."""
    listed = list(rows)
    outermost = next(row.parent for row in listed if row.parent)
    within = [row for row in listed if row.parent]
    sizes = {parent: sum(row.parent == parent for row in within) for parent in {row.parent for row in within}}
    begun: set[str] = set()
    for row in listed:
        cells = []
        if row.parent and outermost not in begun:
            begun.add(outermost)
            cells.append(
                f'<th scope="rowgroup" rowspan="{len(within)}" class="nb-stay nb-upright">{escape(outermost)}</th>'
            )
        if row.parent and row.parent not in begun:
            begun.add(row.parent)
            cells.append(
                f'<th scope="rowgroup" rowspan="{sizes[row.parent]}" class="nb-stay nb-upright nb-second">'
                f"{escape(row.parent)}</th>"
            )
        depth = 0 if not row.parent else 1 if row.parent == outermost else 2
        place = ("", " nb-second", " nb-third")[depth]
        cells.append(f'<th scope="row" colspan="{3 - depth}" class="nb-stay{place}">{escape(row.label)}</th>')
        yield row, "".join(cells)
