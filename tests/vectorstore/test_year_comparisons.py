from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from vectorstore.check_rules import check_rules
from vectorstore.records import Check, Figure, Kind, Origin, Report, ResolvedFigure, Scope, State
from vectorstore.year_comparisons import check_years, compare_years


def resolved(report_id: str, year: int, metric_id: str, value: int | None, **changes: Any) -> ResolvedFigure:
    number = None if value is None else Decimal(value)
    state = State.STATED if value is not None else State.BLANK
    metric, _, column = metric_id.partition("__")
    reading = Figure(report_id, "b", metric, column or None, year, number, state, "件", Origin.TABLE, 5, 9)
    made = ResolvedFigure(
        report_id,
        "b",
        "白石镇人民政府",
        Kind.TOWNSHIP,
        None,
        year,
        metric_id,
        number,
        "件",
        state,
        Origin.TABLE,
        (reading,),
    )
    return replace(made, **changes)


def rules(checks: Collection[Check]) -> dict[tuple[str, str], bool | None]:
    assert all(check.rule in check_rules() for check in checks)
    return {(check.rule, check.subject): check.holds for check in checks}


def test_what_is_carried_in_was_carried_over() -> None:
    before = [
        resolved("old", 2022, "applications_carried_out", 3),
        resolved("old", 2022, "applications_carried_out__enterprise", 1),
    ]
    now = [
        resolved("new", 2023, "applications_carried_in", 3),
        resolved("new", 2023, "applications_carried_in__enterprise", 2),
    ]
    checks = compare_years(before, now)
    assert rules(checks) == {
        ("carried_over", "applications_carried_in"): True,
        ("carried_over", "applications_carried_in__enterprise"): False,
    }
    assert {c.report_id for c in checks} == {"new"}
    assert all((c.left.report_id, c.right.report_id) == (None, "old") for c in checks)


def test_a_blank_or_contradictory_figure_cannot_be_judged() -> None:
    before = [resolved("old", 2022, "applications_carried_out", None)]
    now = [resolved("new", 2023, "applications_carried_in", 3)]
    assert rules(compare_years(before, now)) == {("carried_over", "applications_carried_in"): None}
    unsure = replace(now[0], state=State.CONFLICTING)
    before = [resolved("old", 2022, "applications_carried_out", 3)]
    assert rules(compare_years(before, [unsure])) == {("carried_over", "applications_carried_in"): None}
    assert compare_years([], now) == ()


def test_documents_in_force_follow_from_those_of_the_year_before() -> None:
    before = [resolved("old", 2022, "normative_docs_in_force", 10)]
    now = [
        resolved("new", 2023, f"normative_docs_{what}", n)
        for what, n in (("in_force", 11), ("issued", 3), ("repealed", 2))
    ]
    assert rules(compare_years(before, now)) == {("stock_in_force", "normative_docs_in_force"): True}
    now[0] = resolved("new", 2023, "normative_docs_in_force", 9)
    (check,) = compare_years(before, now)
    assert check.holds is False and (check.left.value, check.right.value) == (9, 11)
    assert check_rules()["stock_in_force"].severity == "warning"


def test_what_a_report_implies_of_the_year_before_is_held_against_it() -> None:
    before = [resolved("old", 2022, "applications_new", 8)]
    now = [
        resolved("new", 2023, "applications_new", 7),
        resolved("new", 2022, "applications_new", 9, state=State.DERIVED),
    ]
    (check,) = compare_years(before, now)
    assert (check.rule, check.holds, check.left.value, check.right.value) == ("stated_of_year_before", False, 9, 8)
    about = replace(now[1], readings=(replace(now[1].readings[0], qualifier="约"),))
    assert compare_years(before, [now[0], about]) == ()


class FakeIndex:
    def __init__(self, reports: list[Report], figures: list[ResolvedFigure]) -> None:
        self._reports, self._figures = reports, figures

    def reports(self, scope: Scope = Scope()) -> list[Report]:  # noqa: B008
        return [
            r
            for r in self._reports
            if (not scope.years or r.year in scope.years)
            and (not scope.body_ids or r.body_id in scope.body_ids)
            and (not scope.report_ids or r.report_id in scope.report_ids)
        ]

    def figures(self, scope: Scope = Scope(), metric_ids: Collection[str] | None = None) -> list[ResolvedFigure]:  # noqa: B008
        return [
            f
            for f in self._figures
            if (metric_ids is None or f.metric_id in metric_ids)
            and (not scope.report_ids or f.report_id in scope.report_ids)
        ]

    def told_of_year_before(self, scope: Scope = Scope()) -> set[tuple[str, str]]:  # noqa: B008
        years = {r.report_id: r.year for r in self._reports}
        return {(f.report_id, f.metric_id) for f in self._figures if f.year == (years[f.report_id] or 0) - 1}


def report(report_id: str, year: int) -> Report:
    return Report(report_id, "t", "b", "白石镇人民政府", Kind.TOWNSHIP, None, year)


def test_the_year_before_is_found_whatever_the_scope() -> None:
    figures = [
        resolved("old", 2022, "applications_carried_out", 3),
        resolved("new", 2023, "applications_carried_in", 4),
    ]
    index = FakeIndex([report("old", 2022), report("new", 2023), report("newest", 2025)], figures)
    for scope in (Scope(), Scope(years=(2023,)), Scope(report_ids=("new",)), Scope(body_ids=("b",))):
        assert [c.holds for c in check_years(index, scope)] == [False]
    assert check_years(index, Scope(years=(2022,))) == check_years(index, Scope(years=(2025,))) == []


def test_two_reports_of_the_year_before_decide_nothing() -> None:
    figures = [
        resolved("old", 2022, "applications_carried_out", 3),
        resolved("new", 2023, "applications_carried_in", 4),
    ]
    index = FakeIndex([report("old", 2022), report("older", 2022), report("new", 2023)], figures)
    assert check_years(index, Scope()) == []


def test_a_number_told_of_the_year_before_is_found_in_the_corpus() -> None:
    figures = [
        resolved("old", 2022, "review_total", 8),
        resolved("new", 2023, "review_total", 7),
        resolved("new", 2022, "review_total", 9, state=State.DERIVED),
        resolved("newest", 2024, "review_total", 7),
    ]
    index = FakeIndex([report("old", 2022), report("new", 2023), report("newest", 2024)], figures)
    (check,) = check_years(index, Scope())
    assert (check.report_id, check.rule, check.left.value, check.right.value) == ("new", "stated_of_year_before", 9, 8)
