"""Pivot tables: their numbers are those of the reports, their totals know what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.pivoting.charts import chart_of
from assistant.pivoting.pivot import Pivot, make_pivot
from assistant.pivoting.places import place_of
from assistant.pivoting.request import PivotRequest, as_questions
from assistant.pivoting.totals import state_of
from vectorstore.records import Kind

NEW, REVIEWS = "applications_new", "review_total"
ROOT = Path(__file__).resolve().parents[2]
COUNTY = "云江省/青川市/白石县"


def pivot_of(assistant: Assistant, **request: Any) -> Pivot:
    return make_pivot(assistant.index, PivotRequest(**request))


def cells(pivot: Pivot) -> dict[str, list[Any]]:
    """The values by the rows' names, in the order of the columns."""
    return {
        row.name: [None if (v := pivot.value(r, c)) is None else Fraction(v) for c in range(len(pivot.columns))]
        for r, row in enumerate(pivot.rows)
    }


def tokens(pivot: Pivot) -> list[str]:
    return [column.token for column in pivot.columns]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The bundled samples."""
    from ingest.pipeline import ingest
    from vectorstore.index import Index

    folder = tmp_path_factory.mktemp("pivot") / "index"
    with Index.open(folder, create=True) as index:
        ingest([ROOT / "samples" / "reports"], index)
    with Assistant.open(folder) as assistant:
        yield assistant


TRUTH = [json.loads(line) for line in (ROOT / "samples" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def true_values(metric: str, year: int, kind: str | None = None) -> list[int]:
    """What the generator wrote into the reports; of a contradiction between a table and prose the table's number."""
    values = []
    for report in TRUTH:
        if report["year"] != year or kind not in (None, report["kind"]):
            continue
        if metric in report["conflicting"]:
            values += [r["value"] for r in report["readings"][metric] if r["origin"] == "table"]
        elif metric in report["figures"]:
            values.append(report["figures"][metric])
    return values


STATISTICS = {
    "sum": sum,
    "mean": lambda values: Fraction(sum(values), len(values)),
    "median": lambda values: Fraction(median(map(Fraction, values))),
    "zero": lambda values: values.count(0),
}


@pytest.mark.parametrize(
    ("metric", "year", "kind", "shows", "question"),
    [
        (NEW, 2023, "zone", "sum", "2023年开发区一共收到多少件申请？"),
        (NEW, 2023, "township", "sum", "2023年乡镇一共收到多少件申请？"),
        (NEW, 2022, "township", "sum", "2022年乡镇一共收到多少件申请？"),
        (NEW, 2021, "department", "sum", "2021年政府部门一共收到多少件申请？"),
        (NEW, 2023, "department", "mean", "2023年政府部门平均收到多少件申请？"),
        (NEW, 2021, "zone", "mean", "2021年开发区平均收到多少件申请？"),
        (NEW, 2023, "zone", "median", "2023年开发区收到申请的中位数是多少？"),
        (NEW, 2023, "township", "median", "2023年乡镇收到申请的中位数是多少？"),
        (NEW, 2023, "zone", "zero", "2023年有几个开发区没有收到申请？"),
        (NEW, 2023, "township", "zero", "2023年有几个乡镇没有收到申请？"),
        (REVIEWS, 2022, "department", "sum", "2022年政府部门一共发生多少件行政复议？"),
        (REVIEWS, 2021, "zone", "zero", "2021年有几个开发区没有行政复议？"),
        ("result_granted", 2023, "department", "sum", "2023年政府部门一共予以公开多少件？"),
        ("training_sessions", 2022, "township", "mean", "2022年乡镇平均开展多少次政务公开培训？"),
        ("proactive_total", 2022, "zone", "sum", "2022年开发区一共主动公开多少条信息？"),
        ("licence_decisions", 2023, "zone", "sum", "2023年开发区行政许可处理决定一共多少件？"),
    ],
)
def test_a_cell_is_what_the_reports_say_and_what_the_question_is_answered_with(
    samples: Assistant, metric: str, year: int, kind: str, shows: str, question: str
) -> None:
    expected = Fraction(STATISTICS[shows](true_values(metric, year, kind)))
    pivot = pivot_of(samples, metrics=(metric,), rows="kind", columns="year", shows=shows)
    row = next(at for at, row in enumerate(pivot.rows) if row.key == Kind(kind))
    column = pivot.column(f"{metric}.{year}")
    assert column is not None
    assert pivot.value(row, column) == expected
    assert samples.ask(question).value == pytest.approx(float(expected))


