"""What terms mean: entries of our own, marked as ours, because no report defines them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.lexicons import read_lexicon
from assistant.prose.finders import literal
from assistant.prose.searching import answer_search
from vectorstore.folding import fold_text
from vectorstore.records import SectionRole

_TERMS_SHOWN = 3
_EXAMPLES = 2
_REPORTS_READ = 20
"""Reports that are looked through for an example of a term's use."""
_NO_PROSE = frozenset(
    {
        SectionRole.PREAMBLE,
        SectionRole.PROACTIVE_TABLE,
        SectionRole.APPLICATION_TABLE,
        SectionRole.DISPUTE_TABLE,
    }
)


def _loaded() -> dict[str, Any]:
    return read_lexicon("glossary")


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary; ``names`` in Chinese, ``names_en`` in English, the first of each is shown."""

    names: tuple[str, ...]
    names_en: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What parts two terms; ``terms`` are the first Chinese names of their entries."""

    terms: frozenset[str]
    zh: str
    en: str


@cache
def glossary() -> tuple[Term, ...]:
    """The entries of ``lexicons/glossary.toml``."""
    return tuple(
        Term(tuple(t["names"]), tuple(t["names_en"]), " ".join(t["zh"].split()), " ".join(t["en"].split()))
        for t in _loaded()["term"]
    )


@cache
def comparisons() -> tuple[Comparison, ...]:
    """The pairs of terms that the glossary sets against one another."""
    shown = {name: term.names[0] for term in glossary() for name in term.names}
    return tuple(
        Comparison(frozenset(shown[name] for name in c["terms"]), c["zh"], c["en"]) for c in _loaded()["comparison"]
    )


def find_terms(words: str) -> list[Term]:
    """The entries whose names the words hold, in the order of the words; a name within a longer one isn't its own.

    A name of a single character, 0 or 镇, is only found where nothing else of its script adjoins it.
    """
    folded = re.sub(r"\s+", " ", fold_text(words))
    found: list[tuple[int, int, Term]] = []
    for term in glossary():
        for name in (*term.names, *term.names_en):
            found += [(m.start(), m.end(), term) for m in _name_pattern(fold_text(name)).finditer(folded)]
    kept: list[tuple[int, int, Term]] = []
    for start, end, term in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in kept):
            kept.append((start, end, term))
    return list(dict.fromkeys(term for _, _, term in sorted(kept, key=lambda k: k[0])))


@cache
def _name_pattern(name: str) -> re.Pattern[str]:
    if name.isascii():
        # Digits stand within Chinese words, Latin letters don't; a plural is the same term.
        return re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?:s(?![a-z])|(?![a-z0-9]))")
    if len(name) == 1:
        return re.compile(rf"(?:^|(?<=[和与跟、 ])){name}(?=$|[和与跟、是的有 ?？]|到底|怎么)")
    return re.compile(re.escape(name))


def answer_definition(inquiry: Inquiry) -> Draft:
    """The entries of the terms asked for; without one, that nothing defines the term, and the nearest sentences."""
    plan, wording = inquiry.plan, inquiry.wording
    terms = find_terms(plan.words) or find_terms(inquiry.question)
    if not terms:
        return _undefined(inquiry)
    english = wording.language == "en"
    lines = [
        f"{term.names_en[0]}: {term.en}" if english else f"{term.names[0]}：{term.zh}" for term in terms[:_TERMS_SHOWN]
    ]
    compared = _compared(terms)
    if compared is not None:
        said = compared.en if english else compared.zh
        lines.append(wording.say("definition.difference", said=said))
    lines.append(wording.say("definition.ours"))
    return Draft("answered", [*lines, *_examples(inquiry, terms)], separator="\n")


def _compared(terms: Sequence[Term]) -> Comparison | None:
    named = {term.names[0] for term in terms}
    return next((comparison for comparison in comparisons() if comparison.terms <= named), None)


def _examples(inquiry: Inquiry, terms: Sequence[Term]) -> list[str]:
    """A sentence or two of the reports' prose that use the first term, told to be just that."""
    wording = inquiry.wording
    finder = literal(next((name for name in terms[0].names if len(name) > 1), terms[0].names[0]))
    passing = inquiry.index.reports_near(finder.requires)
    quotes: list[str] = []
    reports = [r for r in inquiry.reports if passing is None or r.report_id in passing][:_REPORTS_READ]
    for report in reports:
        text = inquiry.citations.text(report.report_id)
        passed_over = [s for s in report.sections if s.role in _NO_PROSE]
        for span in finder.find(text):
            sentence = span.of(text)
            is_prose = not any(s.start <= span.start < s.end for s in passed_over)
            if is_prose and sentence.rstrip().endswith(("。", "；", "！")) and "\t" not in sentence:
                cites = markers(inquiry.citations.cite(report.report_id, span))
                where = wording.report(report)
                quotes.append(
                    wording.say("definition.example", where=where, quote=wording.quote(sentence), cites=cites)
                )
        if len(quotes) >= _EXAMPLES:
            break
    return [wording.say("definition.in_use"), *quotes[:_EXAMPLES]] if quotes else []


def _undefined(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    asked = _asked(plan.words or inquiry.question)
    sentences = [wording.say("definition.unknown", words=asked)]
    as_passages = plan.model_copy(update={"subject": "passages", "operation": "value", "words": asked, "aspect": None})
    near = answer_search(inquiry.with_plan(as_passages)) if inquiry.reports else None
    if near is None or near.status == "not_in_corpus":
        return Draft("not_in_corpus", sentences)
    quotes = [line for line in near.sentences if line != wording.say("passages.nearest")]
    return Draft(
        "partial" if near.status == "answered" else "not_in_corpus",
        [*sentences, wording.say("definition.nearest"), *quotes],
        rows=near.rows,
        coverage=near.coverage,
        separator="\n",
    )


def _asked(words: str) -> str:
    """The term that a question asks about, without the words of asking."""
    rest = fold_text(words)
    for pattern in _loaded()["asking"]:
        rest = re.sub(pattern, " ", rest)
    return " ".join(rest.split()) or words
