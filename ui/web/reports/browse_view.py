"""The list of reports as HTML: the filters with what each would leave, the reports, their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ui.texts import Texts
from ui.web.downloads import file_links
from ui.web.header import PAGES
from ui.web.markup import escape, place_name, report_link
from ui.web.paging import render_pages
from ui.web.reports.browsing import (
    FACETS,
    MARKS,
    PAGE_LENGTH,
    TABLES,
    UNKNOWN_YEAR,
    Filters,
    Found,
    Listed,
    shelf_of,
)
from ui.web.reports.full_text import render_search
from ui.web.site import Site
from vectorstore.catalogue import kind_name, kinds_name
from vectorstore.records import Kind

COLUMNS = ("body", "year", "place", "kind", "tables", "failed", "issued")
"""Of the list; those that can be sorted by have the sort's name."""
_SORTED = {"body", "year", "place", "kind", "failed", "issued"}


def render_browsing(site: Site, filters: Filters, words: Texts) -> str:
    """The page that browses and searches."""
    shelf = shelf_of(site.assistant.index)
    if not len(shelf):
        return (
            f'<div class="nb-main"><h1>{escape(words("pages.reports"))}</h1><div class="nb-nothing">'
            f"<p>{escape(words('reports.empty'))}</p>"
            f'<p><a class="nb-button nb-primary" href="{PAGES["adding"]}">{escape(words("reports.empty_add"))}</a></p>'
            f"</div></div>"
        )
    found = shelf.find(filters)
    if not found.listed:
        content = _nothing(filters, found, words)
    elif filters.query:
        content = render_search(site, filters, found, words)
    else:
        content = _list(filters, found, words)
    return (
        f'<div class="nb-main nb-browsing"><h1 class="nb-hidden">{escape(words("pages.reports"))}</h1>'
        f"{_search_box(filters, words)}"
        f'<div class="nb-columns">{_filters(filters, found, words)}'
        f'<section class="nb-found" aria-label="{escape(words("reports.found"))}">'
        f'<h2 class="nb-hidden">{escape(words("reports.found"))}</h2>'
        f"{_head(filters, found, words)}{content}</section></div></div>"
    )


def _search_box(filters: Filters, words: Texts) -> str:
    clear = ""
    if filters.query:
        browse = replace(filters, query="", page=1)
        clear = f'<a class="nb-clear" href="{browse.address()}">{escape(words("reports.search_clear"))}</a>'
    return (
        f'<form class="nb-search" role="search" data-filters="q"><label class="nb-hidden" for="nb-q">'
        f"{escape(words('reports.search'))}</label>"
        f'<span class="nb-control"><input id="nb-q" name="q" type="search" maxlength="200" autocomplete="off" '
        f'value="{escape(filters.query)}" placeholder="{escape(words("reports.search_placeholder"))}"></span>'
        f'<button type="submit" class="nb-button nb-primary">{escape(words("reports.search"))}</button>{clear}'
        f'<span class="nb-searching nb-soft" role="status" data-says="{escape(words("reports.searching"))}"></span>'
        "</form>"
    )


def _filters(filters: Filters, found: Found, words: Texts) -> str:
    active = sum(len(values) for values in filters.chosen.values()) + bool(filters.place) + bool(filters.name)
    label = words("reports.filters_active", n=active) if active else words("reports.filters")
    clear = ""
    if active:
        clear = f'<p><a href="{filters.cleared().address()}">{escape(words("reports.clear"))}</a></p>'
    return (
        f'<aside class="nb-filters" aria-label="{escape(words("reports.filters"))}">'
        f'<button type="button" class="nb-button nb-fold" aria-expanded="false">{escape(label)}</button>'
        f'<div class="nb-filter-list">{_boxes(filters, words)}'
        f"{''.join(_facet(facet, filters, found, words) for facet in FACETS)}{clear}</div></aside>"
    )


def _boxes(filters: Filters, words: Texts) -> str:
    boxes = []
    for name, value in (("place", filters.place), ("name", filters.name)):
        offers = ' role="combobox" aria-expanded="false" aria-autocomplete="list"' if name == "place" else ""
        boxes.append(
            f'<form class="nb-field" data-filters="{name}">'
            f'<label for="nb-{name}">{escape(words(f"reports.{name}"))}</label>'
            f'<input id="nb-{name}" name="{name}" type="search" maxlength="200" autocomplete="off"{offers} '
            f'value="{escape(value)}" placeholder="{escape(words(f"reports.{name}_placeholder"))}"></form>'
        )
    return "".join(boxes)


def _facet(facet: str, filters: Filters, found: Found, words: Texts) -> str:
    counts, chosen = found.counts[facet], filters.values(facet)
    order: Sequence[str] = {
        "kind": [kind.value for kind in Kind],
        "year": sorted(counts, key=lambda year: (year == UNKNOWN_YEAR, -int(year) if year.isdigit() else 0)),
        "tables": TABLES,
        "marks": MARKS,
    }[facet]
    items = []
    for value in [*order, *(value for value in chosen if value not in order)]:
        number = counts.get(value, 0)
        is_chosen = value in chosen
        if not number and not is_chosen and (facet != "marks" or value == "replaced"):
            continue
        name = f'<span>{escape(value_name(facet, value, words))}</span><span class="nb-count">{number}</span>'
        if not number and not is_chosen:
            items.append(f'<li><span class="nb-option nb-no-such">{name}</span></li>')
            continue
        current = ' aria-current="true"' if is_chosen else ""
        items.append(
            f'<li><a class="nb-option" href="{filters.toggled(facet, value).address()}"{current}>{name}</a></li>'
        )
    if not items:
        return ""
    heading = escape(words(f"reports.{facet}"))
    return f'<section class="nb-facet"><h2>{heading}</h2><ul>{"".join(items)}</ul></section>'


