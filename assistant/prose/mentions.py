"""Numbers of the prose outside the official form: the clauses that state what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.report_rows import report_row
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.lexicons import read_lexicon
from assistant.prose.containment import as_asked, is_unheard_of, named_in_texts, topic_of
from assistant.prose.passages import answer_passages
from assistant.prose.relevance import Relevance, TranslatedRelevance
from assistant.prose.translation import is_chinese, translated
from vectorstore.folding import fold_text
from vectorstore.records import Mention, Report, Span

_ASKS_AMOUNT = re.compile(r"多少|how (?:many|much)", re.IGNORECASE)
_WHOLE_REPORTS = 50
"""Of so many reports all mentions are looked at; of more only those that count something named in the question."""
_LEAST_SCORE = 0.4
_LEAST_COUNTED = 0.1
_NEAR_BEST = 0.85


def answer_mentions(inquiry: Inquiry) -> Draft:
    """The clauses that state the number asked for; ``value`` is it where one body states exactly one."""
    if not inquiry.reports:
        return named_in_texts(inquiry)
    return _stated(inquiry) or _fall_back(inquiry)


def answer_words(inquiry: Inquiry) -> Draft:
    """The answer to a question about passages: where it asks how many, the clause that says so before any other."""
    if inquiry.plan.operation == "value" and counted_units(inquiry.plan.words):
        draft = _stated(inquiry)
        if draft is not None:
            return draft
    draft = answer_passages(inquiry)
    if draft.status == "partial" and inquiry.plan.operation == "value" and _ASKS_AMOUNT.search(inquiry.plan.words):
        return _unmentioned(inquiry) or draft
    return draft


def _stated(inquiry: Inquiry) -> Draft | None:
    plan, wording = inquiry.plan, inquiry.wording
    reports = {report.report_id: report for report in inquiry.reports}
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
        return None
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
    people = asks_for_people(words)
    units = counted_units(words)
    if people:
        mentions = [m for m in mentions if m.unit in units]
        # Who is counted is said in many ways, 参训人员 and 干部; what they did is not.
        words = re.sub(_lexicon()["people"] if is_chinese(words) else "^$", " ", fold_text(words)).strip()
        words = words.removesuffix("参加").strip() or words
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
    chosen = [m for m in chosen if m.unit in units] or chosen
    return list({(m.report_id, m.start, m.value, m.counted): m for m in chosen}.values())


def _issue(report: Report) -> tuple[str, int | None]:
    return report.body_id, report.year


def _row(report: Report, mention: Mention, cites: tuple[int, ...]) -> Row:
    value = as_number(mention.value)
    return report_row(report, cites, label=mention.counted, value=value, unit=mention.unit, note=mention.qualifier)


def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = read_lexicon("answer_types")["counted"]
    return lexicon


def asks_for_people(words: str) -> bool:
    """Whether a question asks for a number of people: 培训了多少人, how many cadres."""
    return re.search(_lexicon()["people"], fold_text(words)) is not None


def counted_units(words: str) -> tuple[str, ...]:
    """The counting words that the number asked for may have: 几件, 多少人; empty where the question names none."""
    if asks_for_people(words):
        return tuple(_lexicon()["people_units"])
    asked = re.search(_lexicon()["things"], fold_text(words))
    return (asked[1],) if asked else ()


def _tells_number(inquiry: Inquiry, draft: Draft) -> bool:
    """Whether a sentence quoted has a number with the counting word that was asked for: 几处, 24处."""
    units = counted_units(inquiry.question) or counted_units(inquiry.plan.words)
    if not units:
        return False
    number = re.compile(rf"\d\s*[余多]?(?:{'|'.join(map(re.escape, units))})")
    quotes = [inquiry.citations.quote(n) for row in draft.rows for n in row.citations]
    return any(number.search(fold_text(quote)) for quote in quotes)


def _topic(inquiry: Inquiry) -> str:
    words = inquiry.plan.words or inquiry.question
    return as_asked(topic_of(words) or words, inquiry.question)


def _unmentioned(inquiry: Inquiry) -> Draft | None:
    """That no report in scope mentions the topic at all; ``None`` where one does, or where that can't be told."""
    topic, wording = _topic(inquiry), inquiry.wording
    if not is_unheard_of(inquiry, topic):
        return None
    key = "passages.not_mentioned" if len(inquiry.reports) > 1 else "passages.not_mentioned_one"
    nothing = wording.say(key, scope=inquiry.scope_name, count=len(inquiry.reports), words=topic)
    return Draft("not_in_corpus", [nothing], coverage=cover_found(inquiry.reports, set()))


def _fall_back(inquiry: Inquiry) -> Draft:
    """No number matches: the sentences nearest to the question, if any, said to be no number."""
    wording, plan = inquiry.wording, inquiry.plan
    unmentioned = _unmentioned(inquiry)
    if unmentioned is not None:
        return unmentioned
    named = {"scope": inquiry.scope_name, "count": len(inquiry.reports), "words": _topic(inquiry)}
    nothing = wording.say("mentions.nothing", **named)
    draft = answer_passages(inquiry.with_plan(plan.model_copy(update={"operation": "value", "aspect": None})))
    if draft.status == "not_in_corpus":
        return Draft("not_in_corpus", [nothing], coverage=draft.coverage)
    if _tells_number(inquiry, draft):
        return draft
    draft.sentences = [nothing, *draft.sentences]
    draft.status = "partial"
    return draft