@pytest.mark.parametrize("metric", [NEW, REVIEWS, "result_granted", "training_sessions", "normative_docs_in_force"])
@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_each_report_has_its_own_number_and_the_total_is_of_all(samples: Assistant, metric: str, year: int) -> None:
    pivot = pivot_of(samples, metrics=(metric,), years=(year,))
    (total,) = pivot.totals
    unreadable = [r for r in TRUTH if r["year"] == year and metric in r["allowed"]]
    assert not unreadable
    assert total.value == sum(true_values(metric, year))
    named = cells(pivot)
    for report in TRUTH:
        if report["year"] == year and metric in report["figures"]:
            assert named[report["body"][0]] == [report["figures"][metric]]
    assert total.known == len(true_values(metric, year))
    assert total.reports == sum(report["year"] == year for report in TRUTH)


def test_applicants_stand_beside_the_total_that_the_form_states(samples: Assistant) -> None:
    pivot = pivot_of(samples, rows="kind", columns="column", years=(2023,), kinds=(Kind.DEPARTMENT,))
    expected = [sum(true_values(f"{NEW}__{column}", 2023, "department")) for column in ("natural_person", "enterprise")]
    ((_, values),) = cells(pivot).items()
    assert values[:2] == expected
    assert values[-1] == sum(true_values(NEW, 2023, "department"))
    assert tokens(pivot)[-1] == NEW
    assert pivot.columns[-1].part.is_stated_total


def test_outcomes_stand_beside_their_total(samples: Assistant) -> None:
    pivot = pivot_of(samples, rows="year", columns="outcome")
    assert tokens(pivot)[0] == "result_granted"
    assert tokens(pivot)[-1] == "result_total"
    assert pivot.value(0, 0) == sum(true_values("result_granted", 2021))


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    """Three towns in two counties: numbers, a zero, a blank, silence, a contradiction, a year without a report."""
    stated = "四、数据"
    return [
        draft("甲镇", 2022, Kind.TOWNSHIP, COUNTY).says(NEW, 5),
        draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY).says(NEW, 1),
        draft("乙镇", 2022, Kind.TOWNSHIP, COUNTY).says(NEW, 0, f"{stated}本年未收到申请。"),
        draft("乙镇", 2023, Kind.TOWNSHIP, COUNTY),
        draft("丙镇", 2023, Kind.TOWNSHIP, "云江省/墨溪市/黑石县").says(NEW, 153).says(NEW, 9),
    ]


def test_unknown_is_never_zero_and_every_state_stays_what_it_is(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns))
    assert tokens(pivot) == [f"{NEW}.2022", f"{NEW}.2023", f"{NEW}.total"]
    assert cells(pivot) == {"甲镇": [5, 1, 6], "乙镇": [0, None, 0], "丙镇": [None, None, None]}
    at = {row.name: position for position, row in enumerate(pivot.rows)}
    silent, torn = pivot.cells[at["乙镇"], 1].figure, pivot.cells[at["丙镇"], 1].figure
    assert silent is not None and state_of(silent) == "silent"
    assert torn is not None and torn.values == (153, 9)
    assert (at["丙镇"], 0) not in pivot.cells


def test_a_total_says_how_many_reports_it_rests_on(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns))
    of_2022, of_2023, of_all = pivot.totals
    assert (of_2022.value, of_2022.known, of_2022.reports, of_2022.missing) == (5, 2, 3, 1)
    assert (of_2023.value, of_2023.known, of_2023.reports) == (1, 1, 3)
    assert dict(of_2023.states) == {"stated": 1, "silent": 1, "conflicting": 1}
    assert (of_all.value, of_all.known, of_all.reports, of_all.missing) == (6, 3, 6, 1)
    assert not of_2023.is_complete


