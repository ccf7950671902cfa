"""Who does what: every report in scope whose text holds the words, however many there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.lexicons import read_lexicon
from assistant.prose.finders import (
    Finder,
    all_of,
    gapped,
    holds_any,
    holds_parts,
    in_one_sentence,
    literal,
    said_otherwise,
)
from assistant.prose.relevance import without_question_words
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

_LONGEST_TOPIC = 6
"""Characters. No report holds a longer one as it stands, though it may say just that."""


def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = read_lexicon("answer_types")["who"]
    return lexicon


def asks_who(words: str) -> bool:
    """Whether a question asks which bodies do something."""
    folded = fold_text(words)
    return any(re.search(pattern, folded) for pattern in _lexicon()["asking"])


def content_of(words: str) -> list[str]:
    """What is to be looked for: a question without asking, mentioning, particles and words that add nothing."""
    return [core for word in _contents(words) if len(core := _without_tail(word)) > 1]


def _contents(words: str) -> list[str]:
    """The content with the words behind it that add little: 语音朗读功能."""
    folded = fold_text(words)
    for pattern in (*_lexicon()["asking"], *_lexicon()["mentioning"]):
        folded = re.sub(pattern, " ", folded)
    folded = re.sub(r"(?<![0-9])20\d\d年?|[?？!！。]", " ", folded)
    pieces = re.split(r"[\s,，、\"“”「」()（）:：]+", folded)
    return [part for piece in pieces if len(part := _without_verb(piece)) > 1]


def _without_verb(words: str) -> str:
    words = re.sub(_lexicon()["leading"], "", words.strip())
    return re.sub(_lexicon()["particles"], "", words)


def _without_tail(words: str) -> str:
    tail = next((t for t in _lexicon()["droppable"] if words.endswith(t) and len(words) - len(t) > 1), "")
    return words.removesuffix(tail)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to look for what was asked; ``named`` is what the answer says was looked for."""

    named: tuple[str, ...]
    finder: Finder
    is_direct: bool


def answer_containment(inquiry: Inquiry) -> Draft | None:
    """Every report in scope that holds the words asked for; ``None`` where the question doesn't ask who does.

    The words as they stand are looked for first, then with other characters between them, then their parts within
    one sentence, then their synonyms.
    """
    plan = inquiry.plan
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
    inquiry.citations.load(report.report_id for report in inquiry.reports)
    attempts, is_whole = (_in_chinese(chinese), True) if chinese else _in_english(inquiry, quoted)
    whole = _whole_content(inquiry, chinese)
    if whole:
        # The quoted words may be the end of what was asked for: 专区 of 政务公开专区.
        attempts = [*(attempt for attempt in _in_chinese(whole) if attempt.is_direct), *attempts]
    for attempt in attempts:
        draft = _holding(inquiry, attempt)
        if draft is not None:
            return draft
    if not denies or not is_whole:
        # Words of a question that no report holds don't tell that nobody does it.
        return None
    return _nobody(inquiry, chinese or attempts[0].named, near_to=chinese)


def _looked_for(inquiry: Inquiry, quoted: Sequence[str]) -> list[str]:
    """The Chinese words, tails and all; of an English question those that it quotes or has in brackets."""
    plan = inquiry.plan
    contents = _contents(" ".join(quoted)) if quoted else _contents(plan.words)
    if plan.language != "en" and not is_mostly_latin(inquiry.question):
        return contents
    return [c for c in contents if is_chinese(c)] or [c for c in _contents(plan.words) if is_chinese(c)]


def _whole_content(inquiry: Inquiry, chinese: Sequence[str]) -> list[str]:
    """The content of a question that asks who, where it holds all of the quoted words and more; else empty."""
    words = inquiry.plan.words
    if not chinese or not asks_who(words) or is_mostly_latin(words):
        return []
    whole = _contents(words)
    if len(whole) > 1 or whole == list(chinese) or not all(word in "".join(whole) for word in chinese):
        return []
    return whole


def topic_of(words: str) -> str:
    """What a question is about where it only asks how much or who that is: 人口 of 的人口有多少."""
    topic = " ".join(without_question_words(words).strip(" ?？。!！,，").split())
    return re.sub(_lexicon()["around_topic"], "", topic).strip() or topic


