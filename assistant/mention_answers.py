"""Numbers of the prose outside the official form: the clauses that state what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.absence import no_reports
from assistant.answer import Row
from assistant.citations import markers
from assistant.coverage import cover_found
from assistant.inquiry import Draft, Inquiry, stored_scope
from assistant.passage_answers import answer_passages
from assistant.relevance import Relevance, TranslatedRelevance
from assistant.translation import translated
from assistant.wording import MEMBERS_NAMED, as_number
from vectorstore.records import Mention, Report, Span

_COUNTER = re.compile(r"(?:多少|几)([个件条次份篇家起项名位场期宗例处])")
_WHOLE_REPORTS = 50
"""Of so many reports all mentions are looked at; of more only those that count something named in the question."""
_LEAST_SCORE = 0.4
_LEAST_COUNTED = 0.1
_NEAR_BEST = 0.85


def answer_mentions(inquiry: Inquiry) -> Draft:
    """The clauses that state the number asked for; ``value`` is it where one body states exactly one."""
    plan, wording = inquiry.plan, inquiry.wording
    reports = {report.report_id: report for report in inquiry.reports}
    if not reports:
        return no_reports(inquiry)
    # None for all mentions: words that are only near what is counted are weighed below.
    narrowing = None if len(reports) <= _WHOLE_REPORTS else plan.words
    found = [
        m
        for m in inquiry.index.mentions(stored_scope(plan.scope), narrowing)
        if m.report_id in reports and (m.body_id, m.year) == _issue(reports[m.report_id])
    ]
    texts = {report_id: inquiry.citations.text(report_id) for report_id in {m.report_id for m in found}}
    chosen = matching(plan.words, found, texts)
    if not chosen:
        return _fall_back(inquiry)
    rows, clauses = [], []
    for mention in chosen:
        report = reports[mention.report_id]
        cites = inquiry.citations.cite(mention.report_id, Span(mention.start, mention.end))
        rows.append(_row(report, mention, cites))
        quote = wording.quote(texts[mention.report_id][mention.start : mention.end])
        named = {"body": report.body, "year": wording.year(report.year), "clause": quote, "cites": markers(cites)}
        clauses.append((mention, named))
    values = {(m.value, m.unit) for m in chosen}
    single = chosen[0] if len(reports) == 1 and len(values) == 1 else None
    if single is not None:
        value = wording.quantity(single.value, single.unit, single.qualifier)
        sentences = [wording.say("mentions.one", value=value, **clauses[0][1])]
    else:
        shown = [wording.phrase("mentions.several", **named) for _, named in clauses[:MEMBERS_NAMED]]
        sentences = [wording.clauses(shown)]
    sentences.append(wording.say("mentions.outside"))
    if plan.scope.latest:
        years = {r.year for r in inquiry.reports if r.year is not None}
        sentences.append(wording.say("value.latest", years=wording.years(years)))
    return Draft(
        "answered",
        sentences,
        value=as_number(single.value) if single else None,
        unit=single.unit if single else None,
        rows=rows,
        coverage=cover_found(inquiry.reports, {m.report_id for m in chosen}),
    )


def matching(words: str, mentions: Sequence[Mention], texts: dict[str, str]) -> list[Mention]:
    """The mentions whose clause shares most with the words, those close to the best one included.

    What is counted weighs as much as the clause around it: a number isn't about 政策文件 for standing beside one.
    """
    if not words.strip() or not mentions:
        return []
    clauses = [texts[m.report_id][m.start : m.end] for m in mentions]
    counterparts = translated(words)
    relevance = TranslatedRelevance(words, counterparts) if counterparts else Relevance(words, clauses)
    if not relevance.has_terms:
        return []
    # A clause is about the words if what it counts is: 解读政策文件26件 counts no press conferences for naming them.
    counted = [relevance.score(mention.counted) for mention in mentions]
    scores = [
        0.0
        if about < _LEAST_COUNTED
        else (relevance.score(clause) + relevance.score(mention.counted + mention.unit)) / 2
        for clause, mention, about in zip(clauses, mentions, counted, strict=True)
    ]
    best = max(scores)
    if best < _LEAST_SCORE:
        return []
    chosen = [m for m, score in zip(mentions, scores, strict=True) if score >= best * _NEAR_BEST]
    return list({(m.report_id, m.start, m.value, m.counted): m for m in chosen}.values())


def _issue(report: Report) -> tuple[str, int | None]:
    return report.body_id, report.year


def _row(report: Report, mention: Mention, cites: tuple[int, ...]) -> Row:
    return Row(
        report_id=report.report_id,
        body=report.body,
        kind=report.kind,
        region=report.region,
        year=report.year,
        label=mention.counted,
        value=as_number(mention.value),
        unit=mention.unit,
        citations=cites,
        note=mention.qualifier,
    )


def _tells_number(inquiry: Inquiry, draft: Draft) -> bool:
    """Whether the first sentence quoted has a number with the counting word that was asked for: 几处, 24处."""
    asked = _COUNTER.search(inquiry.question)
    if asked is None or not draft.rows or not draft.rows[0].citations:
        return False
    quote = inquiry.citations.quote(draft.rows[0].citations[0])
    return re.search(rf"\d\s*[余多]?{re.escape(asked[1])}", quote) is not None


def _fall_back(inquiry: Inquiry) -> Draft:
    """No number matches: the sentences nearest to the question, if any, said to be no number."""
    wording, plan = inquiry.wording, inquiry.plan
    nothing = wording.say(
        "mentions.nothing", scope=inquiry.scope_name, count=len(inquiry.reports), words=plan.words or inquiry.question
    )
    draft = answer_passages(inquiry.with_plan(plan.model_copy(update={"operation": "value", "aspect": None})))
    if draft.status == "not_in_corpus":
        return Draft("not_in_corpus", [nothing], coverage=draft.coverage)
    if draft.status == "answered" and _tells_number(inquiry, draft):
        return draft
    draft.sentences = [nothing, *draft.sentences]
    draft.status = "partial"
    return draft
