"""What terms mean: entries of our own, marked as ours, because no report defines them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.inquiry import Draft, Inquiry
from vectorstore.terms import fold_text


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
    loaded = tomllib.loads((files("assistant.lexicons") / "glossary.toml").read_text(encoding="utf-8"))
    return tuple(
        Term(tuple(t["names"]), tuple(t["names_en"]), " ".join(t["zh"].split()), " ".join(t["en"].split()))
        for t in loaded["term"]
    )


def find_term(words: str) -> Term | None:
    """The entry whose name is the longest that the words hold; ``None`` if they hold none."""
    folded = re.sub(r"\s+", " ", fold_text(words))
    held = [(len(name), term) for term in glossary() for name in (*term.names, *term.names_en) if name in folded]
    return max(held, key=lambda found: found[0])[1] if held else None


def answer_definition(inquiry: Inquiry) -> Draft:
    """The entry of the term asked for; without one, which entries there are."""
    plan, wording = inquiry.plan, inquiry.wording
    term = find_term(plan.words) or find_term(inquiry.question)
    english = wording.language == "en"
    if term is None:
        terms = wording.join((entry.names_en if english else entry.names)[0] for entry in glossary())
        return Draft(
            "not_in_corpus", [wording.say("definition.unknown", words=plan.words or inquiry.question, terms=terms)]
        )
    name = (term.names_en if english else term.names)[0]
    text = f"{name}: {term.en}" if english else f"{name}：{term.zh}"
    return Draft("answered", [text, wording.say("definition.ours")])
