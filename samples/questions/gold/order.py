"""Who is first, where one stands, and who has more."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from samples.questions.drawing import Question
from samples.questions.gold.aggregates import rows_in_scope, values_of
from samples.questions.gold.expectation import ANSWERED, Expect, contradicted, need, needed, number, row_of
from samples.questions.truth import Row, value


def ranked_rows(question: Question) -> list[tuple[Fraction, Row]]:
    """What is ranked by, with its report, the first first; unknown ones are left out."""
    rows = [(known, row) for row in rows_in_scope(question) if (known := _ranked_by(question, row)) is not None]
    sign = 1 if question.meaning.get("order") == "ascending" else -1
    return sorted(rows, key=lambda pair: sign * pair[0])


def _ranked_by(question: Question, row: Row) -> Fraction | None:
    known = value(row, question.measure)
    if not question.meaning.get("change") or known is None:
        return known
    earlier = question.truth.of(row["body"][0], row["year"] - 1)
    then = value(earlier, question.measure) if earlier else None
    return known - then if then is not None else None


def top(question: Question) -> Expect:
    ranked, count = ranked_rows(question), question.n or 1
    need(len(ranked) > count and ranked[count - 1][0] != ranked[count][0], "a tie at the end")
    need(question.meaning.get("order") == "ascending" or ranked[count - 1][0] > 0, "nothing")
    first = ranked[:count]
    expect: Expect = {"status": ANSWERED, "text_any": [*first[0][1]["body"]]}
    if question.measure.denominators or question.meaning.get("change"):
        return expect | {"include": [row["body"] for _, row in first]}
    return expect | {"values": [row_of(row, known) for known, row in first]}


def second(question: Question) -> Expect:
    ranked = ranked_rows(question)
    need(len({known for known, _ in ranked[:3]}) == 3, "a tie")
    known, row = ranked[1]
    return {"status": ANSWERED, "text_any": row["body"], "values": [row_of(row, known)]}


def rank(question: Question) -> Expect:
    ranked = ranked_rows(question)
    own = [known for known, row in ranked if row["body"][0] in question.bodies]
    need(own and len(ranked) > 2, "no value")
    values = [known for known, _ in ranked]
    need(values.count(own[0]) == 1, "a tie")
    return {"status": ANSWERED, "value": values.index(own[0]) + 1}


def compare(question: Question) -> Expect:
    rows = [needed(question.truth.of(body, question.year or 0), "no report") for body in question.bodies]
    values = [needed(value(row, question.measure), "unknown") for row in rows]
    need(len(set(values)) == len(values) and not any(contradicted(question, row) for row in rows), "equal or unclear")
    best = (min if question.meaning.get("order") == "ascending" else max)(values)
    expect: Expect = {"status": ANSWERED, "text_any": rows[values.index(best)]["body"][-1:]}
    if not question.measure.denominators:
        expect["values"] = [row_of(row, known) for row, known in zip(rows, values, strict=True)]
    if question.meaning.get("by"):
        difference = number(values[0] - values[1])
        expect["value_any"] = [difference, -difference]
    return expect


def compare_groups(question: Question) -> Expect:
    """Two sides by kind, name or place; what each shows is the sum unless the group says ``mean``."""
    numbers = []
    for side in question.meaning["sides"]:
        region = question.words["zh"].get(side.get("place", ""), "")
        kinds, names = tuple(side.get("kinds", question.scope.kinds)), tuple(side.get("names", ()))
        rows = question.truth.select(replace(question.scope, kinds=kinds, names=names))
        values = values_of(question, [row for row in rows if row["region"].endswith(region)])
        need(values, "an empty side")
        total = sum(values, Fraction(0))
        numbers.append(total / len(values) if question.meaning.get("statistic") == "mean" else total)
    need(numbers[0] != numbers[1], "equal")
    return {"status": ANSWERED, "numbers": [number(shown) for shown in numbers]}
