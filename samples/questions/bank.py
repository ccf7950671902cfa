"""The bank itself: every form asked as often as it says, with its gold."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from samples.questions.drawing import Drawer, Question, UnfitError
from samples.questions.forms import Form, forms
from samples.questions.gold import OPERATIONS
from samples.questions.gold.expectation import Expect, need
from samples.questions.truth import Row, Truth, completed

ATTEMPTS = 300


def ask_all(rows: Sequence[Row], seed: int = 1) -> Iterator[Row]:
    """Every question over the corpus with that truth: id, question, kind, language, group, history, expect.

    A form for which the corpus has no fitting parameters is left out.
    """
    drawer = Drawer(Truth(completed(rows)))
    asked: set[str] = set()
    numbers: dict[str, int] = {}
    for form in forms():
        for _ in range(form.times):
            drawn = draw(form, drawer, random.Random(f"{seed} {form.wording} {numbers.get(form.wording, 0)}"), asked)
            numbers[form.wording] = numbers.get(form.wording, 0) + 1
            if drawn is None:
                continue
            question, expect = drawn
            asked.add(json.dumps([question.text(), *question.history()]))
            numbers[form.group] = numbers.get(form.group, 0) + 1
            line: Row = {"id": f"{form.group}-{numbers[form.group]}", "question": question.text(), "kind": form.kind}
            line |= {"language": form.language, "group": form.group, "expect": expect}
            yield line | ({"history": question.history()} if form.history else {})


def draw(form: Form, drawer: Drawer, rng: random.Random, asked: set[str]) -> tuple[Question, Expect] | None:
    """A question that has one answer and wasn't asked before; ``None`` where none is found."""
    for _ in range(ATTEMPTS):
        try:
            question = drawer.draw(form, rng)
            expect = OPERATIONS[form.operation](question)
            need(not _left_open(question), "the truth leaves it open")
        except UnfitError:
            continue
        if json.dumps([question.text(), *question.history()]) not in asked:
            return question, expect
    return None


def paraphrases(rows: Sequence[Row], seed: int = 1) -> Iterator[tuple[Form, list[tuple[Form, str, list[str]]]]]:
    """Each first form of a meaning with all its wordings of the same parameters, filled in alike.

    A wording is its form, the question and the history. Groups of one wording are left out.
    """
    drawer = Drawer(Truth(completed(rows)))
    groups: dict[tuple[str, frozenset[str]], list[Form]] = {}
    for form in forms():
        groups.setdefault((form.group, frozenset(_SAME.get(p, p) for p in form.placeholders)), []).append(form)
    for (group, _), alike in groups.items():
        drawn = draw(alike[0], drawer, random.Random(f"{seed} {group} paraphrases"), set())
        if drawn is None or len(alike) < 2 or alike[0].operation in _LOOSE:
            continue
        reworded = [drawn[0].reworded(form) for form in alike]
        yield alike[0], [(question.form, question.text(), question.history()) for question in reworded]


_LOOSE = ("literal", "quote", "quote_any", "contact", "who_mentions", "themes")
"""Operations whose wordings may be answered with other passages, or ask for different things."""
_SAME = {"yy": "year", "bb": "before", "kind": "kinds"}
"""Placeholders that are other ways of writing the same."""


def _left_open(question: Question) -> bool:
    """Whether a report of the scope may state what is asked for or not, for all that the truth tells."""
    measures = [question.measure, *(criterion.measure for criterion in question.criteria)]
    metrics = {metric for measure in measures for metric in (*measure.metrics, *measure.denominators)}
    return any(
        metric.startswith(tuple(row["allowed"])) and metric not in row["figures"]
        for row in question.truth.select(question.scope)
        for metric in metrics
    )


def write_bank(rows: Sequence[Row], out: Path, seed: int = 1) -> int:
    """Write ``questions.jsonl`` under ``out``; return how many questions there are."""
    questions = list(ask_all(rows, seed))
    text = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    (out / "questions.jsonl").write_text(text, encoding="utf-8", newline="\n")
    return len(questions)
