"""Who does what: every report in scope whose text holds the words, however many there are."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.answer import Row
from assistant.citations import markers
from assistant.coverage import cover_found
from assistant.inquiry import Draft, Inquiry
from assistant.relevance import sentences_of
from assistant.search_answers import REPORTS_QUOTED, answer_search, report_row
from assistant.translation import is_chinese, translated, untranslated
from vectorstore.query_terms import synonyms_in
from vectorstore.records import Span
from vectorstore.terms import fold_text

_LONGEST_GAP = 6
"""Characters that may stand between the parts of what is looked for: 聘请6名社会监督员."""
_BREAKS = frozenset('。，；：、！？,;:!?\n“”"《》（）()')

Finder = Callable[[str], list[Span]]
"""The places in a text that hold what is looked for; empty where it doesn't hold all of it."""


@cache
def _lexicon() -> dict[str, Any]:
    loaded = tomllib.loads((files("assistant.lexicons") / "answer_types.toml").read_text(encoding="utf-8"))
    lexicon: dict[str, Any] = loaded["who"]
    return lexicon


def asks_who(words: str) -> bool:
    """Whether a question asks which bodies do something."""
    folded = fold_text(words)
    return any(re.search(pattern, folded) for pattern in _lexicon()["asking"])


def content_of(words: str) -> list[str]:
    """What is to be looked for: a question without asking, mentioning, particles and words that add nothing."""
    folded = fold_text(words)
    for pattern in (*_lexicon()["asking"], *_lexicon()["mentioning"]):
        folded = re.sub(pattern, " ", folded)
    folded = re.sub(r"(?<![0-9])20\d\d年?|[?？!！。]", " ", folded)
    return [part for piece in re.split(r"[\s,，、\"“”「」()（）:：]+", folded) if len(part := _trimmed(piece)) > 1]


def _trimmed(words: str) -> str:
    words = re.sub(_lexicon()["particles"], "", words.strip())
    tail = next((t for t in _lexicon()["droppable"] if words.endswith(t) and len(words) - len(t) > 1), "")
    return words.removesuffix(tail)


def answer_containment(inquiry: Inquiry) -> Draft | None:
    """Every report in scope that holds the words asked for; ``None`` where the question doesn't ask who does.

    The words as they stand are looked for first, then with other characters between them, then their synonyms.
    """
    plan = inquiry.plan
    listing = plan.operation in ("list", "count")
    quoted = plan.quoted and (listing or not plan.words.strip())
    who = not plan.scope.bodies and asks_who(plan.words)
    if not quoted and not ((listing or who) and plan.words.strip()):
        return None
    contents = content_of(" ".join(plan.quoted) if quoted else plan.words)
    chinese = [c for c in contents if is_chinese(c)] or [c for c in content_of(plan.words) if is_chinese(c)]
    named = list(plan.quoted) if quoted else chinese
    if plan.language == "en" and chinese and not any(is_chinese(q) for q in plan.quoted):
        named = [max(chinese, key=len)]
    if not named:
        named = list(plan.quoted) or contents
    finders: list[tuple[bool, Finder]] = [(True, _all_of([_literal(words) for words in named]))]
    if chinese:
        finders.append((True, _all_of([_gapped([content]) for content in chinese])))
        finders.append((False, _all_of([_gapped(_said_otherwise(content)) for content in chinese])))
    elif plan.language == "en":
        counterparts = translated(" ".join(named))
        if counterparts and not untranslated(" ".join(named)):
            finders.append((False, _all_of([_any_of(written) for written in counterparts.values()])))
    inquiry.citations.load(report.report_id for report in inquiry.reports)
    for is_direct, finder in finders:
        draft = _holding(inquiry, finder, named, is_direct)
        if draft is not None:
            return draft
    if not quoted or (plan.language == "en" and not chinese):
        # Words of a question that no report holds don't tell that nobody does it.
        return None
    return _nobody(inquiry, named)


def _said_otherwise(content: str) -> list[str]:
    """The content with each of its words that the reports call otherwise put as they do."""
    return [
        content.replace(said, written, 1)
        for said, others in synonyms_in(content).items()
        for written in others
        if len(said) < len(content) or len(written) > 2
    ]


def _all_of(finders: Sequence[Finder]) -> Finder:
    def find(text: str) -> list[Span]:
        found = [finder(text) for finder in finders]
        return list(dict.fromkeys(spans[0] for spans in found)) if found and all(found) else []

    return find


def _any_of(words: Sequence[str]) -> Finder:
    patterns = [_literally(word) for word in words]

    def find(text: str) -> list[Span]:
        return [_sentence_around(text, m.start(), m.end()) for p in patterns if (m := p.search(text))]

    return find


def _literal(words: str) -> Finder:
    return _any_of([words])


def _gapped(contents: Sequence[str]) -> Finder:
    """Content whose parts, each of two characters or more, may stand apart by a few characters within one clause."""

    def find(text: str) -> list[Span]:
        folded = fold_text(text)
        # A folded text of another length has no offsets in common with the text: ligatures, format characters.
        haystack = folded if len(folded) == len(text) else text
        for content in contents:
            at = haystack.find(content[:2])
            while at >= 0:
                end = _match(haystack, at, content)
                if end is not None:
                    return [_sentence_around(text, at, end)]
                at = haystack.find(content[:2], at + 1)
        return []

    return find


def _match(text: str, at: int, content: str) -> int | None:
    """Where content that begins at a place ends, its parts in order and near one another; ``None`` without it."""
    run = 0
    while run < len(content) and at + run < len(text) and text[at + run] == content[run]:
        run += 1
    if run == len(content):
        return at + run
    # The longest run first; shorter ones, so that the rest isn't left a single character.
    for taken in range(run, 1, -1):
        rest = content[taken:]
        if len(rest) < 2:
            continue
        for gap in range(1 if taken == run else 0, _LONGEST_GAP + 1):
            start = at + taken + gap
            if gap and (start > len(text) or text[start - 1] in _BREAKS):
                break
            if text.startswith(rest[:2], start):
                end = _match(text, start, rest)
                if end is not None:
                    return end
    return None


def _holding(inquiry: Inquiry, finder: Finder, named: Sequence[str], is_direct: bool) -> Draft | None:
    """The bodies of the reports in which the finder finds something; ``None`` where there is none."""
    wording = inquiry.wording
    rows: list[Row] = []
    members: dict[str, list[str]] = defaultdict(list)
    found: set[str] = set()
    first_quotes: list[str] = []
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        spans = finder(text)
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
        "passages.mentioned" if is_direct else "passages.mentioned_like",
        scope=inquiry.scope_name,
        count=len(members),
        words=wording.join(named),
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


def _nobody(inquiry: Inquiry, named: Sequence[str]) -> Draft:
    """That no report holds the words is itself the answer to who does; sentences close to them are shown."""
    plan, wording = inquiry.plan, inquiry.wording
    coverage = cover_found(inquiry.reports, set())
    count = len(inquiry.reports)
    nothing = wording.say("passages.not_mentioned", scope=inquiry.scope_name, count=count, words=wording.join(named))
    near = _near_mentions(inquiry)
    if plan.operation in ("list", "count"):
        return Draft("answered", [nothing, *near], value=0, coverage=coverage, separator="\n")
    return Draft("partial" if near else "not_in_corpus", [nothing, *near], coverage=coverage, separator="\n")


def _near_mentions(inquiry: Inquiry) -> list[str]:
    """Where nothing holds the words as they stand: sentences that hold most of them, introduced as just that."""
    draft = answer_search(inquiry.with_plan(inquiry.plan.model_copy(update={"words": ""})))
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