def as_asked(topic: str, question: str) -> str:
    """The topic in the case in which the question has it: GDP."""
    at = question.lower().find(topic.lower())
    return question[at : at + len(topic)] if at >= 0 else topic


def is_unheard_of(inquiry: Inquiry, topic: str) -> bool:
    """Whether no report in scope holds a short topic, as it stands, in parts or put otherwise."""
    if not 1 < len(topic) <= _LONGEST_TOPIC:
        return False
    inner = inquiry.with_plan(inquiry.plan.model_copy(update={"words": topic, "quoted": ()}))
    inquiry.citations.load(report.report_id for report in inquiry.reports)
    if is_chinese(topic) or inquiry.plan.language == "zh":
        attempts = _in_chinese([topic])
    else:
        attempts, is_whole = _in_english(inner, ())
        if not is_whole:
            return False
    texts = [inquiry.citations.text(report.report_id) for report in inquiry.reports]
    return not any(attempt.finder(text) for attempt in attempts for text in texts)


def _in_chinese(words: Sequence[str]) -> list[_Attempt]:
    cores = tuple(_without_tail(word) for word in words)
    otherwise = [said_otherwise(core) for core in cores]
    attempts = [
        _Attempt(tuple(words), all_of([literal(word) for word in words]), True),
        _Attempt(cores, all_of([gapped([core]) for core in cores]), True),
        _Attempt(cores, in_one_sentence([holds_parts(core) for core in cores]), False),
    ]
    if all(otherwise):
        attempts.append(_Attempt(cores, all_of([gapped(others) for others in otherwise]), False))
    return attempts


def _in_english(inquiry: Inquiry, quoted: Sequence[str]) -> tuple[list[_Attempt], bool]:
    """English words by their Chinese counterparts, all in one sentence; and whether each of them has any."""
    asked = " ".join(quoted) if quoted else inquiry.plan.words
    named = (" ".join(_contents(asked)),)
    attempts = [_Attempt(named, literal(named[0]), True)] if named[0] else []
    tests = [holds_any(written) for written in translated(asked).values()]
    for word in without_counterpart(named[0]):
        names = place_names(word)
        is_name = re.search(rf"\b{re.escape(word.capitalize())}", inquiry.question) is not None
        pattern = spelt(word) if is_name and not names else None
        if not names and pattern is None:
            return attempts, False
        tests.append(holds_any(names, pattern))
    if tests:
        attempts.append(_Attempt(named, in_one_sentence(tests), False))
    return attempts, bool(tests)


def _holding(inquiry: Inquiry, attempt: _Attempt) -> Draft | None:
    """The bodies of the reports in which the finder finds something; ``None`` where there is none."""
    wording = inquiry.wording
    rows: list[Row] = []
    members: dict[str, list[str]] = defaultdict(list)
    found: set[str] = set()
    first_quotes: list[str] = []
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        spans = attempt.finder(text)
        if not spans:
            continue
        cites = tuple(dict.fromkeys(n for s in spans for n in inquiry.citations.cite(report.report_id, s)))
        found.add(report.report_id)
        rows.append(report_row(report, cites, note=spans[0].of(text)))
        members[report.body].append(f"{wording.year(report.year)}{markers(cites)}")
        first_quotes.append(wording.say("passages.quote", quote=wording.quote(spans[0].of(text)), cites=markers(cites)))
    if not rows:
        return None
    brackets = "（{}）" if wording.language == "zh" else " ({})"
    sentence = wording.say(
        "passages.mentioned" if attempt.is_direct else "passages.mentioned_like",
        scope=inquiry.scope_name,
        count=len(members),
        words=wording.join(attempt.named),
        members=wording.members([body + brackets.format(wording.join(years)) for body, years in members.items()]),
    )
    searched = wording.say("coverage.searched", scope=inquiry.scope_name, count=len(inquiry.reports))
    return Draft(
        "answered",
        [sentence, *first_quotes[:REPORTS_QUOTED], searched],
        value=len(members),
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=cover_found(inquiry.reports, found),
        separator="\n",
    )


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
    heads = [_without_tail(word)[-2:] for word in named]
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
