"""The page of checks as HTML: its filters with their counts, how far one has got, and the items of one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.checks.check_evidence import Evidence
from ui.web.checks.check_view import capitalized, render_check, year_name
from ui.web.checks.work_list import ALL, STANDINGS, UNKNOWN, Item, Listed, Wanted
from ui.web.downloads import file_links
from ui.web.markup import escape, link, place_name, report_link
from ui.web.paging import render_pages
from ui.web.site import data
from vectorstore.catalogue import kinds_name
from vectorstore.check_rules import FAULT, WARNING, check_rules
from vectorstore.records import Kind
from vectorstore.verdicts import OPEN, Judgement

if TYPE_CHECKING:
    from vectorstore.index import Index

FORMATS = ("xlsx", "csv")
_Option = tuple[str, str]
"""A value and its name."""


def render_list(index: Index, listed: Listed, wanted: Wanted, words: Texts) -> str:
    """The whole content of the page."""
    script = data(words.section("check_script") | {f: words(f"checks.{f}") for f in STANDINGS})
    head = (
        f'<h1>{escape(words("checks.heading"))}</h1><p class="nb-lead">{escape(words("checks.lead"))}</p>'
        '<p class="nb-hidden nb-check-announced" role="status" aria-live="polite"></p>'
    )
    if not listed.everything:
        return f'<div class="nb-main" data-words="{script}">{head}{_nothing_at_all(index, words)}</div>'
    address = escape(link("checks", **wanted.query(page=wanted.page)))
    return (
        f'<div class="nb-main" data-words="{script}" data-address="{address}">{head}'
        f"{render_progress(listed, wanted, words)}{_filters(index, listed, wanted, words)}"
        f"{_items(index, listed, wanted, words)}</div>"
    )


def _nothing_at_all(index: Index, words: Texts) -> str:
    if index.reports():
        return f'<p class="nb-nothing">{escape(words("checks.none_failing"))}</p>'
    return (
        f'<p class="nb-nothing">{escape(words("checks.none_reports"))} '
        f'<a href="adding">{escape(words("checks.none_reports_link"))}</a></p>'
    )


def render_progress(listed: Listed, wanted: Wanted, words: Texts) -> str:
    """How many were looked at, and the verdicts to choose from with their numbers."""
    done, everything = listed.looked_at
    counts = {**listed.counts["verdict"], ALL: everything}
    tabs = "".join(
        f'<a class="nb-check-tab" data-go href="{link("checks", **wanted.query(verdict=standing))}"'
        f"{' aria-current=true' if wanted.verdict == standing else ''}>"
        f"{escape(words(f'checks.{standing}'))} <b>{counts[standing]:,}</b></a>"
        for standing in (*STANDINGS, ALL)
    )
    said = words("checks.progress", done=f"{done:,}", all=f"{everything:,}")
    bar = f'<progress max="{max(everything, 1)}" value="{done}" aria-label="{escape(said)}"></progress>'
    label = escape(words("check_column.verdict"))
    return (
        f'<div class="nb-check-progress"><nav class="nb-check-tabs" aria-label="{label}">'
        f'{tabs}</nav><p class="nb-check-far">{bar}<span>{escape(said)}</span></p></div>'
    )


def _filters(index: Index, listed: Listed, wanted: Wanted, words: Texts) -> str:
    counts = listed.counts
    sorts = dict.fromkeys(rule.sort for rule in check_rules().values())
    chips = _chips("severity", [(s, words(f"checks.{s}")) for s in (FAULT, WARNING)], counts, wanted, words)
    chips += _chips("sort", [(s, words(f"check_sort.{s}")) for s in sorts], counts, wanted, words)
    kinds = [(kind.value, kinds_name(kind, words.language)) for kind in Kind]
    years = [(y, y if y != UNKNOWN else words("checks.unknown")) for y in sorted(counts["year"], reverse=True)]
    fields = [
        _select(
            "rule", [(r.id, capitalized(r.name(words.language))) for r in check_rules().values()], counts, wanted, words
        ),
        _select(
            "place", [(place, _place_name(place, words)) for place in sorted(counts["place"])], counts, wanted, words
        ),
        _select("kind", kinds, counts, wanted, words),
        _select("year", years, counts, wanted, words),
        f'<div class="nb-field"><label for="nb-check-body">{escape(words("checks.body"))}</label>'
        f'<input id="nb-check-body" name="body" type="search" maxlength="100" value="{escape(wanted.body)}"></div>',
        _grouping(wanted, words),
        f'<div class="nb-field"><label for="nb-check-name">{escape(words("checks.name"))}</label>'
        f'<input id="nb-check-name" type="text" maxlength="80" autocomplete="name" '
        f'placeholder="{escape(words("checks.name_hint"))}"></div>',
    ]
    one = ""
    if wanted.report:
        titles = [report.title for report in index.reports() if report.report_id == wanted.report]
        only = words("checks.one_report", title=titles[0] if titles else wanted.report)
        one = f'<p class="nb-check-only"><a href="{report_link(wanted.report)}">{escape(only)}</a></p>'
    clear = ""
    if wanted.narrows:
        address = link("checks", **Wanted(verdict=wanted.verdict, group=wanted.group).query())
        clear = f'<a data-go href="{address}">{escape(words("checks.clear"))}</a>'
    query = wanted.query()
    files = file_links(FORMATS, lambda form: link(f"nb/checks.{form}", lang=words.language, **query), words)
    return (
        f'{one}<div class="nb-check-chips">{chips}</div>'
        f'<details class="nb-check-more" open>'
        f"<summary>{escape(words('checks.filters'))}</summary>"
        f'<form class="nb-toolbar nb-check-filters" role="search">{"".join(fields)}</form></details>'
        f'<p class="nb-check-line"><span class="nb-check-keys">{escape(words("checks.keys"))}</span>'
        f'<span class="nb-check-line-end">{clear}'
        f'<span class="nb-check-files">{escape(words("checks.download"))} {files}</span></span></p>'
    )


def _chips(
    name: str, options: Iterable[_Option], counts: Mapping[str, Mapping[str, int]], wanted: Wanted, words: Texts
) -> str:
    """Filters that are always in sight: a second press takes one off."""
    chosen = getattr(wanted, name)
    links = [
        f'<a class="nb-check-chip" data-go '
        f'href="{link("checks", **wanted.query(**{name: "" if value == chosen else value}))}"'
        f"{' aria-current=true' if value == chosen else ''}>{escape(shown)} <b>{counts[name].get(value, 0):,}</b></a>"
        for value, shown in options
        if counts[name].get(value) or value == chosen
    ]
    return f'<div role="group" aria-label="{escape(words(f"checks.{name}"))}">{"".join(links)}</div>' if links else ""


def _select(
    name: str, options: Sequence[_Option], counts: Mapping[str, Mapping[str, int]], wanted: Wanted, words: Texts
) -> str:
    chosen, counted = getattr(wanted, name), counts[name]
    # Places are counted at every level, and each check is in a widest place.
    everything = sum(n for value, n in counted.items() if name != "place" or "/" not in value)
    shown = [f'<option value="">{escape(words("checks.any", n=f"{everything:,}"))}</option>']
    known = [option for option in options if counted.get(option[0])]
    if chosen and chosen not in dict(known):
        known.append((chosen, dict(options).get(chosen, chosen)))
    for value, called in known:
        label = words("checks.option", name=called, n=f"{counted.get(value, 0):,}")
        shown.append(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        )
    return (
        f'<div class="nb-field"><label for="nb-check-{name}">{escape(words(f"checks.{name}"))}</label>'
        f'<select id="nb-check-{name}" name="{name}">{"".join(shown)}</select></div>'
    )


def _place_name(place: str, words: Texts) -> str:
    if place == UNKNOWN:
        return words("checks.unknown")
    # Deeper places stand further in; ordinary spaces would be dropped.
    return "\u2003" * place.count("/") + place.rpartition("/")[2]


def _grouping(wanted: Wanted, words: Texts) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == wanted.group else ""}>{escape(words(f"checks.by_{value}"))}'
        "</option>"
        for value in ("report", "rule")
    )
    return (
        f'<div class="nb-field"><label for="nb-check-grouping">{escape(words("checks.group"))}</label>'
        f'<select id="nb-check-grouping" name="group">{options}</select></div>'
    )


def _items(index: Index, listed: Listed, wanted: Wanted, words: Texts) -> str:
    if not listed.items:
        return _nothing_matches(listed, wanted, words)
    page = listed.page(wanted.page)
    evidence = Evidence(index, (item.check for item, _ in page), words)
    of_group = _by_rule if wanted.group == "rule" else _by_report
    totals: dict[str, int] = {}
    for item, _ in listed.items:
        totals[of_group(item)] = totals.get(of_group(item), 0) + 1
    sections = "".join(
        f'<section class="nb-check-group">{_heading(members[0][0], totals[key], wanted, words)}'
        + "".join(render_check(item.check, item.report, found, evidence, words) for item, found in members)
        + "</section>"
        for key, members in _grouped(page, of_group)
    )
    pages = render_pages(
        min(wanted.page, listed.pages),
        listed.pages,
        lambda number: link("checks", **wanted.query(page=number)),
        words,
        said="" if listed.pages == 1 else words("checks.in_all", n=f"{len(listed.items):,}"),
        marks=lambda number: "data-go",
    )
    return f'<div class="nb-check-by-{wanted.group}">{sections}</div>{pages}'


def _by_rule(item: Item) -> str:
    return item.rule.id


def _by_report(item: Item) -> str:
    return item.report.report_id


def _grouped(
    page: Sequence[tuple[Item, Judgement]], key: Callable[[Item], str]
) -> Iterable[tuple[str, list[tuple[Item, Judgement]]]]:
    for value, members in groupby(page, key=lambda found: key(found[0])):
        yield value, list(members)


def _heading(item: Item, number: int, wanted: Wanted, words: Texts) -> str:
    count = f'<span class="nb-check-count">{escape(words("checks.of_group", n=number))}</span>'
    if wanted.group == "rule":
        name, text = capitalized(item.rule.name(words.language)), item.rule.text(words.language)
        return f'<h2>{escape(name)} {count}</h2><p class="nb-lead">{escape(text)}</p>'
    report = item.report
    year = year_name(report.year, words)
    place = f'<span class="nb-soft nb-check-place">{escape(place_name(report.region))}</span>' if report.region else ""
    return (
        f'<h2><a href="{report_link(report.report_id)}">{escape(report.body)} {escape(year)}</a> {place} {count}</h2>'
    )


def _nothing_matches(listed: Listed, wanted: Wanted, words: Texts) -> str:
    _, everything = listed.looked_at
    if everything and wanted.verdict == OPEN:
        sentence = words("checks.none_open", n=f"{everything:,}")
    else:
        sentence = words("checks.none_matching")
    return f'<p class="nb-nothing">{escape(sentence)}</p>'
