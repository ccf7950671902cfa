"""Numbers outside the form, passages, themes; and what a group itself says must come out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, Expect, need, row_of, the_report
from samples.questions.truth import Row


def mention(question: Question) -> Expect:
    row = the_report(question)
    told = row["counted"].get(question.meaning["counted"])
    need(told, "not told")
    return {"status": ANSWERED, "value": told["value"], "cites": [{"file": row["file"], "any": [told["clause"]]}]}


def each_mention(question: Question) -> Expect:
    name = question.meaning["counted"]
    rows = [row for row in question.truth.select(question.scope) if name in row["counted"]]
    need(len(rows) > 1, "not told")
    return {"status": ANSWERED, "values": [row_of(row, Fraction(row["counted"][name]["value"])) for row in rows]}


def quote(question: Question) -> Expect:
    """A passage of one report: sentences of some topics, or holding a word."""
    row = the_report(question)
    topics, word = question.meaning["topics"], question.meaning.get("word", "")
    told = [s for topic in topics for s in row["prose"].get(topic, []) if word in s]
    need(told, "not told")
    parts = [part for s in told for part in s.replace("；", "。").split("。") if len(part) > 7 and word in part]
    return {"status": ANSWERED, "cites": [{"file": row["file"], "any": parts}]}


def who_mentions(question: Question) -> Expect:
    """Reports whose prose holds a word."""
    word = question.meaning["word"]
    rows = [row for row in question.truth.select(question.scope) if any(word in s for s in _sentences(row))]
    need(rows, "nobody")
    return {"status": ANSWERED, "bodies_min": [row["body"] for row in rows], "text_any": [word]}


def quote_somewhere(question: Question) -> Expect:
    """Passages of any report that hold a word."""
    return {"status": ANSWERED, "quotes_any": [question.meaning["word"]]}


def signed(question: Question) -> Expect:
    """The day that a report was signed."""
    row = the_report(question)
    need(row["issued"], "not signed")
    return {"status": ANSWERED, "text_any": row["issued"]}


def contact(question: Question) -> Expect:
    row = the_report(question)
    word = row["words"].get(question.meaning["word"])
    need(word and any(word in sentence for sentence in _sentences(row)), "not told")
    return {"status": ANSWERED, "text_any": [word]}


def _sentences(row: Row) -> list[str]:
    return [sentence for told in row["prose"].values() for sentence in told]


def themes(question: Question) -> Expect:
    """What many reports name as a problem: the most frequent must be among what is quoted."""
    rows = question.truth.select(question.scope)
    texts = ["".join(row["prose"].get("problems", [])) for row in rows]
    known = question.meaning["themes"]
    times = sorted(((sum(word in text for text in texts), word) for word in known), reverse=True)
    need(times[0][0] > 1, "no common problem")
    return {"status": ANSWERED, "quotes_any": [word for _, word in times[:4]]}


def literal(question: Question) -> Expect:
    """What the group itself says must come out; strings may hold placeholders."""
    return _filled(question.meaning["expect"], question.fills)


def _filled(what: Any, fills: dict[str, str]) -> Any:
    if isinstance(what, str):
        return what.format(**fills)
    if isinstance(what, list):
        return [_filled(part, fills) for part in what]
    return {key: _filled(part, fills) for key, part in what.items()} if isinstance(what, dict) else what
