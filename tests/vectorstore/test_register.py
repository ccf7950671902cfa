"""Which bodies should report, which of the index's they are, and who of them didn't report."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import database, schema
from vectorstore.index import Index
from vectorstore.records import Body, Kind, RegisteredBody, Report, ReportContents, Scope, State
from vectorstore.register import Register

COUNTY = "云岭省/青禾市/松溪区"
OTHER_COUNTY = "云岭省/白沙市/松溪区"
MakeContents = Callable[..., ReportContents]


def body(name: str, kind: Kind = Kind.TOWNSHIP, region: str | None = COUNTY, aliases: Sequence[str] = ()) -> Body:
    return Body(f"{name}@{region}", name, kind, region, tuple(aliases))


def report(of: Body, year: int | None) -> Report:
    return Report(f"{of.body_id}{year}", "", of.body_id, of.name, of.kind, of.region, year)


def entry(name: str, region: str | None = COUNTY, kind: Kind = Kind.TOWNSHIP, **years: int) -> RegisteredBody:
    return RegisteredBody(name, kind, region, years.get("first"), years.get("last"))


def matches(register: Register) -> list[list[str]]:
    return [[found.body_id for found in listed.bodies] for listed in register.within(Scope())]


@pytest.mark.parametrize(
    "name", ["松溪区白石镇人民政府", "白石镇", "白石镇人民政府", "云岭省青禾市松溪区白石镇人民政府", "松溪区 白石镇"]
)
def test_a_body_is_known_by_any_of_its_names(name: str) -> None:
    town = body("松溪区白石镇人民政府", aliases=("白石镇", "松溪区白石镇"))
    assert matches(Register([entry(name)], [town, body("松溪区黑石镇人民政府")], [])) == [[town.body_id]]


def test_the_region_tells_homonyms_apart() -> None:
    here, there = body("白石镇人民政府"), body("白石镇人民政府", region=OTHER_COUNTY)
    register = Register([entry("白石镇人民政府", OTHER_COUNTY), entry("白石镇人民政府", None)], [here, there], [])
    assert matches(register) == [[there.body_id], [here.body_id, there.body_id]]


def test_a_body_elsewhere_is_another_one() -> None:
    assert matches(Register([entry("白石镇人民政府")], [body("白石镇人民政府", region=OTHER_COUNTY)], [])) == [[]]


def test_an_alias_of_a_body_of_another_kind_is_no_match() -> None:
    street = body("白石街道办事处", Kind.SUBDISTRICT, aliases=("白石",))
    assert matches(Register([entry("白石")], [street], [])) == [[]]


def test_missing_are_those_due_without_a_report_of_the_year() -> None:
    town, street = body("白石镇人民政府"), body("黑石镇人民政府")
    listed = [
        entry("白石镇人民政府", first=2021),
        entry("黑石镇人民政府", last=2021),
        entry("青石镇人民政府", first=2023),
    ]
    register = Register(listed, [town, street], [report(town, 2022), report(street, 2021)])
    found = {m.registered.name: m.years for m in register.missing(Scope(years=(2021, 2022, 2023)))}
    assert found == {"白石镇人民政府": (2021, 2023), "青石镇人民政府": (2023,)}
    assert [m.registered.name for m in register.missing(Scope(years=(2022,)))] == []


def test_without_a_year_those_of_the_index_are_meant() -> None:
    town = body("白石镇人民政府")
    register = Register([entry("黑石镇人民政府")], [town], [report(town, 2021), report(town, None)])
    assert [m.years for m in register.missing(Scope())] == [(2021,)]


def test_an_entry_that_may_be_several_bodies_is_missing_only_if_none_reports() -> None:
    here, there = body("白石镇人民政府"), body("白石镇人民政府", region=OTHER_COUNTY)
    register = Register([entry("白石镇人民政府", None)], [here, there], [report(there, 2022)])
    assert [m.years for m in register.missing(Scope(years=(2021, 2022)))] == [(2021,)]


def test_a_body_registered_for_two_periods_is_told_once() -> None:
    listed = [entry("白石镇人民政府", last=2020), entry("白石镇人民政府", first=2022)]
    assert [m.years for m in Register(listed, [], []).missing(Scope(years=(2020, 2021, 2022)))] == [(2020, 2022)]


def test_a_scope_narrows_by_what_the_index_knows_of_a_body() -> None:
    town = body("白石镇人民政府", aliases=("白石",))
    register = Register([entry("白石镇人民政府", None), entry("黑石街道办事处", kind=Kind.SUBDISTRICT)], [town], [])
    assert [e.name for e in register.within(Scope(regions=("云岭省/青禾市",)))] == ["白石镇人民政府", "黑石街道办事处"]
    assert [e.name for e in register.within(Scope(kinds=(Kind.SUBDISTRICT,)))] == ["黑石街道办事处"]
    assert [e.name for e in register.within(Scope(names=("白石",)))] == ["白石镇人民政府"]
    assert [e.name for e in register.within(Scope(body_ids=(town.body_id,)))] == ["白石镇人民政府"]


@given(st.lists(st.integers(2015, 2024)), st.integers(2015, 2024), st.integers(2015, 2024))
def test_each_year_due_is_either_reported_or_missing(reported: list[int], first: int, last: int) -> None:
    town = body("白石镇人民政府")
    register = Register([entry(town.name, first=first, last=last)], [town], [report(town, y) for y in reported])
    years = tuple(range(2015, 2025))
    missing = {year for m in register.missing(Scope(years=years)) for year in m.years}
    assert missing == {year for year in years if first <= year <= last} - set(reported)


def test_an_index_keeps_replaces_and_forgets_its_register(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        assert index.register() is None
        assert index.missing(Scope()) is None
        bare = index.fingerprint
        with index.writing() as writer:
            writer.put(make_contents())
            writer.put_register([entry("白石镇人民政府"), entry("黑石镇人民政府", None, first=2020, last=2023)])
            assert [e.name for e in index.register() or ()] == ["白石镇人民政府", "黑石镇人民政府"]
            writer.put_register([entry("黑石镇人民政府", None, first=2020, last=2023)])
    with Index.open(folder) as index:
        assert index.register() == [entry("黑石镇人民政府", None, first=2020, last=2023)]
        assert [m.years for m in index.missing(Scope(years=(2023, 2024))) or ()] == [(2023,)]
        with_register = index.fingerprint
        with index.writing() as writer:
            writer.put_register([])
        assert index.register() is None
        assert len({bare, with_register, index.fingerprint}) == 3


def test_a_body_that_begins_to_report_is_no_longer_missing(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.put_register([entry("青禾经济开发区管理委员会", kind=Kind.ZONE)])
        assert len(index.missing(Scope(years=(2023,))) or ()) == 1
        writer.put(make_contents(year=2023))
        assert index.missing(Scope(years=(2023,))) == []


def test_an_index_of_the_second_version_gets_a_register(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.put(contents)
    connection = sqlite3.connect(folder / database.DATABASE_NAME)
    connection.executescript("DROP TABLE register; UPDATE meta SET value = '2' WHERE name = 'schema_version';")
    connection.close()
    with Index.open(folder) as index:
        assert index.contents(contents.report.report_id) == contents
        with index.writing() as writer:
            writer.put_register([entry("白石镇人民政府")])
        assert len(index.register() or ()) == 1
        assert database.read_meta(index._engine)["schema_version"] == str(schema.SCHEMA_VERSION)


def test_checks_and_states_are_counted_without_being_read(folder: Path, make_contents: Any) -> None:
    contents = make_contents(figures={"applications_new": None, "result_total": 3})
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.put(contents)
        tally = index.tally_checks()
        assert tally == {("row_total", "applications_new", True): 1, ("balance", "result_total", None): 1}
        assert index.tally_checks(Scope(years=(2001,))) == {}
        assert index.tally_states(Scope(), [State.BLANK]) == {contents.report.report_id: 1}
        assert index.tally_states(Scope(), [State.UNREADABLE]) == {}


def test_failing_checks_are_counted_by_report_and_rule(folder: Path, make_contents: Any) -> None:
    contents = make_contents(figures={"applications_new": 1, "result_total": 3})
    first = contents.checks[0]
    failing = (replace(first, holds=False), replace(first, holds=False), replace(first, rule="balance", holds=None))
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.put(replace(contents, checks=failing))
        assert index.tally_failures() == {contents.report.report_id: {first.rule: 2}}
        assert index.tally_failures(Scope(years=(2001,))) == {}
