"""What of a question a model's Plan can't be checked for: words that the parser couldn't read, and other units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.language_models.drafting.choices import parts
from assistant.lexicons import read_lexicon
from assistant.plan import Plan
from assistant.understanding.accounting import unexpressed
from assistant.understanding.parser import Parse, Parser
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold

_IN_WORDS = ("mentions", "passages")


def unread_words(plan: Plan, parse: Parse, parser: Parser) -> tuple[str, ...]:
    """The words of a question that the parser couldn't read and nothing of the Plan explains, in the question's order.

    What a model took them for may be right, and can't be checked: 搭理 may be an application, GDP is none. An answer
    has to tell that it doesn't rest on them.
    """
    owned = fold(" ".join(plan.unplaced)).text
    found = {(s.start, s.original) for s in parse.reading.unknown if len(s.text) > 1 and s.text not in owned}
    found = {(start, words) for start, words in found if not _is_explained(fold(words).text, plan, parser)}
    if plan.subject not in _IN_WORDS:
        bare = plan.model_copy(update={"unplaced": ()})
        lone = unexpressed(parse.reading, bare, parser.lexicon, parser.linker)
        found |= {
            (s.start, s.original)
            for s in parse.reading.unknown
            if len(s.text) == 1 and any(s.text in words for words in lone) and s.text not in owned
        }
    return tuple(dict.fromkeys(words for _, words in sorted(found)))


def _is_explained(words: str, plan: Plan, parser: Parser) -> bool:
    """Whether they are looked for in texts, name whom the Plan is about, or are wholly words of what it measures."""
    if plan.subject in _IN_WORDS:
        return words in fold(" ".join((plan.words, *plan.quoted))).text
    named = [*plan.scope.names]
    for body_id in plan.scope.bodies:
        body = parser.linker.bodies.get(body_id)
        named += [] if body is None else [body.name, *body.aliases]
    if any(words in fold(name).text for name in named):
        return True
    own = parts(words)
    return bool(own) and own <= {part for term in _terms(plan, parser) for part in parts(term)}


def _terms(plan: Plan, parser: Parser) -> Iterator[str]:
    """The words that the vocabulary has for what the Plan measures."""
    known = catalogue()
    measured = {known.split(metric)[0].id for metric in (*plan.metrics, *plan.denominators)}
    for metric_id in measured:
        yield from (known.metrics[metric_id].name_zh, known.metrics[metric_id].name_en.lower())
    for words in parser.lexicon.metric_words:
        if known.split(words.metric_id)[0].id in measured:
            yield from (term for group in words.groups for term in group)


def other_units(plan: Plan, parse: Parse) -> tuple[str, ...]:
    """The units that the question asks or compares in, 平方米, 人, euros, in which nothing of the Plan is measured."""
    known = catalogue()
    measured = {known.split(metric)[0].unit for metric in (*plan.metrics, *plan.denominators)}
    if plan.subject in _IN_WORDS or not measured:
        return ()
    found = {
        unit: None
        for pattern, units in _units()
        for match in pattern.finditer(parse.reading.text)
        if not measured & set(units) and (unit := match["unit"])
    }
    return tuple(found)


@cache
def _units() -> Sequence[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Patterns for a unit behind a number or a question for one, and the metrics' units that it may be."""
    said = read_lexicon("planning")["units"]
    return [(re.compile(one["pattern"]), tuple(one["is"])) for one in said]
