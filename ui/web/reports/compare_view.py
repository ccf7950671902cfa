"""Two reports side by side: their figures in one table, their texts with what differs marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.comparing.compared_figures import PROSE, ComparedFigure, compared_figures
from assistant.comparing.differences import Comparison, Line, Part, Side, compare
from ui.exact_report import exact_report
from ui.texts import Texts
from ui.web.markup import escape, link, report_link
from ui.web.numbers import number, unit_name
from ui.web.reports.readings import contradiction
from ui.web.reports.report_text import table_spans
from ui.web.site import Site, Visit, data, words_of
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.folding import fold_text
from vectorstore.records import Report, ResolvedFigure, Scope, Span, State

if TYPE_CHECKING:
    from vectorstore.index import Index

MOST_ROWS = 400
"""Rows of the texts that are shown."""
_MOST_SUGGESTED = 12
_LONGEST_SEARCH = 100


def compare_link(*report_ids: str) -> str:
    """Where reports are shown side by side; with one id, where another is chosen."""
    return link("reports", compare=",".join(report_ids))


class Comparing:
    """What the page of two reports side by side shows and calls, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def render(self, visit: Visit) -> str:
        """The page for ``compare=ID1,ID2``, or for one id a choice of the other.

        Raises:
            QuestionError: There is no such report.
        """
        index, words = self._site.assistant.index, visit.words
        ids = [report_id for report_id in visit.query.get("compare", "").split(",") if report_id][:2]
        reports = [_find(index, report_id, words) for report_id in ids]
        if not reports:
            raise QuestionError(words("compare.no_report"))
        inner = (
            _render_pair(index, reports[0], reports[1], visit.query.get("only") == "1", words)
            if len(reports) == 2
            else f'<p class="nb-lead">{escape(words("compare.choose"))}</p>'
            f'<div class="nb-panel nb-compare-choice">{_choices(index, reports[0], None, 1, words)}</div>'
        )
        title = words("compare.title")
        return (
            f'<div class="nb-main nb-compare" data-words="{data(words.section("compare_script"))}">'
            f'<p class="nb-crumb"><a href="{report_link(reports[0].report_id)}">{escape(words("compare.back"))}</a></p>'
            f"<h1>{escape(title)}</h1>{inner}</div>"
        )

    def reports_to_compare(self, request: dict[str, Any]) -> list[dict[str, str]]:
        """Call: reports whose body's name holds ``q``, to stand beside the report ``beside`` in the place ``side``.

        Each has a ``label`` and an ``address``; those of the same year come first.
        """
        words = words_of(request)
        index = self._site.assistant.index
        beside = _find(index, str(request.get("beside", "")), words)
        query = "".join(fold_text(str(request.get("q", ""))[:_LONGEST_SEARCH]).split())
        if not query:
            return []
        found = [
            report
            for report in index.reports()
            if report.report_id != beside.report_id and query in fold_text(f"{report.body} {report.title}")
        ]
        found.sort(key=lambda r: (not fold_text(r.body).startswith(query), r.year != beside.year, len(r.body), r.body))
        is_left = request.get("side") == 0
        return [
            {
                "label": _name(report),
                "region": report.region or "",
                "address": f"reports?compare={_pair(report, beside) if is_left else _pair(beside, report)}",
            }
            for report in found[:_MOST_SUGGESTED]
        ]


def _pair(left: Report, right: Report) -> str:
    return f"{left.report_id},{right.report_id}"


def _find(index: Index, report_id: str, words: Texts) -> Report:
    found = exact_report(index, report_id)
    if found is None:
        raise QuestionError(words("compare.no_report"))
    return found


def _name(report: Report) -> str:
    return f"{report.body} {report.year or ''}".strip()


