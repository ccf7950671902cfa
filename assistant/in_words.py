"""The second reading of a question that found no answer: what the reports say about it in their own words.

A question that sounds like one about figures, about a name or about something out of scope (谁替她把申请写了) may be
about what was done. So where its plan finds nothing, or had to leave words out, the words themselves are searched for.
"""

from __future__ import annotations

from assistant.answer import Answer
from assistant.answering.narrowing import widened
from assistant.plan import Plan
from assistant.understanding.parser import Parse
from assistant.understanding.reading import wants_number
from vectorstore.index import Index
from vectorstore.retrieval.confidence import TOLD

_MANY = 3
"""From so many words left out on, what was computed is of another question."""


def plan_in_words(parse: Parse, answer: Answer, index: Index) -> Plan | None:
    """The plan that looks for a question's words; ``None`` where its answer stands.

    An answer stands if it leaves nothing out, if the question asks for a number, or quotes what is to be found: that
    nothing is found then says something.
    """
    plan, reading = parse.plan, parse.reading
    if answer.status not in ("not_in_corpus", "partial") or reading.quoted or not reading.has_own_words:
        return None
    if plan.subject == "passages" and plan.scope.names and _only_names(parse):
        return None  # sentences with parts of an unknown body's name are about others
    is_computed = plan.subject not in ("passages", "mentions", "out_of_scope")
    if wants_number(reading) is not None or (is_computed and len(plan.unplaced) < _MANY):
        return None
    words = reading.without_scope()
    if plan.scope.latest:
        # What the latest report doesn't say, an earlier one may: 枫屿镇的办事卡片写了什么.
        plan = plan.model_copy(update={"scope": plan.scope.model_copy(update={"latest": False})})
    scope = widened(index, plan.scope, reading.question)
    if scope is None or not words:
        return None
    if scope.regions != plan.scope.regions:
        words = reading.question  # what was taken for a place is a part of a word
    in_words = Plan(subject="passages", scope=scope, words=words, language=plan.language)
    return None if in_words == parse.plan else in_words


def _only_names(parse: Parse) -> bool:
    """Whether a question is no more than the name of a body that nobody knows: 中央财经大学."""
    named = set(parse.scope.name_spans)
    beside = ("filler", "kind", "designation")
    if any(category not in beside for tag in parse.reading.tags for category, _ in tag.meanings):
        return False
    return all((s.start, s.end) in named for s in parse.reading.unknown if len(s.text) > 1)


def outranks(other: Answer, answer: Answer, parse: Parse, index: Index) -> bool:
    """Whether the answer in words is to be given instead: a sure one, or the nearest where there was none at all."""
    plan = parse.plan
    if plan.subject == "out_of_scope":
        return other.status == "answered" and _is_told(index, parse.reading.without_scope())
    found_nothing = answer.status == "not_in_corpus" or bool(plan.unplaced)
    return other.status == "answered" or (other.status == "partial" and found_nothing)


def _is_told(index: Index, words: str) -> bool:
    return any(hit.likelihood >= TOLD for hit in index.search(words, k=1))
