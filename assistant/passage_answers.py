"""Questions answered in a report's own words: sentences quoted, grouped by report, each cited."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.absence import no_reports
from assistant.answer import Row
from assistant.citations import markers
from assistant.coverage import cover_found
from assistant.inquiry import Draft, Inquiry, stored_scope
from assistant.relevance import Relevance, answer_types_of, sentences_of
from assistant.sections import items_of, part_of_section, role_of, sections_of
from vectorstore.records import Report, Scope, SectionRole, Span

_REPORTS_QUOTED = 5
_SENTENCES_QUOTED = 3
_WHOLE_REPORTS = 3
"""Up to so many reports in scope are read sentence by sentence; more are narrowed by search first."""
_GOOD_SCORE = 0.45
_LEAST_SCORE = 0.2
_NEAR_BEST = 0.6
"""A sentence is quoted beside the best one if it scores at least this share of it."""


def answer_passages(inquiry: Inquiry) -> Draft:
    """Sentences that answer: of a named section, holding the quoted words, or found by search."""
    plan = inquiry.plan
    if not inquiry.reports:
        return no_reports(inquiry)
    role = role_of(plan.aspect)
    if plan.quoted and (plan.operation in ("list", "count") or not plan.words.strip()):
        return _answer_containment(inquiry)
    if role is not None and len({r.body_id for r in inquiry.reports}) <= _REPORTS_QUOTED:
        draft = _answer_section(inquiry, role)
        if draft is not None:
            return draft
    return _answer_search(inquiry)


def _answer_containment(inquiry: Inquiry) -> Draft:
    """Every report in scope that holds all the quoted words literally, white space and width aside."""
    plan, wording = inquiry.plan, inquiry.wording
    patterns = [_literally(words) for words in plan.quoted]
    rows: list[Row] = []
    members: dict[str, list[str]] = defaultdict(list)
    found: set[str] = set()
    first_quotes: list[str] = []
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        hits = [pattern.search(text) for pattern in patterns]
        if not all(hits):
            continue
        spans = [_sentence_around(text, hit.start(), hit.end()) for hit in hits if hit]
        cites = tuple(dict.fromkeys(n for s in spans for n in inquiry.citations.cite(report.report_id, s)))
        found.add(report.report_id)
        rows.append(report_row(report, cites, note=spans[0].of(text)))
        members[report.body].append(f"{wording.year(report.year)}{markers(cites)}")
        first_quotes.append(wording.say("passages.quote", quote=wording.quote(spans[0].of(text)), cites=markers(cites)))
    words = wording.join(plan.quoted)
    coverage = cover_found(inquiry.reports, found)
    searched = wording.say("coverage.searched", scope=inquiry.scope_name, count=len(inquiry.reports))
    if not rows:
        sentence = wording.say(
            "passages.not_mentioned", scope=inquiry.scope_name, count=len(inquiry.reports), words=words
        )
        near = _near_mentions(inquiry)
        if plan.operation in ("list", "count"):
            # That nobody mentions it is itself the answer to who does.
            return Draft("answered", [sentence, *near], value=0, coverage=coverage, separator="\n")
        return Draft("partial" if near else "not_in_corpus", [sentence, *near], coverage=coverage, separator="\n")
    named = [f"{body}（{wording.join(years)}）" for body, years in members.items()]
    sentence = wording.say(
        "passages.mentioned",
        scope=inquiry.scope_name,
        count=len(members),
        words=words,
        members=wording.members(named),
    )
    quotes = first_quotes[:_REPORTS_QUOTED]
    return Draft(
        "answered",
        [sentence, *quotes, searched],
        value=len(members),
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=coverage,
        separator="\n",
    )


def _near_mentions(inquiry: Inquiry) -> list[str]:
    """Where nothing holds the words as they stand: sentences that hold most of them, introduced as just that."""
    draft = _answer_search(inquiry.with_plan(inquiry.plan.model_copy(update={"words": ""})))
    if draft.status != "answered":
        return []
    return [inquiry.wording.say("passages.nearest_words"), *draft.sentences]


def _literally(words: str) -> re.Pattern[str]:
    """Words as they may stand in a text: broken by white space, in either width and case."""

    def forms(character: str) -> str:
        code = ord(character)
        other = chr(code + 0xFEE0) if 0x21 <= code <= 0x7E else character
        return re.escape(character) if other == character else f"[{re.escape(character)}{other}]"

    return re.compile(r"\s*".join(forms(c) for c in words if not c.isspace()), re.IGNORECASE)


def _sentence_around(text: str, start: int, end: int) -> Span:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    for sentence in sentences_of(text, line_start, len(text) if line_end < 0 else line_end):
        if sentence.start <= start and end <= sentence.end:
            return sentence
    return Span(start, end)


def _answer_section(inquiry: Inquiry, role: SectionRole) -> Draft | None:
    """The items of one kind of section, in order, of each report; ``None`` where no report has such a section."""
    wording = inquiry.wording
    lines: list[str] = []
    rows: list[Row] = []
    found: set[str] = set()
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        items = section_items(report, text, role, inquiry.plan.aspect)
        if not items:
            lines.append(wording.say("passages.no_section", body=report.body, year=wording.year(report.year)))
            continue
        found.add(report.report_id)
        lines.append(wording.say("passages.group", body=report.body, year=wording.year(report.year)))
        numbers: list[int] = []
        for position, item in enumerate(items, start=1):
            cites = inquiry.citations.cite(report.report_id, item)
            numbers += cites
            quote = wording.quote(item.of(text))
            lines.append(wording.say("passages.item", n=position, quote=quote, cites=markers(cites)))
        rows.append(report_row(report, tuple(numbers)))
    if not found:
        return None
    return Draft("answered", lines, rows=rows, coverage=cover_found(inquiry.reports, found), separator="\n")


def section_items(report: Report, text: str, role: SectionRole, aspect: str | None) -> list[Span]:
    """The items of a report's sections of a role, in the order of the text."""
    return [
        item
        for section in sections_of(report, role)
        for part in part_of_section(report, text, section, aspect)
        for item in items_of(text, part)
    ]


