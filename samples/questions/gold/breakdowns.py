"""Over the years, and split by applicant, outcome, kind, place, year or body."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, Expect, add, contradicted, need, needed, number, row_of
from samples.questions.gold.members import sort_out
from samples.questions.gold.reports import FINE_OUTCOMES
from samples.questions.truth import Measure, Row, Scope, value
from vectorstore.catalogue import catalogue

KIND_LABELS = {
    "zone": ["zone", "开发区"],
    "township": ["township", "乡镇", "town"],
    "subdistrict": ["subdistrict", "街道"],
    "department": ["department", "部门"],
    "government_office": ["government_office", "办公室"],
    "county": ["county", "县级政府", "县"],
}


def trend(question: Question) -> Expect:
    """Each year's value of one body, or each year's sum over the scope."""
    if question.bodies:
        wanted = () if question.meaning.get("years") == "all" else question.scope.years
        rows = question.truth.select(Scope(bodies=tuple(question.bodies), years=wanted))
        need(len(rows) >= 3 and not any(contradicted(question, row) for row in rows), "few or contradicted")
        known = [(row, v) for row in rows if (v := value(row, question.measure)) is not None]
        need(len(known) >= 2, "few")
        return {"status": ANSWERED, "values": [row_of(row, v) for row, v in known]}
    by_year = defaultdict(list)
    for row in question.truth.select(question.scope):
        by_year[row["year"]].append(row)
    need(len(by_year) >= 2, "one year")
    sums = {year: number(add(rows, question.measure)) for year, rows in sorted(by_year.items())}
    return {"status": ANSWERED, "cells": [{"has": [[str(year)]], "value": total} for year, total in sums.items()]}


def change(question: Question) -> Expect:
    """Of a body, from the year before to its year; the sign may be told in words."""
    year = question.year or 0
    rows = [needed(question.truth.of(question.bodies[0], y), "no report") for y in (year - 1, year)]
    need(not any(contradicted(question, row) for row in rows), "contradicted")
    before, after = (needed(value(row, question.measure), "unknown") for row in rows)
    difference = after - before
    need(difference, "no change")
    if question.meaning.get("percent"):
        need(before, "from zero")
        share = float(difference / before)
        told = [{"value_any": [share, -share]}, {"text_all": [f"{abs(share) * 100:.3g}"[:3]]}]
        return {"status": ANSWERED, "either": told}
    size = number(abs(difference))
    return {"status": ANSWERED, "value_any": [size, -size], "text_any": [str(size)]}


def trend_count(question: Question) -> Expect:
    """How many satisfy the criteria in each year."""
    members, _, _ = sort_out(question)
    years = sorted({row["year"] for row in members})
    need(len(years) >= 2, "one year")
    return {"status": ANSWERED, "numbers": [sum(row["year"] == year for row in members) for year in years]}


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a breakdown: what its rows are recognised by, its reports, and which metric or column is meant."""

    labels: list[str]
    rows: Sequence[Row]
    metric: str = ""
    column: str = ""

    def of(self, metrics: tuple[str, ...]) -> tuple[str, ...]:
        """The metrics that the group shows, of those asked for."""
        chosen = (self.metric,) if self.metric else metrics
        return tuple(f"{metric}__{self.column}" for metric in chosen) if self.column else chosen


def breakdown(question: Question) -> Expect:
    """One or two groupings; a cell is the sum of what its reports state. Zero cells may be left out."""
    rows = question.truth.select(question.scope)
    first, *more = question.meaning["by"]
    cells = []
    for outer in _groups(question, first, rows):
        for inner in _groups(question, more[0], outer.rows) if more else [Group([], outer.rows)]:
            metrics = inner.of(outer.of(question.measure.metrics))
            total = add(inner.rows, Measure(metrics))
            labels = [group.labels for group in (outer, inner) if group.labels]
            cells += [{"has": labels, "value": number(total)}] if total else []
    need(len(cells) >= 2, "too few cells")
    return {"status": ANSWERED, "cells": cells}


def _groups(question: Question, by: str, rows: Sequence[Row]) -> list[Group]:
    if by == "column":
        return [Group([c.label, f"__{c.id}"], rows, column=c.id) for c in catalogue().applicant_columns]
    if by == "outcome":
        return [Group([metric], rows, metric=metric) for metric in question.meaning.get("outcomes", FINE_OUTCOMES)]
    labels: dict[str, Callable[[Row], list[str]]] = {
        "kind": lambda row: KIND_LABELS[row["kind"]],
        "year": lambda row: [str(row["year"])],
        "region": lambda row: [row["region"].rsplit("/", 1)[1]],
        "body": lambda row: row["body"],
    }
    parts: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        parts.setdefault(tuple(labels[by](row)), []).append(row)
    return [Group(list(names), part) for names, part in parts.items()]


def each_value(question: Question) -> Expect:
    rows = question.truth.select(question.scope)
    known = [(row, v) for row in rows if (v := value(row, question.measure)) is not None]
    need(len(known) > 2, "few")
    return {"status": ANSWERED, "values": [row_of(row, v) for row, v in known]}
