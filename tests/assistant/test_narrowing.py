"""The scope of a search: what is named narrows, what was given outranks it, and what gives way to find reports."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.narrowing import narrows_fully, widened, within
from assistant.assistant import Assistant
from assistant.plan import PlanScope
from vectorstore.index import Index
from vectorstore.records import Kind, Scope, SectionRole

CITY = "云江省/青川市"
WHITE, BLACK, HIGH = f"{CITY}/白石县", f"{CITY}/黑水县", f"{CITY}/皋川县"
REPORTS = [
    ("梨花镇人民政府", 2022, Kind.TOWNSHIP, WHITE),
    ("梨花镇人民政府", 2023, Kind.TOWNSHIP, WHITE),
    ("松岭镇人民政府", 2023, Kind.TOWNSHIP, BLACK),
    ("皋川经济开发区管理委员会", 2023, Kind.ZONE, WHITE),
    ("皋川县水利局", 2022, Kind.DEPARTMENT, HIGH),
    ("白石县教育局", 2023, Kind.DEPARTMENT, WHITE),
]
NAMES = sorted({name for name, *_ in REPORTS})
PEAR = {("梨花镇人民政府", 2022), ("梨花镇人民政府", 2023)}
UNHELD = "never-held"

KINDS = st.sampled_from([Kind.TOWNSHIP, Kind.ZONE, Kind.DEPARTMENT, Kind.PROVINCE])
REGIONS = st.sampled_from([CITY, WHITE, BLACK, HIGH, "远海省"])
YEARS = st.sampled_from([2019, 2022, 2023])
PARTS_OF_NAMES = st.sampled_from(["梨花", "皋川", "县", "人民政府", "没有这个名字"])


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """None, one or two of the values."""
    return st.lists(values, max_size=2, unique=True).map(tuple)


FILTERS = st.builds(Scope, kinds=some(KINDS), regions=some(REGIONS), years=some(YEARS), names=some(PARTS_OF_NAMES))
BODY_NAMES = st.sampled_from([*NAMES, UNHELD])


@pytest.fixture(scope="module")
def index(draft: Any, assistant_over: Any) -> Index:
    made = [draft(*one).section("一、总体情况", SectionRole.OVERVIEW, "设立服务角一处。") for one in REPORTS]
    assistant: Assistant = assistant_over(*made)
    return assistant.index


@pytest.fixture(scope="module")
def id_of(index: Index) -> dict[str, str]:
    """Of each body by its name, and of one that the index doesn't hold."""
    return {body.name: body.body_id for body in index.bodies()} | {UNHELD: UNHELD}


def found(index: Index, filters: Scope, **named: Any) -> set[tuple[str, int | None]]:
    """The bodies and years of the reports that are searched."""
    return {(report.body, report.year) for report in index.reports(within(index, filters, PlanScope(**named)))}


def names_of(index: Index, filters: Scope, **named: Any) -> set[str]:
    return {body for body, _ in found(index, filters, **named)}


def test_what_is_named_narrows_where_no_filter_is_given(index: Index, id_of: dict[str, str]) -> None:
    pear = id_of["梨花镇人民政府"]
    assert len(found(index, Scope())) == len(REPORTS)
    assert found(index, Scope(), bodies=(pear,), years=(2022,)) == {("梨花镇人民政府", 2022)}
    assert names_of(index, Scope(), regions=(BLACK,)) == {"松岭镇人民政府"}


def test_a_kind_narrows_beside_something_else_only(index: Index) -> None:
    # 产业园征地, 乡卫生院: most words for kinds in a search are part of what is looked for.
    assert len(found(index, Scope(), kinds=(Kind.TOWNSHIP,))) == len(REPORTS)
    assert names_of(index, Scope(), kinds=(Kind.TOWNSHIP,), regions=(BLACK,)) == {"松岭镇人民政府"}


def test_a_filter_outranks_what_is_named_of_the_same_sort(index: Index, id_of: dict[str, str]) -> None:
    assert {year for _, year in found(index, Scope(years=(2022,)), years=(2023,))} == {2022}
    assert names_of(index, Scope(kinds=(Kind.ZONE,)), kinds=(Kind.TOWNSHIP,)) == {"皋川经济开发区管理委员会"}
    assert names_of(index, Scope(regions=(BLACK,)), regions=(WHITE,)) == {"松岭镇人民政府"}
    pear = id_of["梨花镇人民政府"]
    assert names_of(index, Scope(names=("松岭",)), bodies=(pear,), names=("梨花",)) == {"松岭镇人民政府"}


def test_a_filter_and_what_is_named_of_another_sort_narrow_together(index: Index, id_of: dict[str, str]) -> None:
    pear = id_of["梨花镇人民政府"]
    assert found(index, Scope(years=(2023,)), bodies=(pear,)) == {("梨花镇人民政府", 2023)}
    assert names_of(index, Scope(kinds=(Kind.DEPARTMENT,)), regions=(WHITE,)) == {"白石县教育局"}


def test_a_year_that_no_report_has_does_not_narrow(index: Index, id_of: dict[str, str]) -> None:
    pear = id_of["梨花镇人民政府"]
    assert found(index, Scope(), bodies=(pear,), years=(2019,)) == PEAR
    assert len(found(index, Scope(), years=(2019,))) == len(REPORTS)