def value_name(facet: str, value: str, words: Texts) -> str:
    """What to call a value of a facet."""
    if facet == "kind":
        return kinds_name(Kind(value), words.language)
    if facet == "year":
        return words("reports.year_unknown") if value == UNKNOWN_YEAR else words("reports.of_year", year=value)
    return words(f"reports.{facet}_{value}")


def _head(filters: Filters, found: Found, words: Texts) -> str:
    said = words("reports.searched" if filters.query else "reports.number", n=len(found.listed))
    chips = "".join(
        f'<a class="nb-set-filter" href="{filters.toggled(facet, value).address()}" '
        f'aria-label="{escape(words("reports.remove", name=value_name(facet, value, words)))}">'
        f'{escape(value_name(facet, value, words))}<span aria-hidden="true"> ×</span></a>'
        for facet in FACETS
        for value in filters.values(facet)
    )
    chips += "".join(
        f'<a class="nb-set-filter" href="{filters.without(name).address()}" '
        f'aria-label="{escape(words("reports.remove", name=value))}">'
        f'{escape(value)}<span aria-hidden="true"> ×</span></a>'
        for name, value in (("place", filters.place), ("name", filters.name))
        if value
    )
    files = ""
    if found.listed and not filters.query:
        files = (
            '<span class="nb-list-files">'
            + file_links(("xlsx", "csv"), lambda kind: filters.address(f"nb/reports.{kind}"), words)
            + '<a class="nb-compare-chosen" hidden></a></span>'
        )
    return f'<div class="nb-found-head"><p role="status">{escape(said)}</p>{chips}{files}</div>'


def _nothing(filters: Filters, found: Found, words: Texts) -> str:
    items = []
    for name, number in sorted(found.without.items(), key=lambda item: -item[1]):
        looser = filters.without(name)
        if number:
            told = words("reports.loosen", name=words(f"reports.{name}"), n=number)
            items.append(f'<li><a href="{looser.address()}">{escape(told)}</a></li>')
    if not items:
        items.append(f'<li><a href="{filters.cleared().address()}">{escape(words("reports.clear"))}</a></li>')
    return f'<div class="nb-nothing"><p>{escape(words("reports.nothing"))}</p><ul>{"".join(items)}</ul></div>'


def _list(filters: Filters, found: Found, words: Texts) -> str:
    page = min(filters.page, found.pages)
    shown = found.listed[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    heads = "".join(_column_head(column, filters, words) for column in COLUMNS)
    choose = f'<th scope="col"><span class="nb-hidden">{escape(words("reports.choose"))}</span></th>'
    rows = "".join(_row(one, words) for one in shown)
    return (
        f'<div class="nb-scroll nb-list" data-compare="{escape(words("reports.compare_chosen"))}" '
        f'data-choose="{escape(words("reports.compare_more"))}">'
        f'<table class="nb-grid"><caption class="nb-hidden">{escape(words("reports.found"))}</caption>'
        f"<thead><tr>{choose}{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{render_pages(page, found.pages, lambda number: replace(filters, page=number).address(), words)}"
    )


def _column_head(column: str, filters: Filters, words: Texts) -> str:
    name = escape(words(f"reports.column_{column}"))
    if column not in _SORTED:
        return f'<th scope="col">{name}</th>'
    current = filters.sort or "place"
    is_down = column in ("year", "issued", "failed")
    sort, aria = column, ""
    if current.removeprefix("-") == column:
        if not current.startswith("-"):
            sort = f"-{column}"
        aria = f' aria-sort="{"descending" if is_down != current.startswith("-") else "ascending"}"'
    address = replace(filters, sort="" if sort == "place" else sort, page=1).address()
    return f'<th scope="col"{aria}><a href="{address}">{name}</a></th>'


def _row(one: Listed, words: Texts) -> str:
    report = one.report
    tags = ""
    if report.superseded_by:
        tags += f' <span class="nb-tag nb-warn">{escape(words("reports.tag_replaced"))}</span>'
    if one.is_corrected:
        tags += f' <span class="nb-tag">{escape(words("reports.tag_corrected"))}</span>'
    failed = "".join(
        f'<span class="nb-tag {tone}">{escape(words(f"reports.{name}", n=number))}</span> '
        for name, number, tone in (("faults", one.faults, "nb-bad"), ("doubts", one.doubts, "nb-warn"))
        if number
    )
    year = (
        str(report.year)
        if report.year is not None
        else f'<span class="nb-unknown">{escape(words("reports.unknown"))}</span>'
    )
    place = place_name(report.region)
    tone = "" if one.tables == "all" else " nb-unknown"
    name = f"{report.body} {report.year or ''}".strip()
    return (
        f'<tr><td class="nb-choose"><input type="checkbox" value="{escape(report.report_id)}" '
        f'aria-label="{escape(words("reports.choose_one", name=name))}"></td>'
        f'<th scope="row" lang="zh"><a href="{report_link(report.report_id)}">{escape(report.body)}</a>{tags}</th>'
        f'<td class="nb-of-year">{year}</td><td lang="zh">{escape(place)}</td>'
        f"<td>{escape(kind_name(report.kind, words.language))}</td>"
        f'<td class="nb-tables{tone}">{escape(words(f"reports.has_{one.tables}", n=len(report.tables)))}</td>'
        f'<td class="nb-failed">{failed}</td><td class="nb-issued">{escape(report.issued_on or "")}</td></tr>'
    )
