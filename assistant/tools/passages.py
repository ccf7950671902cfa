"""What a search found, as an agent reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answering.permanent_ids import place_id
from assistant.tools.arguments import MOST_HITS
from assistant.tools.calls import Room, call, file_name, shortened
from assistant.tools.results import FoundPassage, SearchResult
from vectorstore.index import Index
from vectorstore.records import Hit, Span
from vectorstore.retrieval.confidence import ANSWERS

_LONGEST_PASSAGE = 400
_RESERVE = 400


def search_result(index: Index, hits: Sequence[Hit], query: str, scope: Mapping[str, Any], limit: int) -> SearchResult:
    """The first ``limit`` hits as far as there is room; one more hit than that says that there are more."""
    note = None
    if not hits:
        note = "No passage fits. Search for fewer or other words, or with a wider scope."
    elif hits[0].likelihood < ANSWERS:
        note = "None of these says it outright, as far as can be told; they are the nearest."
    result = SearchResult(note=note)
    texts = index.texts({hit.report.report_id for hit in hits})
    room, shown = Room(result, _RESERVE), list[FoundPassage]()
    for n, hit in enumerate(hits[:limit], start=1):
        passage = _passage(hit, n, texts[hit.report.report_id])
        if not room.take(passage) and shown:
            break
        shown.append(passage)
    more = None
    if len(shown) < min(len(hits), limit):
        more = f"{len(shown)} of {min(len(hits), limit)} passages had room; narrow the search by year, kind or region."
    elif len(hits) > limit and limit < MOST_HITS:
        wider = call("search", query=query, **scope, limit=min(2 * limit, MOST_HITS))
        more = f"{limit} passages, and there are more; call {wider}."
    elif len(hits) > limit:
        more = f"{limit} passages, and there are more; narrow the search by year, kind, region or body."
    return result.model_copy(update={"passages": tuple(shown), "more": more})


def _passage(hit: Hit, n: int, text: str) -> FoundPassage:
    passage, report = hit.passage, hit.report
    span = Span(passage.start, passage.end)
    if hit.sentences:
        span = Span(hit.sentences[0].start, hit.sentences[-1].end)
    return FoundPassage(
        n=n,
        id=place_id(report.report_id, span.start, span.end, text),
        report_id=report.report_id,
        body=report.body,
        year=report.year,
        title=report.title,
        section=passage.section,
        quote=shortened(passage.quote(span), _LONGEST_PASSAGE),
        start=span.start,
        end=span.end,
        page=passage.page,
        source=file_name(report.source),
        kind=report.kind,
        region=report.region,
        also_in=len(hit.repeats),
    )
