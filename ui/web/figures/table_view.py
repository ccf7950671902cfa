"""The table as HTML: a page of its rows under heads that sort, with totals and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.pivoting.pivot import Pivot
from ui.texts import Texts
from ui.web.figures.address import Address
from ui.web.figures.cells import UNKNOWN, render_cell, render_figure, render_value
from ui.web.figures.naming import column_name, told, total_name, unit_name
from ui.web.markup import escape, link
from ui.web.paging import render_pages
from vectorstore.catalogue import catalogue, kind_name

PAGE = 100
"""Rows on a page."""
_APART_SHOWN = 12
_LINES_SHOWN = 4


def render_table(pivot: Pivot, address: Address, order: Sequence[int], words: Texts) -> str:
    """The rows of the address's page with the table's head and foot, and the way to the other pages."""
    if not pivot.rows:
        return f'<p class="nb-nothing">{told(words, "nothing")}</p>'
    page = min(address.page, max(1, -(-len(order) // PAGE)))
    shown = order[(page - 1) * PAGE : page * PAGE]
    rows = "".join(_row(pivot, address, row, words) for row in shown)
    caption = told(words, "caption", rows=words(f"figures.rows_{pivot.request.rows}"))
    empty = ""
    if not order:
        empty = f'<p class="nb-nothing">{told(words, "nothing_found", find=address.find)}</p>'
    return (
        f'<div class="nb-scroll nb-f-pivot-box" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="nb-grid nb-f-pivot">{_head(pivot, address, words)}<tbody>'
        f"{rows}</tbody>{_foot(pivot, words)}</table>{empty}</div>"
        f"{_pages(pivot, address, page, len(order), words)}"
    )


def _head(pivot: Pivot, address: Address, words: Texts) -> str:
    first = _sort_button(address, "name", words(f"figures.rows_{pivot.request.rows}"), words)
    families = [(family, list(of)) for family, of in groupby(pivot.columns, key=lambda column: column.part.family)]
    is_plain = all(len(of) == 1 and not of[0].name and of[0].role == "value" for _, of in families)
    cells, tops = [], []
    for family, of in families:
        name = catalogue().name(family, words.language) + unit_name(pivot.request, of[0], words)
        tops.append(f'<th scope="colgroup" colspan="{len(of)}" class="nb-f-family">{escape(name)}</th>')
        for column in of:
            label = name if is_plain else column_name(pivot, column, words)
            total = " nb-f-sum" if column.role == "total" or column.part.is_stated_total else ""
            button = _sort_button(address, column.token, label, words)
            cells.append(f'<th scope="col" class="nb-number{total}"{_sorted(address, column.token)}>{button}</th>')
    name_cell = f'<th scope="col" class="nb-f-first"{_sorted(address, "name")}'
    if is_plain:
        return f"<thead><tr>{name_cell}>{first}</th>{''.join(cells)}</tr></thead>"
    return f'<thead><tr>{name_cell} rowspan="2">{first}</th>{"".join(tops)}</tr><tr>{"".join(cells)}</tr></thead>'


def _sorted(address: Address, token: str) -> str:
    if address.sort != token:
        return ""
    return f' aria-sort="{"descending" if address.descending else "ascending"}"'


def _sort_button(address: Address, token: str, label: str, words: Texts) -> str:
    """Numbers are first sorted from the most, names from the first."""
    down = not address.descending if address.sort == token else token != "name"
    title = told(words, "sort_by", name=label)
    return (
        f'<button type="button" data-sort-by="{escape(token)}" data-order="{"down" if down else ""}" title="{title}">'
        f"{escape(label)}</button>"
    )


def _row(pivot: Pivot, address: Address, at: int, words: Texts) -> str:
    row = pivot.rows[at]
    hint = ""
    if row.kind is not None:
        place = (row.region or "").split("/")[-1]
        hint = " ".join(filter(None, (place, kind_name(row.kind, words.language))))
        hint = f'<small class="nb-f-of-row">{escape(hint)}</small>'
    mark = ""
    if row.key in pivot.bodies_apart:
        mark = f'<sup class="nb-f-mark" title="{told(words, "legend_apart")}">{told(words, "mark_apart")}</sup>'
    cells = "".join(
        f'<td class="nb-number{" nb-f-sum" if column.role == "total" or column.part.is_stated_total else ""}">'
        f"{render_cell(pivot, pivot.cells.get((at, position)), address, at, position, words)}</td>"
        for position, column in enumerate(pivot.columns)
    )
    return f'<tr><th scope="row" class="nb-f-first"><span>{escape(row.name)}{mark}</span>{hint}</th>{cells}</tr>'


def _foot(pivot: Pivot, words: Texts) -> str:
    cells = "".join(
        f'<td class="nb-number{" nb-f-sum" if column.role == "total" else ""}">{render_value(total, words)}</td>'
        for column, total in zip(pivot.columns, pivot.totals, strict=True)
    )
    name = escape(total_name(pivot.request, words))
    return f'<tfoot><tr><th scope="row" class="nb-f-first">{name}</th>{cells}</tr></tfoot>'


def _pages(pivot: Pivot, address: Address, page: int, found: int, words: Texts) -> str:
    said = []
    if address.find:
        said.append(words("figures.page_found", n=found, all=len(pivot.rows)))
    if found > PAGE:
        said.append(words("figures.page_of", first=(page - 1) * PAGE + 1, last=min(page * PAGE, found), n=found))
    return render_pages(
        page,
        max(-(-found // PAGE), 1),
        lambda number: link("figures", **address.seen(page=number).query()),
        words,
        said=" ".join(said),
        marks=lambda number: f'data-page="{number}"',
    )


def render_legend(pivot: Pivot, words: Texts) -> str:
    """What the words and signs of this table mean: only those that occur in it."""
    signs = {
        "zero": "0",
        **{state: words(f"figures.{state}") for state in (*UNKNOWN, "missing")},
        "conflicting": f"3 {words('figures.against')} 5",
        "derived": words("figures.mark_derived"),
        "corrected": words("figures.mark_corrected"),
        "approximate": "≈",
        "apart": words("figures.mark_apart"),
        "stock": words("figures.stock"),
        "part": words("figures.part_of_years" if pivot.counts_years else "figures.part_of", known=2, n=3),
    }
    shown = [(sign, name) for name, sign in signs.items() if name in pivot.signs]
    means = {"part": "part_years"} if pivot.counts_years else {}
    items = "".join(
        f"<div><dt>{escape(sign)}</dt><dd>{told(words, f'legend_{means.get(name, name)}')}</dd></div>"
        for sign, name in shown
    )
    return f'<dl class="nb-f-legend" aria-label="{told(words, "legend")}">{items}</dl>' if items else ""


def render_apart(pivot: Pivot, words: Texts) -> str:
    """The governments that are in no total beside their parts, with their own numbers."""
    count = sum(len(of) for of in pivot.apart.values())
    if not count:
        return ""
    several = len(pivot.parts) > 1
    items: list[str] = []
    for metric_id, members in pivot.apart.items():
        name = f"{catalogue().name(metric_id, words.language)} " if several else ""
        for m in members[: max(0, _APART_SHOWN - len(items))]:
            o = m.current[0]
            of = escape(" ".join(filter(None, (o.body, str(o.year or ""), name.strip()))))
            items.append(f"<li>{of}: {render_figure(o, words)}</li>")
    more = f"<p>{told(words, 'apart_more', n=count - len(items))}</p>" if count > len(items) else ""
    return (
        f'<details class="nb-f-apart"><summary>{told(words, "apart", n=count)}</summary>'
        f'<p class="nb-soft">{told(words, "apart_hint")}</p><ul>{"".join(items)}</ul>{more}</details>'
    )


def render_silences(pivot: Pivot, words: Texts) -> str:
    """For each metric how many reports give no number: a line that unfolds into their list."""
    lines = []
    for part, whole in zip(pivot.parts, pivot.wholes, strict=True):
        metric = catalogue().name(part.metric_id, words.language)
        there_are = len(whole.summary.members)
        without = len(pivot.without_number[part.metric_id])
        if not there_are:
            continue
        if not without:
            lines.append(f"<p>{told(words, 'silences_none', metric=metric, n=there_are)}</p>")
            continue
        said = words("figures.silences_line", metric=metric, n=there_are, known=there_are - without, without=without)
        reasons = words("figures.comma").join(
            words("figures.why_state", n=count, state=words(f"state.{state}"))
            for state, count in whole.states.most_common()
            if state in UNKNOWN
        )
        if whole.torn:
            torn = words("figures.why_state", n=whole.torn, state=words("state.conflicting"))
            reasons = words("figures.comma").join(filter(None, (reasons, torn)))
        lines.append(
            f'<details data-silences="{escape(part.metric_id)}"><summary>{escape(said)}'
            f'<span class="nb-soft"> {escape(reasons)}</span></summary><div></div></details>'
        )
    if len(lines) > _LINES_SHOWN:
        each = told(words, "silences_each", n=len(lines))
        lines = [f"<details><summary>{each}</summary>{''.join(lines)}</details>"]
    absent = max((whole.missing for whole in pivot.wholes), default=0)
    if absent:
        lines.append(f'<p class="nb-soft">{told(words, "silences_absent", n=absent)}</p>')
    return (
        f'<section class="nb-f-silences"><h2>{told(words, "silences")}</h2>{"".join(lines)}</section>' if lines else ""
    )


def list_silences(pivot: Pivot, metric_id: str, page: int, words: Texts) -> str:
    """A page of the reports that give no number of a metric, each with why, linked to its place or the report."""
    silent = pivot.without_number.get(metric_id, ())
    items = "".join(
        f'<li><a href="{link("reports", id=o.report.report_id)}">{escape(o.body)}</a> {o.year or ""} '
        f"{render_figure(o, words)}</li>"
        for m in silent[(page - 1) * PAGE : page * PAGE]
        for o in m.current[:1]
    )
    left = len(silent) - page * PAGE
    more = ""
    if left > 0:
        label = told(words, "more", n=min(left, PAGE), all=len(silent))
        more = f'<button type="button" class="nb-quiet" data-more="{page + 1}">{label}</button>'
    return f"<ul>{items}</ul>{more}"