def _choices(index: Index, beside: Report, shown: Report | None, side: int, words: Texts) -> str:
    """What can stand beside a report: the same body's other years, or a body found by its name."""
    of_body = shown or beside
    others = [
        report
        for report in index.reports(Scope(body_ids=(of_body.body_id,)))
        if report.report_id not in (beside.report_id, shown.report_id if shown else "")
    ]
    years = "".join(
        f'<a class="nb-button" href="{compare_link(*_ordered(beside, report, side))}">'
        f"{escape(str(report.year or words('compare.no_year')))}</a>"
        for report in others[:20]
    )
    label = escape(words("compare.other_years", body=of_body.body))
    return (
        (f'<p class="nb-soft">{label}</p><p class="nb-years">{years}</p>' if years else "")
        + f'<div class="nb-field"><label for="nb-compare-{side}">{escape(words("compare.other_body"))}</label>'
        f'<input id="nb-compare-{side}" class="nb-compare-search" type="search" autocomplete="off" role="combobox" '
        f'aria-expanded="false" aria-autocomplete="list" data-beside="{escape(beside.report_id)}" '
        f'data-side="{side}" placeholder="{escape(words("compare.search"))}"></div>'
    )


def _ordered(beside: Report, chosen: Report, side: int) -> tuple[str, str]:
    return (chosen.report_id, beside.report_id) if side == 0 else (beside.report_id, chosen.report_id)


def _render_pair(index: Index, left: Report, right: Report, is_only: bool, words: Texts) -> str:
    if left.report_id == right.report_id:
        raise QuestionError(words("compare.same_report"))
    figures = compared_figures(index, left, right)
    sides = [
        Side(report, text := index.text(report.report_id), table_spans(text, index.passages(report.report_id)))
        for report in (left, right)
    ]
    return (
        _heads(index, left, right, words)
        + _render_figures(figures, left, right, is_only, words)
        + _render_texts(compare(sides[0], sides[1]), sides, words)
    )


def _heads(index: Index, left: Report, right: Report, words: Texts) -> str:
    swap = escape(words("compare.swap"))
    columns = "".join(
        f'<div class="nb-panel"><p class="nb-side-name"><a href="{report_link(report.report_id)}" lang="zh">'
        f"{escape(report.body)}</a></p>"
        f'<p class="nb-side-year">{escape(str(report.year or words("compare.no_year")))}</p>'
        f"<details><summary>{escape(words('compare.change'))}</summary>"
        f"{_choices(index, other, report, side, words)}</details></div>"
        for side, (report, other) in enumerate(((left, right), (right, left)))
    )
    return (
        f'<div class="nb-sides">{columns}</div>'
        f'<p class="nb-jumps"><a href="#nb-compare-figures">{escape(words("compare.figures"))}</a>'
        f'<a href="#nb-compare-texts">{escape(words("compare.texts"))}</a>'
        f'<a href="{compare_link(right.report_id, left.report_id)}">{swap}</a></p>'
    )


def _render_figures(figures: Sequence[ComparedFigure], left: Report, right: Report, is_only: bool, words: Texts) -> str:
    title = f'<h2 id="nb-compare-figures">{escape(words("compare.figures"))}</h2>'
    if not figures:
        return f'{title}<p class="nb-nothing">{escape(words("compare.no_figures"))}</p>'
    differing = sum(figure.differs is True for figure in figures)
    unknown = sum(figure.differs is None for figure in figures)
    summary = words(
        "compare.summary", total=len(figures), differing=differing, unknown=unknown,
        same=len(figures) - differing - unknown,
    )  # fmt: skip
    headings = [left, right]
    if left.body_id == right.body_id:
        names = [str(report.year or words("compare.no_year")) for report in headings]
    else:
        names = [_name(report) for report in headings]
    head = "".join(f'<th scope="col" class="nb-number">{escape(name)}</th>' for name in names)
    change = escape(words("compare.difference"))
    bodies = "".join(
        f'<tbody><tr class="nb-group"><th scope="rowgroup" colspan="4">{escape(_group_name(group, words))}</th></tr>'
        f"{''.join(_figure_row(figure, words) for figure in rows)}</tbody>"
        for group, rows in groupby(figures, key=lambda figure: figure.group)
    )
    state = " nb-only-differences" if is_only else ""
    return (
        f'{title}<p class="nb-lead">{escape(summary)}</p><div class="nb-toolbar nb-compare-tools">'
        f'<label><input type="checkbox" data-shows="nb-only-differences"{" checked" if is_only else ""}> '
        f"{escape(words('compare.only_differences'))}</label>"
        f'<label><input type="checkbox" data-shows="nb-with-columns"> {escape(words("compare.with_columns"))}</label>'
        "</div>"
        f'<div class="nb-scroll nb-compared{state}" tabindex="0" role="region" '
        f'aria-label="{escape(words("compare.figures"))}"><table class="nb-grid"><thead><tr>'
        f'<th scope="col">{escape(words("column.metric"))}</th>{head}<th scope="col" class="nb-number">{change} '
        f'<span class="nb-percent">{escape(words("compare.percent"))}</span></th></tr></thead>{bodies}</table>'
        f'<p class="nb-nothing nb-all-same">{escape(words("compare.all_same"))}</p></div>'
    )


