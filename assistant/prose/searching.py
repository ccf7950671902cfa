"""Sentences that share most with a question, found by search, quoted and cited."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.report_rows import report_row
from assistant.prose.quoting import cited_bodies, quote_each, say_whose
from assistant.prose.relevance import AnswerType, Relevance, answer_types_of, sentences_of, with_expected_words
from assistant.prose.repetitions import told_apart
from vectorstore.folding import fold_text
from vectorstore.records import Hit, Report, Scope, SectionRole, Span
from vectorstore.retrieval.confidence import ANSWERS, LEAST, TOLD
from vectorstore.retrieval.word_scores import standardise

_ENDED = re.compile(r"[。！？；;!?：:]")
_TITLE = re.compile("年度报告|年报|工作报告|示例|人民政府$|委员会$|办公室$|局$|处$")
_LONGEST_TITLE = 60
_STATED = re.compile(r"[。！？；;!?][”’」』）)]*$")
"""How a sentence ends that stands under the heading of a table."""
_TABLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)
REASON = "reason"
"""The form of an answer to why: without a reason no sentence is one."""
REPORTS_QUOTED = 5
SENTENCES_QUOTED = 3
_PASSAGES_READ = 20
"""Passages of which each sentence is looked at."""
_OF_PASSAGE = 0.1
"""What a standard deviation of the passage's score, among those found, adds to a sentence's share of the question."""
_AT_LEAST = 3
"""Sentences that are quoted where none stands out: the best one alone answers 60 of 100 tuning questions, one of the
first three 77."""
_BEHIND_FORM = 0.2
"""A sentence of the form that is asked for answers if it scores at most so much less than the best of any form."""
_BEHIND_BEST = 0.1
"""Further sentences are quoted if they score at most so much less than the best one."""


def answer_search(inquiry: Inquiry) -> Draft:
    """The sentences that hold most of the question, best report first."""
    plan, wording = inquiry.plan, inquiry.wording
    words = " ".join((plan.words, *plan.quoted)).strip() or inquiry.question
    hits = _found(inquiry, with_expected_words(words))
    likelihood = hits[0].likelihood if hits else 0.0
    kinds = answer_types_of(words)
    scored = _scored(inquiry, words, kinds, hits)
    least = 1 if likelihood >= TOLD else _AT_LEAST
    kept = [s for at, s in enumerate(scored) if at < least or s[0] >= scored[0][0] - _BEHIND_BEST]
    of_form = _of_form(inquiry, kinds, [s for s in kept if s[0] >= kept[0][0] - _BEHIND_FORM]) if kinds else []
    kept = of_form or kept
    if not kept or (likelihood < LEAST and not of_form):
        return _nothing(inquiry)
    groups = told_apart(inquiry, [(report_id, span) for _, report_id, span in kept], hits)
    chosen: dict[str, list[Span]] = defaultdict(list)
    for report_id, span in groups:
        if len(chosen[report_id]) < SENTENCES_QUOTED:
            chosen[report_id].append(span)
    reports = {report.report_id: report for report in inquiry.reports}
    wants_reason = any(kind.name == REASON for kind in kinds)
    is_sure = bool(of_form) or (not wants_reason and likelihood >= ANSWERS)
    lines = [] if is_sure else [wording.say("passages.nearest")]
    cited: dict[str, list[int]] = defaultdict(list)
    for report_id, spans in list(chosen.items())[:REPORTS_QUOTED]:
        lines.append(say_whose(inquiry, reports[report_id]))
        for span in spans:
            quotes, numbers = quote_each(inquiry, reports[report_id], [span])
            cited[report_id] += numbers
            alike = [(other, inquiry.citations.cite(other, place)) for other, place in groups[report_id, span]]
            lines += [*quotes, *_say_alike(inquiry, [(reports[other], cites) for other, cites in alike])]
            for other, cites in alike:
                cited[other] += cites
    rows = [report_row(reports[report_id], tuple(dict.fromkeys(numbers))) for report_id, numbers in cited.items()]
    years = {report.year for report in inquiry.reports if report.year is not None}
    if plan.scope.latest and years:
        lines.append(wording.say("value.latest", years=wording.years(years)))
    return Draft(
        "answered" if is_sure else "partial",
        lines,
        rows=rows,
        coverage=cover_found(inquiry.reports, set(cited)),
        warnings=[] if is_sure else [wording.say("passages.not_outright")],
        separator="\n",
    )


def _say_alike(inquiry: Inquiry, cited: Sequence[tuple[Report, Sequence[int]]]) -> list[str]:
    if not cited:
        return []
    members = inquiry.wording.members(cited_bodies(inquiry, cited))
    return [inquiry.wording.say("passages.alike", count=len(cited), members=members)]


def _nothing(inquiry: Inquiry) -> Draft:
    nothing = inquiry.wording.say("passages.nothing", scope=inquiry.scope_name, count=len(inquiry.reports))
    return Draft("not_in_corpus", [nothing], coverage=cover_found(inquiry.reports, set()))


def _scored(
    inquiry: Inquiry, words: str, kinds: Sequence[AnswerType], hits: Sequence[Hit]
) -> list[tuple[float, str, Span]]:
    """The sentences of the passages found with their scores and reports, best first; headings are no sentences."""
    sentences: dict[tuple[str, Span], tuple[float, str]] = {}
    for hit, standing in zip(hits, standardise([hit.score for hit in hits]), strict=True):
        report, text = hit.report, inquiry.citations.text(hit.report.report_id)
        headings = {section.start: len(section.heading) for section in report.sections}
        for span in sentences_of(text, hit.passage.start, hit.passage.end):
            is_heading = span.end - span.start <= headings.get(span.start, 0) + 1
            if is_heading or _is_of_table(report, span, text) or _is_boilerplate(report, span, text, kinds):
                continue
            sentences.setdefault((report.report_id, span), (standing, span.of(text)))
    relevance = Relevance(words, [sentence for _, sentence in sentences.values()])
    scored = [
        (relevance.score(sentence) + _OF_PASSAGE * standing, report_id, span)
        for (report_id, span), (standing, sentence) in sentences.items()
    ]
    return sorted(scored, key=lambda s: (-s[0], s[1], s[2]))


def _is_of_table(report: Report, span: Span, text: str) -> bool:
    """Whether a piece is a row or a label of the form's tables: it states nothing by itself."""
    piece = span.of(text)
    if piece.count("\t") > 1:
        return True
    in_table = any(s.role in _TABLES and s.start <= span.start < s.end for s in report.sections)
    return in_table and not _STATED.search(piece)


