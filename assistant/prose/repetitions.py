"""Sentences of several reports that say nearly the same: quoted once, the others named and cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.inquiry import Inquiry
from assistant.prose.relevance import sentences_of
from vectorstore.folding import fold_text
from vectorstore.records import Hit, Report, Span
from vectorstore.retrieval.repeats import Wording, wording_of

Place = tuple[str, Span]
"""A report's id and a sentence of it."""

_MOST = 20
"""Repetitions of one sentence that are named."""


def told_apart(inquiry: Inquiry, sentences: Sequence[Place], hits: Sequence[Hit]) -> dict[Place, list[Place]]:
    """The sentences that say something of their own, each with its repetitions in other reports, in order.

    Args:
        sentences: Best first; of those that are alike the best stands for the others.
        hits: What the search found: passages that it left out as repetitions are read too.
    """
    reports = {report.report_id: report for report in inquiry.reports}
    wordings: dict[Place, Wording] = {}
    groups: dict[Place, list[Place]] = {}
    for place in sentences:
        wording = _wording(inquiry, reports[place[0]], place[1])
        like = next((first for first in groups if first[0] != place[0] and wordings[first].is_like(wording)), None)
        if like is None:
            groups[place], wordings[place] = [], wording
        elif all(report_id != place[0] for report_id, _ in groups[like]):
            groups[like].append(place)
    for first, others in groups.items():
        told = {first[0], *(report_id for report_id, _ in others)}
        for place in _left_out(inquiry, first, hits):
            is_new = place[0] not in told and place[0] in reports and len(others) < _MOST
            if is_new and wordings[first].is_like(_wording(inquiry, reports[place[0]], place[1])):
                told.add(place[0])
                others.append(place)
    return groups


def _left_out(inquiry: Inquiry, first: Place, hits: Sequence[Hit]) -> Iterator[Place]:
    """The sentences of the passages that the search left out for the one that a sentence stands in."""
    for hit in hits:
        passage = hit.passage
        if hit.report.report_id == first[0] and passage.start <= first[1].start < passage.end:
            for passage_id in hit.repeats[:_MOST]:
                report_id, _, extent = passage_id.rpartition(":")
                start, _, end = extent.partition("-")
                text = inquiry.citations.text(report_id)
                yield from ((report_id, span) for span in sentences_of(text, int(start), int(end)))


def _wording(inquiry: Inquiry, report: Report, span: Span) -> Wording:
    return wording_of(fold_text(span.of(inquiry.citations.text(report.report_id))), (report.body,))