def _group_name(group: str, words: Texts) -> str:
    if group == PROSE:
        return words("compare.prose")
    return catalogue().table_name(group, words.language)


def _figure_row(figure: ComparedFigure, words: Texts) -> str:
    kinds = {True: "nb-differs", False: "nb-equal", None: ""}[figure.differs]
    column = " nb-column-row" if figure.is_column else ""
    name = catalogue().name_or_id(figure.metric_id, words.language)
    unit = unit_name(next(f.unit for f in (figure.left, figure.right) if f is not None), words)
    return (
        f'<tr class="{kinds}{column}"><th scope="row">{escape(name)} <span class="nb-soft">{escape(unit)}</span></th>'
        f"{_value_cell(figure.left, words)}{_value_cell(figure.right, words)}{_difference_cell(figure, words)}</tr>"
    )


def _value_cell(figure: ResolvedFigure | None, words: Texts) -> str:
    if figure is None:
        return f'<td class="nb-number nb-unknown">{escape(words("state.silent"))}</td>'
    reading = next((r for r in figure.readings if r.value == figure.value), figure.readings[0])
    address = report_link(figure.report_id, reading.start, reading.end)
    if figure.state is State.CONFLICTING:
        said = escape(contradiction(figure, words))
        doubt = f'<span class="nb-tag nb-warn">{escape(words("state.conflicting"))}</span>'
        return f'<td class="nb-number"><a href="{address}">{said}</a> {doubt}</td>'
    if figure.value is None:
        label = f'<a class="nb-unknown" href="{address}">{escape(words(f"state.{figure.state.value}"))}</a>'
        return f'<td class="nb-number">{label}</td>'
    return f'<td class="nb-number"><a href="{address}">{escape(number(figure.value))}</a></td>'


def _difference_cell(figure: ComparedFigure, words: Texts) -> str:
    difference, share = figure.difference, figure.share
    if difference is None:
        said = escape(words("compare.not_comparable"))
        return (
            f'<td class="nb-number nb-soft" title="{said}">—<span class="nb-hidden">{said}</span>'
            '<span class="nb-percent"></span></td>'
        )
    if difference == 0:
        return f'<td class="nb-number nb-soft">{escape(words("compare.equal"))}<span class="nb-percent"></span></td>'
    is_more = difference > 0
    said = escape(words("compare.more" if is_more else "compare.less"))
    percent = words("compare.from_zero") if share is None else f"{'+' if is_more else '−'}{abs(share) * 100:,.1f}%"
    return (
        f'<td class="nb-number nb-change"><span aria-hidden="true">{"▲" if is_more else "▼"}</span>'
        f'<span class="nb-hidden">{said}</span> {escape(number(abs(difference)))} '
        f'<span class="nb-percent">{escape(percent)}</span></td>'
    )