def _answer_search(inquiry: Inquiry) -> Draft:
    """The sentences that share most with the question, best report first."""
    plan, wording = inquiry.plan, inquiry.wording
    words = " ".join((plan.words, *plan.quoted)).strip() or inquiry.question
    pieces = _pieces(inquiry, words)
    scored = _scored(inquiry, words, pieces)
    best = scored[0][0] if scored else 0.0
    lexical = best >= _LEAST_SCORE
    if not lexical and not (scored and not _shares_script(words)):
        nothing = wording.say("passages.nothing", scope=inquiry.scope_name, count=len(inquiry.reports))
        return Draft("not_in_corpus", [nothing], coverage=cover_found(inquiry.reports, set()))
    kept = [s for s in scored if s[0] >= best * _NEAR_BEST] if lexical else _leading(pieces, scored)
    chosen: dict[str, list[Span]] = defaultdict(list)
    for _, report_id, span in kept:
        if len(chosen[report_id]) < _SENTENCES_QUOTED:
            chosen[report_id].append(span)
    reports = {report.report_id: report for report in inquiry.reports}
    is_sure = best >= _GOOD_SCORE or (lexical and bool(answer_types_of(words)))
    lines = [] if is_sure else [wording.say("passages.nearest")]
    rows: list[Row] = []
    for report_id, spans in list(chosen.items())[:_REPORTS_QUOTED]:
        report, text = reports[report_id], inquiry.citations.text(report_id)
        lines.append(wording.say("passages.group", body=report.body, year=wording.year(report.year)))
        numbers: list[int] = []
        for span in spans:
            cites = inquiry.citations.cite(report_id, span)
            numbers += cites
            quote = wording.quote(span.of(text))
            lines.append(wording.say("passages.quote", quote=quote, cites=markers(cites)))
        rows.append(report_row(report, tuple(numbers)))
    years = {report.year for report in inquiry.reports if report.year is not None}
    if plan.scope.latest and years:
        lines.append(wording.say("value.latest", years=wording.years(years)))
    shown = set(list(chosen)[:_REPORTS_QUOTED])
    return Draft(
        "answered" if is_sure else "partial",
        lines,
        rows=rows,
        coverage=cover_found(inquiry.reports, shown),
        warnings=[] if is_sure else [wording.say("passages.not_outright")],
        separator="\n",
    )