def _is_boilerplate(report: Report, span: Span, text: str, kinds: Sequence[AnswerType]) -> bool:
    """Whether a line says nothing: a title, or the preamble, except where it has the form that is asked for."""
    sentence = span.of(text)
    if any(kind.pattern.search(fold_text(sentence)) for kind in kinds):
        return False
    first_section = min((s.start for s in report.sections if s.role is not SectionRole.PREAMBLE), default=0)
    is_line = not _ENDED.search(sentence) and len(sentence) < _LONGEST_TITLE
    return span.start < first_section or (is_line and _TITLE.search(sentence) is not None)


def _of_form(
    inquiry: Inquiry, kinds: Sequence[AnswerType], scored: Sequence[tuple[float, str, Span]]
) -> list[tuple[float, str, Span]]:
    """Of each report the best sentence of each form asked for: a name needs one quote, not three."""
    kept: dict[tuple[str, Span], tuple[float, str, Span]] = {}
    for kind in kinds:
        told: set[str] = set()
        for score, report_id, span in scored:
            sentence = fold_text(span.of(inquiry.citations.text(report_id)))
            if report_id not in told and kind.pattern.search(sentence):
                told.add(report_id)
                kept[report_id, span] = (score, report_id, span)
    return list(kept.values())


def _found(inquiry: Inquiry, words: str) -> list[Hit]:
    """The passages that search finds in the reports in scope, best first, without tables."""
    scope = stored_scope(inquiry.plan.scope)
    if len(inquiry.reports) < len(inquiry.index.reports(scope)):
        scope = Scope(report_ids=tuple(report.report_id for report in inquiry.reports))
    return [hit for hit in inquiry.index.search(words, scope, k=_PASSAGES_READ) if not hit.passage.is_table]