def test_a_kind_that_no_report_has_does_not_narrow(index: Index) -> None:
    assert names_of(index, Scope(), kinds=(Kind.PROVINCE,), regions=(BLACK,)) == {"松岭镇人民政府"}


def test_a_guessed_name_that_no_body_has_gives_way_before_the_kind_and_the_year(index: Index) -> None:
    named = {"names": ("坐轮椅的",), "kinds": (Kind.TOWNSHIP,), "years": (2022,)}
    assert found(index, Scope(), **named) == {("梨花镇人民政府", 2022)}


def test_a_kind_gives_way_before_a_year(index: Index) -> None:
    assert {year for _, year in found(index, Scope(), kinds=(Kind.PROVINCE,), years=(2022,))} == {2022}


def test_a_body_never_gives_way(index: Index) -> None:
    assert found(index, Scope(), bodies=(UNHELD,), years=(2023,)) == set()


def test_a_place_that_no_report_lies_in_is_looked_for_as_a_word(index: Index) -> None:
    named = PlanScope(regions=("远海省",))
    scope = within(index, Scope(), named)
    assert len(index.reports(scope)) == len(REPORTS)
    assert not narrows_fully(scope, Scope(), named)
    held = PlanScope(regions=(BLACK,))
    assert narrows_fully(within(index, Scope(), held), Scope(), held)


def test_a_filter_never_gives_way(index: Index) -> None:
    for filters in (Scope(years=(2019,)), Scope(kinds=(Kind.PROVINCE,)), Scope(names=("没有这个名字",))):
        assert found(index, filters) == set()


def test_a_place_with_nothing_of_the_kind_in_it_is_a_part_of_a_name(index: Index) -> None:
    assert names_of(index, Scope(), regions=(HIGH,), kinds=(Kind.ZONE,)) == {"皋川经济开发区管理委员会"}
    # A report that lies there comes before one that is only called so.
    assert names_of(index, Scope(), regions=(HIGH,)) == {"皋川县水利局"}


def test_what_is_left_out_is_not_searched(index: Index, id_of: dict[str, str]) -> None:
    towns = PlanScope(kinds=(Kind.TOWNSHIP,))
    assert names_of(index, Scope(), excluded=(towns,)) == set(NAMES) - {"梨花镇人民政府", "松岭镇人民政府"}
    pear = PlanScope(bodies=(id_of["梨花镇人民政府"],), years=(2022,))
    assert found(index, Scope(), regions=(WHITE,), kinds=(Kind.TOWNSHIP,), excluded=(pear,)) == {
        ("梨花镇人民政府", 2023)
    }


def test_leaving_out_what_nobody_said_leaves_out_nothing(index: Index) -> None:
    assert len(found(index, Scope(), excluded=(PlanScope(),))) == len(REPORTS)


@given(filters=FILTERS, bodies=some(BODY_NAMES), kinds=some(KINDS), regions=some(REGIONS), years=some(YEARS))
def test_what_is_named_never_leads_out_of_the_filters(
    index: Index,
    id_of: dict[str, str],
    filters: Scope,
    bodies: tuple[str, ...],
    kinds: tuple[Kind, ...],
    regions: tuple[str, ...],
    years: tuple[int, ...],
) -> None:
    named = PlanScope(bodies=tuple(id_of[name] for name in bodies), kinds=kinds, regions=regions, years=years)
    allowed = {report.report_id for report in index.reports(filters)}
    searched = index.reports(within(index, filters, named))
    assert {report.report_id for report in searched} <= allowed
    if bodies and not filters.names:
        assert {report.body for report in searched} <= set(bodies)


@given(filters=FILTERS, kinds=some(KINDS), years=some(YEARS), left_out=KINDS)
def test_leaving_out_only_ever_takes_away(
    index: Index, filters: Scope, kinds: tuple[Kind, ...], years: tuple[int, ...], left_out: Kind
) -> None:
    named = {"kinds": kinds, "years": years}
    everyone = found(index, filters, **named)
    rest = found(index, filters, **named, excluded=(PlanScope(kinds=(left_out,)),))
    assert rest <= everyone
    kind_of = {name: kind for name, _, kind, _ in REPORTS}
    assert rest == everyone or all(kind_of[name] is not left_out for name, _ in rest)


def test_a_plan_is_widened_by_its_name_first_and_then_by_its_kind(index: Index) -> None:
    held = PlanScope(kinds=(Kind.TOWNSHIP,), years=(2022,))
    assert widened(index, held) == held
    assert widened(index, held.model_copy(update={"names": ("坐轮椅的",)})) == held
    unheld = PlanScope(names=("坐轮椅的",), kinds=(Kind.PROVINCE,), regions=(BLACK,))
    assert widened(index, unheld) == PlanScope(regions=(BLACK,))


@pytest.mark.parametrize(
    "asked", [{"bodies": (UNHELD,)}, {"regions": ("远海省",)}, {"years": (2019,), "kinds": (Kind.TOWNSHIP,)}]
)
def test_a_plan_is_not_widened_by_what_was_asked_about(index: Index, asked: dict[str, Any]) -> None:
    assert widened(index, PlanScope(**asked)) is None
