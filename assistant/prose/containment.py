"""Who writes of something and who doesn't: every report in scope, however many there are, looked at for the words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answer import Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.prose.asked_words import asks_who, asks_who_does_not, whole_content_of, without_tail
from assistant.prose.finders import (
    Finder,
    all_of,
    any_finder,
    gapped,
    holds_any,
    holds_parts,
    in_one_sentence,
    literal,
    said_otherwise,
)
from assistant.prose.quoting import cited_bodies
from assistant.prose.searching import REPORTS_QUOTED, answer_search
from assistant.prose.translation import (
    is_chinese,
    is_mostly_latin,
    place_names,
    spelt,
    translated,
    without_counterpart,
)
from vectorstore.folding import fold_text
from vectorstore.records import Report, Span

_NUMBER = re.compile(r"(?<![a-z0-9])\d{3,}(?![a-z0-9])")
_LONGEST_TOPIC = 6
"""Characters. No report holds a longer one as it stands, though it may say just that."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to look for what was asked; ``named`` is what the answer says was looked for."""

    named: tuple[str, ...]
    finder: Finder
    is_direct: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """A report that holds what was looked for, and where."""

    report: Report
    spans: list[Span]
    text: str


def answer_containment(inquiry: Inquiry) -> Draft | None:
    """Every report in scope that holds the words asked for; ``None`` where the question doesn't ask who does.

    The words as they stand are looked for first, also with others between them; then their parts within one
    sentence, and their synonyms.
    """
    plan = inquiry.plan
    if plan.aspect == "silent" or asks_who_does_not(plan.words):
        return _not_holding(inquiry)
    listing = plan.operation in ("list", "count")
    quoted = plan.quoted and (listing or not plan.words.strip())
    who = not plan.scope.bodies and asks_who(plan.words)
    if not quoted and not ((listing or who) and plan.words.strip()):
        return None
    return holding(inquiry, plan.quoted if quoted else (), denies=bool(quoted))


def holding(inquiry: Inquiry, quoted: Sequence[str], *, denies: bool) -> Draft | None:
    """The reports in scope that hold the quoted words, or else those of the plan; ``None`` where none does.

    Args:
        denies: Whether that no report holds Chinese words is an answer: nobody mentions them.
    """
    chinese = _looked_for(inquiry, quoted)
    attempts, is_whole = _attempts(inquiry, quoted, chinese)
    for at, attempt in enumerate(attempts):
        held = _look(inquiry, attempt)
        if held:
            near = [other for other in attempts[at + 1 :] if not other.is_direct] if attempt.is_direct else []
            return _holding(inquiry, attempt, held, near)
    if not denies or not is_whole:
        # Words of a question that no report holds don't tell that nobody does it.
        return None
    return _nobody(inquiry, chinese or attempts[0].named, near_to=chinese)


def _attempts(inquiry: Inquiry, quoted: Sequence[str], chinese: Sequence[str]) -> tuple[list[_Attempt], bool]:
    """The ways to look for it, the surest first, and whether every word of it is looked for."""
    attempts, is_whole = (_in_chinese(chinese), True) if chinese else _in_english(inquiry, quoted)
    whole = _whole_content(inquiry, chinese)
    if whole:
        # The quoted words may be the end of what was asked for: 专区 of 政务公开专区.
        attempts = [*(attempt for attempt in _in_chinese(whole) if attempt.is_direct), *attempts]
    return attempts, is_whole


def _looked_for(inquiry: Inquiry, quoted: Sequence[str]) -> list[str]:
    """The Chinese words, tails and all; of an English question those that it quotes or has in brackets."""
    plan = inquiry.plan
    contents = whole_content_of(" ".join(quoted)) if quoted else whole_content_of(plan.words)
    if plan.language != "en" and not is_mostly_latin(inquiry.question):
        return contents
    return [c for c in contents if is_chinese(c)] or [c for c in whole_content_of(plan.words) if is_chinese(c)]


def _whole_content(inquiry: Inquiry, chinese: Sequence[str]) -> list[str]:
    """The content of a question that asks who, where it holds all of the quoted words and more; else empty."""
    words = inquiry.plan.words
    if not chinese or not asks_who(words) or is_mostly_latin(words):
        return []
    whole = whole_content_of(words)
    if len(whole) > 1 or whole == list(chinese) or not all(word in "".join(whole) for word in chinese):
        return []
    return whole


def is_unheard_of(inquiry: Inquiry, topic: str) -> bool:
    """Whether no report in scope holds a short topic, as it stands, in parts or put otherwise."""
    if not 1 < len(topic) <= _LONGEST_TOPIC:
        return False
    inner = inquiry.with_plan(inquiry.plan.model_copy(update={"words": topic, "quoted": ()}))
    if is_chinese(topic) or inquiry.plan.language == "zh":
        attempts = _in_chinese([topic])
    else:
        attempts, is_whole = _in_english(inner, ())
        if not is_whole:
            return False
    return not any(_look(inner, attempt) for attempt in attempts)


