"""Search in the texts of the reports that the filters leave, and what it found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape, place_name, report_link
from ui.web.reports.browsing import HITS_SHOWN, MOST_HITS, Filters, Found, scope_of, shelf_of
from ui.web.reports.report_text import table_rows
from ui.web.site import Site
from vectorstore.catalogue import kinds_name
from vectorstore.folding import fold_one_to_one
from vectorstore.records import Hit, Scope, Span
from vectorstore.retrieval.confidence import ANSWERS
from vectorstore.retrieval.query_terms import read_query
from vectorstore.retrieval.requirements import requirements_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

LONGEST_EXCERPT = 320
"""Characters of a passage that a hit shows around what answers."""
ROWS_SHOWN = 3
NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found.

    Attributes:
        hits: Best first.
        words: What was looked for: the query without what narrowed it.
        given, within: The scope of the filters, and that which the query's own words made of it.
    """

    hits: Sequence[Hit]
    words: str
    given: Scope
    within: Scope

    @property
    def is_narrowed(self) -> bool:
        """Whether the query's words left reports out."""
        return self.given != self.within

    @property
    def answers(self) -> bool:
        """Whether some sentence says it outright, as far as can be told."""
        return bool(self.hits) and self.hits[0].likelihood >= ANSWERS


def search(assistant: Assistant, filters: Filters, found: Found) -> Search:
    """Look for what the filters ask, among the reports that they leave.

    As `Assistant.search`, but over any scope, and telling what became of it.
    """
    given = scope_of(filters, found)
    if not filters.narrow:
        hits = assistant.index.search(filters.query, given, filters.shown)
        return Search(hits, filters.query, given, given)
    narrowed, wanted = assistant.narrow(filters.query, given)
    return Search(assistant.index.search(wanted, narrowed, filters.shown), wanted, given, narrowed)


def render_search(site: Site, filters: Filters, found: Found, words: Texts) -> str:
    """What a search found, or words that say why nothing."""
    done = search(site.assistant, filters, found)
    narrowed = _narrowing(site, done, filters, words)
    if not done.hits:
        return narrowed + _nothing(filters, done, words)
    lead = "" if done.answers else f'<p class="nb-remark">{escape(words("reports.nearest"))}</p>'
    terms = highlighted(done.words)
    hits = "".join(_hit(site, hit, terms, words) for hit in done.hits)
    more = ""
    if len(done.hits) >= filters.shown and filters.shown < MOST_HITS:
        wider = replace(filters, shown=min(filters.shown + 2 * HITS_SHOWN, MOST_HITS))
        label = escape(words("reports.more_hits"))
        more = f'<p class="nb-more-hits"><a class="nb-button" href="{wider.address()}">{label}</a></p>'
    return f'{narrowed}{lead}<ol class="nb-hits">{hits}</ol>{more}'


def _narrowing(site: Site, done: Search, filters: Filters, words: Texts) -> str:
    if not done.is_narrowed:
        return ""
    given, scope = done.given, done.within
    names = {body.body_id: body.name for body in site.assistant.index.bodies()} if scope.body_ids else {}
    told = [
        *(names.get(body_id, body_id) for body_id in scope.body_ids if body_id not in given.body_ids),
        *(f"“{name}”" for name in scope.names if name not in given.names),
        *(place_name(region) for region in scope.regions if region not in given.regions),
        *(words("reports.of_year", year=year) for year in scope.years if year not in given.years),
        *(kinds_name(kind, words.language) for kind in scope.kinds if kind not in given.kinds),
    ]
    if len(told) > NAMES_SHOWN:
        told = [*told[:NAMES_SHOWN], "…"]
    if scope.report_ids != given.report_ids:
        told.append(words("reports.left_out"))
    widened = replace(filters, narrow=False, shown=HITS_SHOWN)
    said = escape(words("reports.narrowed", what=words("reports.separator").join(told)))
    return f'<p class="nb-remark">{said} <a href="{widened.address()}">{escape(words("reports.not_narrowed"))}</a></p>'


def _nothing(filters: Filters, done: Search, words: Texts) -> str:
    ways = []
    if requirements_of(done.words).words:
        ways.append(words("reports.loosen_phrase"))
    elif requirements_of(done.words):
        ways.append(words("reports.loosen_numbers"))
    listed = "".join(f"<li>{escape(way)}</li>" for way in ways)
    if not filters.is_open:
        listed += f'<li><a href="{filters.cleared().address()}">{escape(words("reports.loosen_filters"))}</a></li>'
    advice = f"<ul>{listed}</ul>" if listed else f"<p>{escape(words('reports.loosen_words'))}</p>"
    return f'<div class="nb-nothing"><p>{escape(words("reports.no_hits", query=filters.query))}</p>{advice}</div>'