def test_a_contradiction_among_what_is_unknown_is_said_before_all_else(assistant_over: Any, draft: Any) -> None:
    torn = draft("甲镇", 2021, Kind.TOWNSHIP, COUNTY).says(NEW, 3).says(NEW, 0)
    others = [draft(name, 2021, Kind.TOWNSHIP, COUNTY) for name in ("乙镇", "丙镇")]
    pivot = pivot_of(assistant_over(torn, *others, draft("甲镇", 2022, Kind.TOWNSHIP, COUNTY)))
    first = next(at for at, row in enumerate(pivot.rows) if row.name == "甲镇")
    of_row = pivot.cells[first, len(pivot.columns) - 1]
    for shown in (of_row, pivot.totals[0], pivot.totals[-1]):
        assert (shown.value, shown.torn, shown.main_state) == (None, 1, "conflicting")
    assert pivot.totals[1].main_state == "missing"


def test_where_nothing_is_known_there_is_no_total(assistant_over: Any, draft: Any) -> None:
    pivot = pivot_of(assistant_over(draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY)))
    assert pivot.totals[0].value is None
    assert pivot.totals[0].main_state == "silent"
    counted = pivot_of(assistant_over(draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY)), rows="kind", shows="count")
    assert (counted.value(0, 0), counted.totals[0].value) == (0, 0)
    zeros = pivot_of(assistant_over(draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY)), rows="kind", shows="zero")
    assert zeros.value(0, 0) is None


@pytest.mark.parametrize("kinds", [(), (Kind.COUNTY, Kind.TOWNSHIP)])
def test_a_government_is_not_added_to_its_parts_even_if_both_were_asked_for(
    assistant_over: Any, draft: Any, kinds: tuple[Kind, ...]
) -> None:
    assistant = assistant_over(
        draft("白石县人民政府", 2023, Kind.COUNTY, COUNTY).says(NEW, 100),
        draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY).says(NEW, 30),
        draft("乙镇", 2023, Kind.TOWNSHIP, COUNTY).says(NEW, 12),
    )
    pivot = pivot_of(assistant, kinds=kinds)
    assert pivot.totals[0].value == 42
    assert [m.current[0].body for m in pivot.apart[NEW]] == ["白石县人民政府"]
    by_place = pivot_of(assistant, kinds=kinds, rows="region", level="county")
    assert cells(by_place) == {"云江省青川市白石县": [42]}
    alone = pivot_of(assistant, kinds=(Kind.COUNTY,))
    assert alone.totals[0].value == 100
    assert not alone.apart[NEW]


def test_what_is_in_force_at_a_years_end_is_not_added_over_years(assistant_over: Any, draft: Any) -> None:
    docs = "normative_docs_in_force"
    assistant = assistant_over(
        draft("甲镇", 2022, Kind.TOWNSHIP, COUNTY).says(docs, 7).says(NEW, 1),
        draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY).says(docs, 8).says(NEW, 2),
    )
    pivot = pivot_of(assistant, metrics=(docs, NEW))
    assert tokens(pivot) == [f"{docs}.2022", f"{docs}.2023", f"{NEW}.2022", f"{NEW}.2023", f"{NEW}.total"]
    assert cells(pivot) == {"甲镇": [7, 8, 1, 2, 3]}
    by_body = pivot_of(assistant, metrics=(docs, NEW), columns="metric")
    assert cells(by_body) == {"甲镇": [None, 3]}
    assert [total.is_comparable for total in by_body.totals] == [False, True]
    by_year = pivot_of(assistant, metrics=(docs,), rows="year")
    assert (cells(by_year), by_year.totals[0].value) == ({"2022年": [7], "2023年": [8]}, None)
    assert cells(pivot_of(assistant, metrics=(docs,), columns="metric", shows="mean")) == {"甲镇": [Fraction(15, 2)]}


