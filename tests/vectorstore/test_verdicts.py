"""What people found on checks: kept beside the reports, and standing on the values that it was found on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from vectorstore import database, schema
from vectorstore.index import Index
from vectorstore.records import (
    CellReference,
    Check,
    CheckSide,
    Figure,
    Finding,
    Origin,
    ReportContents,
    Scope,
    Span,
    State,
    Verdict,
)
from vectorstore.verdicts import Verdicts, stated

MakeContents = Callable[..., ReportContents]

VERDICT = Verdict(
    "r1", "row_total", "applications_new", Finding.DISMISSED, "5", "6", "张三", "2026-05-04", "表内有说明"
)


def side(label: str, value: str | None) -> CheckSide:
    return CheckSide(label, None if value is None else Decimal(value))


def failing(left: str, right: str, report_id: str = "r1") -> Check:
    return Check(report_id, "row_total", "applications_new", False, side("各类之和", left), side("总计", right))


@pytest.fixture
def index(folder: Path) -> Index:
    return Index.open(folder, create=True)


def test_a_verdict_comes_back_as_it_was_given(index: Index) -> None:
    with index.writing() as writer:
        writer.record_verdict(VERDICT)
    assert index.verdicts() == [VERDICT]
    assert index.verdicts(["r1"]) == [VERDICT]
    assert index.verdicts(["r2"]) == []


def test_a_second_verdict_on_the_same_values_replaces_the_first(index: Index) -> None:
    changed = replace(VERDICT, finding=Finding.CONFIRMED, note="", made_by="")
    with index.writing() as writer:
        writer.record_verdict(VERDICT)
        writer.record_verdict(changed)
    assert index.verdicts() == [changed]


def test_a_verdict_can_be_taken_back_once(index: Index) -> None:
    with index.writing() as writer:
        writer.record_verdict(VERDICT)
        assert writer.forget_verdict(replace(VERDICT, finding=Finding.CONFIRMED, note="", made_by=""))
        assert not writer.forget_verdict(VERDICT)
    assert index.verdicts() == []


def test_nothing_remembered_is_lost_by_a_verdict(index: Index) -> None:
    asked: list[int] = []
    index.remember("key", lambda: asked.append(1) or [1])  # type: ignore[func-returns-value]
    with index.writing() as writer:
        writer.record_verdict(VERDICT)
    index.remember("key", lambda: asked.append(1) or [1])  # type: ignore[func-returns-value]
    assert len(asked) == 1
    assert index.verdicts() == [VERDICT]


def test_a_verdict_outlives_its_report(folder: Path, index: Index, make_contents: MakeContents) -> None:
    contents = make_contents()
    verdict = replace(VERDICT, report_id=contents.report.report_id)
    with index.writing() as writer:
        writer.put(contents)
        writer.record_verdict(verdict)
        writer.put(contents)
        assert index.verdicts() == [verdict]
        writer.remove(contents.report.report_id)
        assert index.verdicts() == [verdict]
        writer.put(contents)
    with Index.open(folder) as again:
        assert again.verdicts([contents.report.report_id]) == [verdict]


def test_verdicts_follow_a_report_to_its_new_id(index: Index) -> None:
    with index.writing() as writer:
        writer.record_verdict(VERDICT)
        assert writer.move_verdicts("r1", "r2") == 1
        assert writer.move_verdicts("r1", "r2") == 0
        assert writer.move_verdicts("r2", "r2") == 0
        assert index.verdicts() == [replace(VERDICT, report_id="r2", former_id="r1")]
        writer.move_verdicts("r2", "r3")
    assert index.verdicts() == [replace(VERDICT, report_id="r3", former_id="r1")]


@pytest.mark.parametrize(("day", "kept"), [("2026-05-03", "former"), ("2026-05-04", "own"), ("2026-05-05", "own")])
def test_of_two_verdicts_on_one_check_the_later_one_stays(index: Index, day: str, kept: str) -> None:
    own = replace(VERDICT, report_id="r2", made_on=day, note="own")
    with index.writing() as writer:
        writer.record_verdict(replace(VERDICT, note="former"))
        writer.record_verdict(own)
        writer.move_verdicts("r1", "r2")
    assert [verdict.note for verdict in index.verdicts()] == [kept]


def test_an_index_of_the_fourth_version_can_keep_verdicts(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    with Index.open(folder, create=True) as made, made.writing() as writer:
        writer.put(contents)
    connection = sqlite3.connect(folder / database.DATABASE_NAME)
    connection.executescript("DROP TABLE verdicts; UPDATE meta SET value = '4' WHERE name = 'schema_version';")
    connection.close()
    with Index.open(folder) as index:
        assert index.contents(contents.report.report_id) == contents
        with index.writing() as writer:
            writer.record_verdict(VERDICT)
        assert database.read_meta(index._engine)["schema_version"] == str(schema.SCHEMA_VERSION)
    with Index.open(folder) as index:
        assert index.verdicts() == [VERDICT]


def test_a_verdict_stands_on_the_values_that_it_was_found_on() -> None:
    verdicts = Verdicts([VERDICT])
    assert verdicts.on(failing("5.0", "6")).standing == "dismissed"
    changed = verdicts.on(failing("5", "7"))
    assert (changed.standing, changed.verdict, changed.is_current) == ("open", VERDICT, False)
    assert verdicts.on(failing("5", "6", "r2")).verdict is None


def test_a_verdict_holds_again_where_the_former_values_come_back() -> None:
    second = replace(VERDICT, finding=Finding.CONFIRMED, right="7", made_on="2026-06-01")
    verdicts = Verdicts([VERDICT, second])
    assert verdicts.on(failing("5", "7")).standing == "confirmed"
    assert verdicts.on(failing("5", "6")).standing == "dismissed"
    assert verdicts.on(failing("5", "8")).verdict == second


def test_a_verdict_on_one_fault_of_a_title_says_nothing_of_the_other() -> None:
    def fault(title: str, which: str) -> Check:
        return Check("r1", "wording_of_title", "title", False, side(title, None), side(which, None))

    verdict = Verdict("r1", "wording_of_title", "title", Finding.CONFIRMED, "年报", "应写明年份", "", "2026-05-04")
    verdicts = Verdicts([verdict])
    assert verdicts.on(fault("年报", "应写明年份")).standing == "confirmed"
    assert verdicts.on(fault("年报", "应写明机关")).verdict is None
    assert verdicts.on(fault("工作年报", "应写明年份")).verdict == verdict
    assert verdicts.on(fault("工作年报", "应写明年份")).standing == "open"


@pytest.mark.parametrize(
    ("value", "said"), [("100", "100"), ("1E+2", "100"), ("1.50", "1.5"), ("0.0", "0"), ("-3", "-3"), (None, "左")]
)
def test_a_side_is_said_in_plain_digits(value: str | None, said: str) -> None:
    assert stated(side("左", value)) == said


def of_two_years(
    make_contents: MakeContents, former: dict[str, int | None], later: dict[str, int | None]
) -> tuple[ReportContents, ReportContents]:
    def as_read(contents: ReportContents) -> ReportContents:
        return replace(contents, checks=())

    return (
        as_read(make_contents(year=2022, figures=former)),
        as_read(make_contents(year=2023, figures=later)),
    )


@pytest.mark.parametrize(
    ("former", "later", "rules"),
    [
        ({"applications_carried_out": 3}, {"applications_carried_in": 3}, []),
        ({"applications_carried_out": 3}, {"applications_carried_in": 2}, ["carried_over"]),
        ({"applications_carried_out": None}, {"applications_carried_in": 2}, []),
        (
            {"rules_in_force": 4},
            {"rules_in_force": 5, "rules_issued": 2, "rules_repealed": 1},
            [],
        ),
        (
            {"rules_in_force": 4},
            {"rules_in_force": 4, "rules_issued": 2, "rules_repealed": 1},
            ["stock_in_force"],
        ),
    ],
)
def test_checks_between_two_years_that_fail_are_among_the_failed(
    index: Index,
    make_contents: MakeContents,
    former: dict[str, int | None],
    later: dict[str, int | None],
    rules: list[str],
) -> None:
    before, now = of_two_years(make_contents, former, later)
    with index.writing() as writer:
        writer.put(before)
        writer.put(now)
    for scope in (Scope(), Scope(years=(2023,)), Scope(report_ids=(now.report.report_id,))):
        failed = index.failed_checks(scope)
        assert [check.rule for check in failed] == rules
        assert {check.report_id for check in failed} <= {now.report.report_id}
    assert list(index.failed_checks(Scope(years=(2022,)))) == []


def test_what_a_report_tells_of_the_year_before_is_held_against_that_report(
    index: Index, make_contents: MakeContents
) -> None:
    before, now = of_two_years(make_contents, {"applications_new": 3}, {"applications_new": 5})
    told = replace(now.figures[0], year=2022, value=Decimal(4), state=State.DERIVED, start=9, end=12)
    with index.writing() as writer:
        writer.put(before)
        writer.put(replace(now, figures=(*now.figures, told)))
    (check,) = index.failed_checks()
    assert (check.rule, check.left.value, check.right.value) == ("stated_of_year_before", 4, 3)
    assert check.right.report_id == before.report.report_id


def test_failed_checks_come_in_the_order_of_reports_without_those_that_hold(
    index: Index, make_contents: MakeContents
) -> None:
    made = []
    for name, region in (("乙镇人民政府", "云岭省/乙市"), ("甲镇人民政府", "云岭省/甲市"), ("丙镇人民政府", None)):
        contents = make_contents(name, region=region)
        report_id = contents.report.report_id
        made.append(replace(contents, checks=(*contents.checks, failing("5", "6", report_id))))
    with index.writing() as writer:
        for contents in made:
            writer.put(contents)
    order = [report.report_id for report in index.reports()]
    assert [check.report_id for check in index.failed_checks()] == order
    assert {check.holds for check in index.failed_checks()} == {False}


def test_a_replaced_report_has_no_failed_checks_unless_it_is_named(index: Index, make_contents: MakeContents) -> None:
    contents = make_contents()
    report_id = contents.report.report_id
    with index.writing() as writer:
        writer.put(replace(contents, checks=(failing("5", "6", report_id),)))
        assert len(index.failed_checks()) == 1
        writer.supersede(report_id, "a later one")
    assert list(index.failed_checks()) == []
    assert len(index.failed_checks(Scope(report_ids=(report_id,)))) == 1


def test_a_cell_is_found_by_its_place(index: Index, make_contents: MakeContents) -> None:
    contents = make_contents()
    report_id = contents.report.report_id
    cell = CellReference(2, 3, 4, 5)
    row = Figure(
        report_id, contents.body.body_id, "result_total", "enterprise", 2023, Decimal(7), State.STATED, "件",
        Origin.TABLE, 0, 9, cell=cell,
    )  # fmt: skip
    with index.writing() as writer:
        writer.put(replace(contents, figures=(*contents.figures, row)))
    place, elsewhere = (report_id, Span(4, 5)), (report_id, Span(0, 5))
    assert index.cells([place, elsewhere, ("no such report", Span(4, 5))]) == {place: replace(row, body_id="")}
    assert index.cells([]) == {}