def _in_chinese(words: Sequence[str]) -> list[_Attempt]:
    cores = tuple(without_tail(word) for word in words)
    otherwise = [said_otherwise(core) for core in cores]
    attempts = [
        _Attempt(tuple(words), all_of([any_finder([literal(word), gapped([word])]) for word in words]), True),
        _Attempt(cores, all_of([gapped([core]) for core in cores]), True),
        _Attempt(cores, in_one_sentence([holds_parts(core) for core in cores]), False),
    ]
    if all(otherwise):
        attempts.append(_Attempt(cores, all_of([gapped(others) for others in otherwise]), False))
    return attempts


def _in_english(inquiry: Inquiry, quoted: Sequence[str]) -> tuple[list[_Attempt], bool]:
    """English words by their Chinese counterparts, all in one sentence; and whether each of them has any."""
    asked = " ".join(quoted) if quoted else inquiry.plan.words
    named = (" ".join(whole_content_of(asked)),)
    attempts = [_Attempt(named, literal(named[0]), True)] if named[0] else []
    tests = [holds_any(written) for written in translated(asked).values()]
    for word in without_counterpart(named[0]):
        names = place_names(word)
        is_name = re.search(rf"\b{re.escape(word.capitalize())}", inquiry.question) is not None
        pattern = spelt(word) if is_name and not names else None
        if not names and pattern is None:
            return attempts, False
        tests.append(holds_any(names, pattern))
    # A number is the same in both languages: what lacks it is not about the 12345 hotline.
    tests += [holds_any([number]) for number in _NUMBER.findall(named[0])]
    if tests:
        attempts.append(_Attempt(named, in_one_sentence(tests), False))
    return attempts, bool(tests)


def _look(inquiry: Inquiry, attempt: _Attempt, passed_over: Collection[str] = ()) -> list[_Held]:
    """The reports in scope in which an attempt finds something; only texts that may hold it are read.

    Args:
        passed_over: Ids of reports that needn't be looked at.
    """
    passing = inquiry.index.reports_near(attempt.finder.requires)
    reports = [
        report
        for report in inquiry.reports
        if (passing is None or report.report_id in passing) and report.report_id not in passed_over
    ]
    inquiry.citations.load(report.report_id for report in reports)
    held = []
    for report in reports:
        text = inquiry.citations.text(report.report_id)
        spans = attempt.finder.find(text)
        if spans:
            held.append(_Held(report, spans, text))
    return held


def _holding(inquiry: Inquiry, attempt: _Attempt, held: Sequence[_Held], near: Sequence[_Attempt]) -> Draft:
    """The bodies whose reports hold it; those that only write of the like are named apart and are no members."""
    wording = inquiry.wording
    rows: list[Row] = []
    first_quotes: list[str] = []
    for one in held:
        cites = _cite(inquiry, one)
        rows.append(report_row(one.report, cites, note=one.spans[0].of(one.text)))
        if len(first_quotes) < REPORTS_QUOTED:
            quote = wording.quote(one.spans[0].of(one.text))
            first_quotes.append(wording.say("passages.quote", quote=quote, cites=markers(cites)))
    members = cited_bodies(inquiry, [(one.report, row.citations) for one, row in zip(held, rows, strict=True)])
    found = {one.report.report_id for one in held}
    sentence = wording.say(
        "passages.mentioned" if attempt.is_direct else "passages.mentioned_like",
        scope=inquiry.scope_name,
        count=len(members),
        words=wording.join(attempt.named),
        members=wording.members(members),
    )
    searched = wording.say("coverage.searched", scope=inquiry.scope_name, count=len(inquiry.reports))
    return Draft(
        "answered",
        [sentence, *first_quotes, *_alike(inquiry, near, found), searched],
        value=len(members),
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=cover_found(inquiry.reports, found),
        separator="\n",
    )


def _first_held(inquiry: Inquiry, attempts: Sequence[_Attempt], passed_over: Collection[str] = ()) -> dict[str, _Held]:
    """By id, what the first attempt that finds anything in a report finds."""
    found: dict[str, _Held] = {}
    for attempt in attempts:
        found.update((one.report.report_id, one) for one in _look(inquiry, attempt, {*found, *passed_over}))
    return found


def _alike(inquiry: Inquiry, near: Sequence[_Attempt], found: Collection[str]) -> list[str]:
    """The bodies of further reports in which only the parts or other words for it stand."""
    alike = _first_held(inquiry, near, found)
    if not alike:
        return []
    members = cited_bodies(inquiry, [(one.report, _cite(inquiry, one)) for one in alike.values()])
    return [inquiry.wording.say("passages.also_like", count=len(members), members=inquiry.wording.members(members))]


