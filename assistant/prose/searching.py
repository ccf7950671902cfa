"""Sentences that share most with a question, found by search, quoted and cited."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.answer import Row
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.report_rows import report_row
from assistant.prose.quoting import quote_each, say_whose
from assistant.prose.relevance import AnswerType, Relevance, answer_types_of, sentences_of
from vectorstore.folding import fold_text
from vectorstore.records import Report, Scope, SectionRole, Span

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
PASSAGES_READ = 20
"""Passages of which each sentence is looked at."""
_GOOD_SCORE = 0.45
_LEAST_SCORE = 0.2
_NEAR_BEST = 0.6
"""A sentence is quoted beside the best one if it scores at least this share of it."""


def answer_search(inquiry: Inquiry) -> Draft:
    """The sentences that hold most of the question, best report first."""
    plan, wording = inquiry.plan, inquiry.wording
    words = " ".join((plan.words, *plan.quoted)).strip() or inquiry.question
    scored = _scored(inquiry, words, _pieces(inquiry, words))
    best = scored[0][0] if scored else 0.0
    if best < _LEAST_SCORE:
        return _nothing(inquiry)
    kinds = answer_types_of(words)
    kept = [s for s in scored if s[0] >= best * _NEAR_BEST]
    of_form = _of_form(inquiry, kinds, kept) if kinds else []
    kept = of_form or kept
    chosen: dict[str, list[Span]] = defaultdict(list)
    for _, report_id, span in kept:
        if len(chosen[report_id]) < SENTENCES_QUOTED:
            chosen[report_id].append(span)
    reports = {report.report_id: report for report in inquiry.reports}
    is_sure = bool(of_form) if any(kind.name == REASON for kind in kinds) else best >= _GOOD_SCORE or bool(kinds)
    lines = [] if is_sure else [wording.say("passages.nearest")]
    rows: list[Row] = []
    for report_id, spans in list(chosen.items())[:REPORTS_QUOTED]:
        report = reports[report_id]
        quotes, numbers = quote_each(inquiry, report, spans)
        lines += [say_whose(inquiry, report), *quotes]
        rows.append(report_row(report, tuple(numbers)))
    years = {report.year for report in inquiry.reports if report.year is not None}
    if plan.scope.latest and years:
        lines.append(wording.say("value.latest", years=wording.years(years)))
    shown = set(list(chosen)[:REPORTS_QUOTED])
    return Draft(
        "answered" if is_sure else "partial",
        lines,
        rows=rows,
        coverage=cover_found(inquiry.reports, shown),
        warnings=[] if is_sure else [wording.say("passages.not_outright")],
        separator="\n",
    )


def _nothing(inquiry: Inquiry) -> Draft:
    nothing = inquiry.wording.say("passages.nothing", scope=inquiry.scope_name, count=len(inquiry.reports))
    return Draft("not_in_corpus", [nothing], coverage=cover_found(inquiry.reports, set()))


def _scored(inquiry: Inquiry, words: str, pieces: dict[str, list[Span]]) -> list[tuple[float, str, Span]]:
    """The sentences of the pieces with their scores and reports, best first; headings are no sentences."""
    kinds, reports = answer_types_of(words), {r.report_id: r for r in inquiry.reports}
    headings = {(r_id, s.start): len(s.heading) for r_id in pieces for s in reports[r_id].sections}
    sentences = [
        (report_id, span, span.of(inquiry.citations.text(report_id)))
        for report_id, spans in pieces.items()
        for span in dict.fromkeys(
            s for piece in spans for s in sentences_of(inquiry.citations.text(report_id), piece.start, piece.end)
        )
        if span.end - span.start > headings.get((report_id, span.start), 0) + 1
        and not _is_of_table(reports[report_id], span, inquiry.citations.text(report_id))
        and not _is_boilerplate(reports[report_id], span, inquiry.citations.text(report_id), kinds)
    ]
    relevance = Relevance(words, [text for _, _, text in sentences])
    scored = [(relevance.score(text), report_id, span) for report_id, span, text in sentences]
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


def _pieces(inquiry: Inquiry, words: str) -> dict[str, list[Span]]:
    """Where to look for sentences: the passages that search finds in the reports in scope, best first."""
    scope = stored_scope(inquiry.plan.scope)
    if len(inquiry.reports) < len(inquiry.index.reports(scope)):
        scope = Scope(report_ids=tuple(report.report_id for report in inquiry.reports))
    pieces: dict[str, list[Span]] = defaultdict(list)
    for hit in inquiry.index.search(words, scope, k=PASSAGES_READ):
        if not hit.passage.is_table:
            pieces[hit.report.report_id].append(Span(hit.passage.start, hit.passage.end))
    return dict(pieces)