def _render_texts(comparison: Comparison, sides: Sequence[Side], words: Texts) -> str:
    notes = [words("compare.text_summary", changed=comparison.changed, same=comparison.same)]
    if comparison.is_coarse:
        notes.append(words("compare.coarse"))
    if left_out := sum(part.left_out for part in comparison.parts):
        notes.append(words("compare.left_out", count=left_out))
    rendered: list[str] = []
    rows = 0
    for part in comparison.parts:
        if rows >= MOST_ROWS:
            notes.append(words("compare.cut", count=MOST_ROWS))
            break
        made = list(_part_rows(part, sides, words))[: MOST_ROWS - rows]
        rows += len(made)
        rendered.append(f'<section class="nb-part">{_part_head(part, words)}{"".join(made)}</section>')
    return (
        f'<h2 id="nb-compare-texts">{escape(words("compare.texts"))}</h2>'
        f'<p class="nb-lead">{escape(" ".join(notes))}</p><p class="nb-lead">{escape(words("compare.what_counts"))}</p>'
        f'<div class="nb-panel nb-texts" lang="zh">{"".join(rendered)}</div>'
    )


def _part_head(part: Part, words: Texts) -> str:
    preamble = words("compare.preamble")
    if part.left is not None and part.left == part.right:
        return f"<h3>{escape(part.left or preamble)}</h3>"
    cells = "".join(
        f"<h3>{escape(heading or preamble)}</h3>"
        if heading is not None
        else f"<p>{escape(words('compare.no_section'))}</p>"
        for heading in (part.left, part.right)
    )
    return f'<div class="nb-pair nb-pair-head">{cells}</div>'


def _part_rows(part: Part, sides: Sequence[Side], words: Texts) -> Iterator[str]:
    """The rows of a section: what both say folded, what one alone says put together."""

    def sort_of(line: Line) -> str:
        return "same" if line.is_same else "one" if line.left is None or line.right is None else "pair"

    for sort, run in groupby(part.lines, key=sort_of):
        lines = list(run)
        if sort == "same":
            said = "".join(f"<p>{escape(line.left.of(sides[0].text))}</p>" for line in lines if line.left)
            count = escape(words("compare.same_sentences", count=len(lines)))
            yield f'<details class="nb-same"><summary>{count}</summary>{said}</details>'
        elif sort == "one":
            left = [line.left for line in lines if line.left is not None]
            right = [line.right for line in lines if line.right is not None]
            yield _pair_row([(s, ()) for s in left], [(s, ()) for s in right], sides, words)
        else:
            for line in lines:
                assert line.left is not None
                assert line.right is not None
                left_marked, right_marked = (line.left, line.left_marks), (line.right, line.right_marks)
                yield _pair_row([left_marked], [right_marked], sides, words)


_Marked = tuple[Span, Sequence[Span]]


def _pair_row(left: Sequence[_Marked], right: Sequence[_Marked], sides: Sequence[Side], words: Texts) -> str:
    cells = []
    is_alone = not left or not right
    for marked, side in ((left, sides[0]), (right, sides[1])):
        name = str(side.report.year or "") if sides[0].report.body_id == sides[1].report.body_id else side.report.body
        sentences = "".join(f"<p>{_sentence(span, marks, side)}</p>" for span, marks in marked)
        if not marked:
            sentences = f'<p class="nb-soft">{escape(words("compare.nothing_here"))}</p>'
        kind = "nb-alone-side" if is_alone and marked else "nb-other-only" if not marked else ""
        cells.append(f'<div class="{kind}" data-side="{escape(name)}">{sentences}</div>')
    return f'<div class="nb-pair">{"".join(cells)}</div>'


def _sentence(span: Span, marks: Sequence[Span], side: Side) -> str:
    """A sentence with what differs marked; numbers, which people look for, more strongly."""
    text = side.text
    parts: list[str] = []
    position = span.start
    for mark in marks:
        parts.append(escape(text[position : mark.start]))
        words = mark.of(text)
        number = " nb-figure" if any(character.isdigit() for character in words) else ""
        parts.append(f'<mark class="nb-differs{number}">{escape(words)}</mark>')
        position = mark.end
    return "".join([*parts, escape(text[position : span.end])])