def _cite(inquiry: Inquiry, held: _Held) -> tuple[int, ...]:
    numbers = (n for span in held.spans for n in inquiry.citations.cite(held.report.report_id, span))
    return tuple(dict.fromkeys(numbers))


def _not_holding(inquiry: Inquiry) -> Draft | None:
    """Every report in scope that doesn't hold the words, in whatever order or interval; ``None`` without words."""
    plan, wording = inquiry.plan, inquiry.wording
    chinese = _looked_for(inquiry, plan.quoted)
    attempts, is_whole = _attempts(inquiry, plan.quoted, chinese)
    if not attempts or not is_whole:
        return None
    direct = [attempt for attempt in attempts if attempt.is_direct] or attempts
    held = _first_held(inquiry, direct)
    alike = _first_held(inquiry, [attempt for attempt in attempts if attempt not in direct], held)
    silent = [report for report in inquiry.reports if report.report_id not in held]
    named = {"scope": inquiry.scope_name, "words": wording.join(direct[0].named), "reports": len(inquiry.reports)}
    members = cited_bodies(inquiry, [(report, ()) for report in silent])
    if silent:
        sentences = [
            wording.say(
                "passages.silent", count=len(silent), bodies=len(members), members=wording.members(members), **named
            )
        ]
    else:
        sentences = [wording.say("passages.none_silent", **named)]
    if held:
        holders = cited_bodies(inquiry, [(one.report, _cite(inquiry, one)) for one in held.values()])
        sentences.append(wording.say("passages.holding", count=len(held), members=wording.members(holders)))
    near = [wording.report(report) for report in silent if report.report_id in alike]
    if near:
        sentences.append(wording.say("passages.silent_like", members=wording.members(near)))
    rows = [report_row(report, (), state="silent") for report in silent]
    coverage = cover_found(inquiry.reports, set(held))
    return Draft("answered", sentences, len(members), wording.phrase("unit.bodies"), rows, coverage, separator="\n")


def _nobody(inquiry: Inquiry, named: Sequence[str], near_to: Sequence[str]) -> Draft:
    """That no report holds the words is itself the answer to who does; sentences close to them are shown."""
    plan, wording = inquiry.plan, inquiry.wording
    coverage = cover_found(inquiry.reports, set())
    count = len(inquiry.reports)
    key = "passages.not_mentioned" if count > 1 else "passages.not_mentioned_one"
    nothing = wording.say(key, scope=inquiry.scope_name, count=count, words=wording.join(named))
    near = _near_mentions(inquiry, near_to)
    if plan.operation in ("list", "count"):
        return Draft("answered", [nothing, *near], value=0, coverage=coverage, separator="\n")
    return Draft("partial" if near else "not_in_corpus", [nothing, *near], coverage=coverage, separator="\n")


def _near_mentions(inquiry: Inquiry, named: Sequence[str]) -> list[str]:
    """Where nothing holds the words as they stand: sentences that hold most of them, introduced as just that."""
    draft = answer_search(inquiry.with_plan(inquiry.plan.model_copy(update={"words": ""})))
    if draft.status != "answered":
        return []
    quotes = [fold_text(inquiry.citations.quote(n)) for row in draft.rows for n in row.citations]
    heads = [without_tail(word)[-2:] for word in named]
    # What is near must share the last word at least: 公共服务体验 isn't near 公开体验员.
    if not any(head in quote for head in heads for quote in quotes):
        return []
    return [inquiry.wording.say("passages.nearest_words"), *draft.sentences]


def named_in_texts(inquiry: Inquiry) -> Draft:
    """No report is in scope: what no body is called may be what the texts speak of, so they are searched first."""
    plan, wording = inquiry.plan, inquiry.wording
    names = plan.scope.names
    if not names:
        return no_reports(inquiry)
    scope = plan.scope.model_copy(update={"names": ()})
    inner = inquiry.with_plan(plan.model_copy(update={"scope": scope, "operation": "list"}))
    if not inner.reports:
        return no_reports(inquiry)
    draft = holding(inner, names, denies=False)
    if draft is None:
        named = {"words": wording.join(names), "scope": inner.scope_name, "count": len(inner.reports)}
        nothing = wording.say("absent.no_name_nor_text", **named)
        return Draft("not_in_corpus", [nothing], coverage=cover_found(inner.reports, set()))
    draft.sentences.insert(0, wording.say("absent.no_name", words=wording.join(names)))
    if plan.operation not in ("list", "count"):
        draft.status, draft.value, draft.unit = "partial", None, None
    return draft
