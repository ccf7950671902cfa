"""原文在哪, 为啥: what the last answer rests on, in the reports' words, and the reasons that they themselves give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.wording import MEMBERS_NAMED
from assistant.lexicons import read_lexicon
from assistant.prose.relevance import sentences_of
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_text
from vectorstore.records import Span

_REPORTS_READ = 12
"""Reports that are looked through for reasons; a question why is seldom asked of more."""
_SHORTEST_TERM = 2


def with_evidence(inquiry: Inquiry, draft: Draft) -> Draft:
    """The answer's first sentence, then what it rests on: each place quoted, under its report and heading."""
    quotes = list(_quotes(inquiry, draft.rows))
    if not quotes:
        return draft
    shown = quotes[:MEMBERS_NAMED]
    if len(quotes) > len(shown):
        shown.append(inquiry.wording.say("evidence.more", count=len(quotes)))
    return replace(
        draft, sentences=[*draft.sentences[:1], inquiry.wording.say("evidence.lead"), *shown], separator="\n"
    )


def with_reasons(inquiry: Inquiry, draft: Draft) -> Draft:
    """The evidence, and the sentences in which the same reports give a reason for what was asked, if any does."""
    answered = with_evidence(inquiry, draft)
    wording = inquiry.wording
    reasons = []
    for report_id in list(dict.fromkeys(row.report_id for row in draft.rows if row.report_id))[:_REPORTS_READ]:
        report = inquiry.all_reports[report_id]
        for span in _reasons(inquiry.citations.text(report_id), inquiry.plan.metrics):
            quote = wording.quote(span.of(inquiry.citations.text(report_id)))
            cites = markers(inquiry.citations.cite(report_id, span))
            reasons.append(wording.say("evidence.quote", where=wording.report(report), quote=quote, cites=cites))
    said = [wording.say("evidence.reasons"), *reasons] if reasons else [wording.say("evidence.no_reason")]
    return replace(answered, sentences=[*answered.sentences, *said], separator="\n")


def _quotes(inquiry: Inquiry, rows: Sequence[Row]) -> Iterator[str]:
    """A line for each place that the rows cite, in their order."""
    wording = inquiry.wording
    for number in dict.fromkeys(n for row in rows for n in row.citations):
        report, section = inquiry.citations.standing(number)
        where = wording.phrase("evidence.where", report=wording.report(report), section=section)
        where = where if section else wording.report(report)
        quote = wording.quote(inquiry.citations.quote(number))
        yield wording.say("evidence.quote", where=where, quote=quote, cites=markers((number,)))


def _reasons(text: str, metric_ids: Sequence[str]) -> list[Span]:
    """The sentences that hold a word for a reason and one for what was counted."""
    words = re.compile("|".join(map(re.escape, read_lexicon("answer_types")["reasons"]["words"])))
    terms = [term for metric_id in metric_ids for term in _terms(metric_id)]
    found = []
    for span in sentences_of(text):
        sentence = fold_text(span.of(text))
        if words.search(sentence) and any(term in sentence for term in terms):
            found.append(span)
    return found


def _terms(metric_id: str) -> list[str]:
    """The Chinese words by which people call a metric."""
    base = catalogue().split(metric_id)[0].id
    entries = (entry for entry in read_lexicon("metrics")["metric"] if entry["id"] == base)
    terms = (fold_text(term.removeprefix("~")) for entry in entries for term in entry["groups"][0])
    return [term for term in terms if len(term) >= _SHORTEST_TERM and not term.isascii()]
