"""Which reports and bodies satisfy conditions, and how many."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, Expect, count_silent, need
from samples.questions.truth import Row, all_of, any_of, satisfies, value


def _verdict(question: Question, row: Row) -> bool | None:
    verdicts = []
    for criterion in question.criteria:
        if not criterion.change:
            verdicts.append(satisfies(row, criterion.measure, criterion.condition))
            continue
        earlier = question.truth.of(row["body"][0], row["year"] - 1)
        now, then = value(row, criterion.measure), earlier and value(earlier, criterion.measure)
        verdicts.append(criterion.condition(now - then) if now is not None and then is not None else None)
    return (any_of if question.meaning.get("combine") == "any" else all_of)(verdicts)


def sort_out(question: Question) -> tuple[list[Row], list[Row], list[Row]]:
    """Members, others, and those of which it can't be told."""
    members, others, unknown = [], [], []
    for row in question.truth.select(question.scope):
        verdict = _verdict(question, row)
        (unknown if verdict is None else members if verdict else others).append(row)
    return members, others, unknown


def list_members(question: Question) -> Expect:
    members, others, unknown = sort_out(question)
    need(members or others or unknown, "nothing in scope")
    need((members and (others or unknown)) or question.meaning.get("may_be_empty"), "nobody or everybody")
    expect: Expect = {"status": ANSWERED, "value": len(members)}
    if any(criterion.change for criterion in question.criteria):  # rows may show the year before too
        return expect | {"bodies": [row["body"] for row in members]}
    expect["members"] = [[row["body"], row["year"]] for row in members]
    if len(question.criteria) == 1:
        expect["silent_min"] = count_silent(question, [*members, *others, *unknown])
    return expect


def count_members(question: Question) -> Expect:
    expect = list_members(question)
    bodies = {names[0] for names in expect.pop("bodies", [])} | {names[0] for names, _ in expect.pop("members", [])}
    expect["value_any"] = sorted({expect.pop("value"), len(bodies)})
    if question.meaning.get("or_share"):
        expect["value_any"] += share_of_bodies(question)["value_any"]
    return expect


def share_of_bodies(question: Question) -> Expect:
    members, others, unknown = sort_out(question)
    need(members and others, "all or none")
    known = len(members) + len(others)
    shares = {Fraction(len(members), known), Fraction(len(members), known + len(unknown))}
    return {"status": ANSWERED, "value_any": sorted(map(float, shares))}


def list_running(question: Question) -> Expect:
    """Bodies that satisfy the criteria in so many successive years, or (0) in all years they reported on."""
    running = int(question.meaning["running"])
    verdicts: dict[str, dict[int, bool | None]] = defaultdict(dict)
    for row in question.truth.select(question.scope):
        verdicts[row["body"][0]][row["year"]] = _verdict(question, row)
    need(all(len(by_year) > 1 for by_year in verdicts.values()), "bodies with one year only")
    members = []
    for body, by_year in verdicts.items():
        good = [year for year, verdict in sorted(by_year.items()) if verdict]
        in_a_row = any(all(year + i in good for i in range(running)) for year in good)
        if (running and in_a_row) or (not running and len(good) == len(by_year)):
            members.append(body)
    need(members and len(members) < len(verdicts), "nobody or everybody")
    names = {row["body"][0]: row["body"] for row in question.truth.rows}
    return {"status": ANSWERED, "bodies": [names[body] for body in members]}