def _scored(inquiry: Inquiry, words: str, pieces: dict[str, list[Span]]) -> list[tuple[float, str, Span]]:
    """The sentences of the pieces with their scores and reports, best first; headings are no sentences."""
    headings = {(r.report_id, s.start): len(s.heading) for r in inquiry.reports for s in r.sections}
    sentences = [
        (report_id, span, span.of(inquiry.citations.text(report_id)))
        for report_id, spans in pieces.items()
        for span in dict.fromkeys(
            s for piece in spans for s in sentences_of(inquiry.citations.text(report_id), piece.start, piece.end)
        )
        if span.end - span.start > headings.get((report_id, span.start), 0) + 1
    ]
    relevance = Relevance(words, [text for _, _, text in sentences])
    scored = [(relevance.score(text), report_id, span) for report_id, span, text in sentences]
    return sorted(scored, key=lambda s: (-s[0], s[1], s[2]))


def _shares_script(words: str) -> bool:
    """Whether words hold Chinese at all: an English question shares no characters with a report."""
    return any("一" <= c <= "鿿" for c in words)


def _pieces(inquiry: Inquiry, words: str) -> dict[str, list[Span]]:
    """Where to look for sentences: the whole of a few reports, else the passages that search finds, best first."""
    if len(inquiry.reports) <= _WHOLE_REPORTS and _shares_script(words):
        return {r.report_id: [Span(0, len(inquiry.citations.text(r.report_id)))] for r in inquiry.reports}
    scope = stored_scope(inquiry.plan.scope)
    if inquiry.plan.scope.latest:
        scope = Scope(report_ids=tuple(r.report_id for r in inquiry.reports))
    pieces: dict[str, list[Span]] = defaultdict(list)
    for hit in inquiry.index.search(words, scope, k=20):
        if not hit.passage.is_table:
            pieces[hit.report.report_id].append(Span(hit.passage.start, hit.passage.end))
    return dict(pieces)


def _leading(pieces: dict[str, list[Span]], scored: Sequence[tuple[float, str, Span]]) -> list[tuple[float, str, Span]]:
    """Without shared words: the sentences of the passages that search put first."""
    first = {report_id: spans[0] for report_id, spans in list(pieces.items())[:_REPORTS_QUOTED]}
    inside = [
        (score, report_id, span)
        for score, report_id, span in scored
        if report_id in first and first[report_id].start <= span.start < first[report_id].end
    ]
    order = list(first)
    return sorted(inside, key=lambda s: (order.index(s[1]), s[2]))


def quote_about_applications(inquiry: Inquiry) -> list[str]:
    """What the prose of the reports in scope says in its section on applications, quoted with citations."""
    quotes = []
    for report in inquiry.reports[:_REPORTS_QUOTED]:
        text = inquiry.citations.text(report.report_id)
        for section in sections_of(report, SectionRole.APPLICATIONS):
            start = min(section.start + len(section.heading), section.end)
            for span in sentences_of(text, start, section.end)[:_SENTENCES_QUOTED]:
                cites = markers(inquiry.citations.cite(report.report_id, span))
                quote = inquiry.wording.quote(span.of(text))
                quotes.append(inquiry.wording.say("passages.quote", quote=quote, cites=cites))
    return quotes


def report_row(report: Report, citations: tuple[int, ...], note: str | None = None) -> Row:
    return Row(
        report_id=report.report_id,
        body=report.body,
        kind=report.kind,
        region=report.region,
        year=report.year,
        citations=citations,
        note=note,
    )