def test_metrics_are_columns_of_their_own_and_never_added(assistant_over: Any, draft: Any) -> None:
    assistant = assistant_over(draft("甲镇", 2023, Kind.TOWNSHIP, COUNTY).says(NEW, 3).says("proactive_total", 80))
    pivot = pivot_of(assistant, metrics=("proactive_total", NEW), columns="metric")
    assert tokens(pivot) == ["proactive_total", NEW]
    assert cells(pivot) == {"甲镇": [80, 3]}


def test_rows_are_sorted_by_a_column_unknown_ones_last_both_ways(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns))
    named = [row.name for row in pivot.rows]
    down = [named[at] for at in pivot.order(f"{NEW}.2022", descending=True)]
    up = [named[at] for at in pivot.order(f"{NEW}.2022")]
    assert down == ["甲镇", "乙镇", "丙镇"]
    assert up == ["乙镇", "甲镇", "丙镇"]


def test_rows_are_found_by_name_or_place(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns))
    assert [pivot.rows[at].name for at in pivot.order(find="黑石")] == ["丙镇"]
    assert [pivot.rows[at].name for at in pivot.order(find="乙")] == ["乙镇"]
    assert pivot.order(find="没有") == []


def test_a_year_asked_for_without_any_report_has_its_column(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns), years=(2020, 2022))
    assert tokens(pivot) == [f"{NEW}.2020", f"{NEW}.2022", f"{NEW}.total"]
    assert all((row, 0) not in pivot.cells for row in range(len(pivot.rows)))
    assert pivot.totals[0].missing == len(pivot.rows)


def test_bodies_are_named_in_full_or_in_part(assistant_over: Any, towns: list[Any]) -> None:
    assistant = assistant_over(*towns)
    assert list(cells(pivot_of(assistant, names=("甲镇",)))) == ["甲镇"]
    assert set(cells(pivot_of(assistant, names=("镇",)))) == {"甲镇", "乙镇", "丙镇"}
    assert pivot_of(assistant, names=("没有这样的镇",)).rows == ()


def test_every_value_has_its_place(samples: Assistant) -> None:
    pivot = pivot_of(samples, metrics=("result_granted",), years=(2023,))
    for (_, column), shown in pivot.cells.items():
        figure = shown.figure
        if figure is None or figure.value is None or pivot.columns[column].role == "total":
            continue
        place = place_of(figure)
        assert place.span is not None
        words = (place.cell or place.span).of(samples.index.text(place.report_id))
        assert str(figure.value) in words.replace(",", "")


def test_the_question_that_asks_the_same_gives_the_same(samples: Assistant) -> None:
    request = PivotRequest(rows="kind", columns="year", shows="mean")
    (plan,) = as_questions(samples.index, request)
    answered = {row.label: row.value for row in samples.answer(plan).rows}
    pivot = make_pivot(samples.index, request)
    for column, _ in enumerate([c for c in pivot.columns if c.role == "value"]):
        for at, row in enumerate(pivot.rows):
            value = pivot.value(at, column)
            assert answered[f"{row.name} × {pivot.columns[column].name}"] == pytest.approx(float(value or 0))
    assert samples.restate(plan)
    assert as_questions(samples.index, PivotRequest(shows="count")) == []


def test_a_chart_has_lines_for_years_and_gaps_for_what_is_unknown(assistant_over: Any, towns: list[Any]) -> None:
    pivot = pivot_of(assistant_over(*towns))
    chart = chart_of(pivot, pivot.order(), "申请")
    assert chart is not None
    assert (chart["type"], chart["x"]) == ("line", ["2022", "2023"])
    assert {one["name"]: one["y"] for one in chart["series"]}["乙镇"] == [0, None]


def test_a_chart_of_one_year_has_bars_from_the_most(samples: Assistant) -> None:
    pivot = pivot_of(samples, years=(2023,))
    chart = chart_of(pivot, pivot.order(), "申请")
    assert chart is not None
    assert chart["type"] == "bar"
    assert chart["y"] == sorted(true_values(NEW, 2023), reverse=True)