def highlighted(query: str) -> re.Pattern[str] | None:
    """What finds the words of a query in a folded text: what it quotes, else its terms of two characters and more."""
    quoted = requirements_of(query).words
    if quoted:
        ways = [r"\s*".join(map(re.escape, word)) for word in quoted]
    else:
        # What stands for an English query in the reports is all Chinese; of a Chinese one its own words are enough.
        read = read_query(query)
        terms = read.all if query.isascii() else read.own
        ways = [re.escape(term) for term in sorted(terms, key=len, reverse=True) if len(term) > 1]
    # Looking ahead, so that bigrams that overlap are all found and make one mark.
    return re.compile(f"(?=({'|'.join(ways)}))") if ways else None


def spans_of(terms: re.Pattern[str] | None, text: str) -> list[Span]:
    """Where the terms stand, those that touch as one."""
    joined: list[Span] = []
    for match in terms.finditer(fold_one_to_one(text)) if terms is not None else ():
        start, end = match.span(1)
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Span(start, end))
    return joined


def _pieces(text: str, start: int, end: int, terms: Iterable[Span]) -> Iterator[str]:
    position = start
    for term in terms:
        left, right = max(term.start, position), min(term.end, end)
        if left < right:
            yield escape(text[position:left])
            yield f"<b>{escape(text[left:right])}</b>"
            position = right
    yield escape(text[position:end])


def excerpt(text: str, sentences: Sequence[Span], terms: re.Pattern[str] | None) -> str:
    """A passage as HTML, or a part of it around what answers, its sentences marked and the words that were looked for.

    Args:
        sentences: Spans of ``text``, in order, not overlapping.
    """
    found = spans_of(terms, text)
    centre = sentences[0].start if sentences else found[0].start if found else 0
    start, end = 0, len(text)
    if len(text) > LONGEST_EXCERPT:
        start = max(0, centre - LONGEST_EXCERPT // 4)
        last = sentences[-1].end if sentences else start
        end = min(len(text), max(start + LONGEST_EXCERPT, min(last, centre + 2 * LONGEST_EXCERPT)))
    rendered = ["…" if start else ""]
    position = start
    for sentence in sentences:
        left, right = max(sentence.start, position), min(sentence.end, end)
        if left >= right:
            continue
        rendered.extend(_pieces(text, position, left, found))
        rendered.append(f"<mark>{''.join(_pieces(text, left, right, found))}</mark>")
        position = right
    rendered.extend(_pieces(text, position, end, found))
    rendered.append("…" if end < len(text) else "")
    return "".join(rendered)


def _rows(text: str, terms: re.Pattern[str] | None) -> str:
    """Of a table the rows that hold what was looked for; else its first."""
    rows = table_rows(text, Span(0, len(text)))
    found = spans_of(terms, text)
    holding = [row for row in rows if any(row[0].start <= term.start < row[-1].end for term in found)]
    lines = []
    for row in (holding or rows)[:ROWS_SHOWN]:
        cells = ("".join(_pieces(text, cell.start, cell.end, found)) for cell in row if cell.start < cell.end)
        lines.append(f"<p>{' <i>|</i> '.join(cells)}</p>")
    return "".join(lines)


def _hit(site: Site, hit: Hit, terms: re.Pattern[str] | None, words: Texts) -> str:
    passage, report = hit.passage, hit.report
    inside = [Span(span.start - passage.start, span.end - passage.start) for span in hit.sentences]
    start, end = (hit.sentences[0].start, hit.sentences[-1].end) if hit.sentences else (passage.start, passage.end)
    shown = _rows(passage.text, terms) if passage.is_table else f"<p>{excerpt(passage.text, inside, terms)}</p>"
    year = words("reports.of_year", year=report.year) if report.year else words("reports.year_unknown")
    where = f'<p class="nb-soft nb-where" lang="zh">{escape(passage.section)}</p>' if passage.section else ""
    return (
        f'<li class="nb-hit"><h3 lang="zh"><a href="{report_link(report.report_id, start, end)}">{escape(report.body)}'
        f' <span class="nb-soft">{escape(year)}</span></a></h3>{where}'
        f'<blockquote lang="zh">{shown}</blockquote>{_repeats(site, hit.repeats, words)}</li>'
    )


def _repeats(site: Site, passage_ids: Sequence[str], words: Texts) -> str:
    if not passage_ids:
        return ""
    reports = {one.report.report_id: one.report for one in shelf_of(site.assistant.index).listed}
    items = []
    for passage_id in passage_ids:
        report_id, _, place = passage_id.rpartition(":")
        start, _, end = place.partition("-")
        report = reports.get(report_id)
        if report is not None and start.isdigit() and end.isdigit():
            name = f"{report.body} {report.year or ''}".strip()
            items.append(f'<li><a href="{report_link(report_id, int(start), int(end))}">{escape(name)}</a></li>')
    label = escape(words("reports.repeats", n=len(passage_ids)))
    return f'<details class="nb-repeats"><summary>{label}</summary><ul lang="zh">{"".join(items)}</ul></details>'
