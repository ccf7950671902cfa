"""What terms mean: entries of our own, marked as ours, because no report defines them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.answering.inquiry import Draft, Inquiry
from assistant.lexicons import read_lexicon
from assistant.prose.searching import answer_search
from vectorstore.folding import fold_text

_TERMS_SHOWN = 3


def _loaded() -> dict[str, Any]:
    return read_lexicon("glossary")


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary; ``names`` in Chinese, ``names_en`` in English, the first of each is shown."""

    names: tuple[str, ...]
    names_en: tuple[str, ...]
    zh: str
    en: str


@cache
def glossary() -> tuple[Term, ...]:
    """The entries of ``lexicons/glossary.toml``."""
    loaded = _loaded()
    return tuple(
        Term(tuple(t["names"]), tuple(t["names_en"]), " ".join(t["zh"].split()), " ".join(t["en"].split()))
        for t in loaded["term"]
    )


def find_terms(words: str) -> list[Term]:
    """The entries whose names the words hold, in the order of the words; a name within a longer one isn't its own."""
    folded = re.sub(r"\s+", " ", fold_text(words))
    found: list[tuple[int, int, Term]] = []
    for term in glossary():
        for name in (*term.names, *term.names_en):
            pattern = rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
            found += [(m.start(), m.end(), term) for m in re.finditer(pattern, folded)]
    kept: list[tuple[int, int, Term]] = []
    for start, end, term in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in kept):
            kept.append((start, end, term))
    return list(dict.fromkeys(term for _, _, term in sorted(kept, key=lambda k: k[0])))


def answer_definition(inquiry: Inquiry) -> Draft:
    """The entries of the terms asked for; without one, that nothing defines the term, and the nearest sentences."""
    plan, wording = inquiry.plan, inquiry.wording
    terms = find_terms(plan.words) or find_terms(inquiry.question)
    english = wording.language == "en"
    if not terms:
        return _undefined(inquiry)
    lines = [
        f"{term.names_en[0]}: {term.en}" if english else f"{term.names[0]}：{term.zh}" for term in terms[:_TERMS_SHOWN]
    ]
    return Draft("answered", ["\n".join(lines), wording.say("definition.ours")])


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
