"""What is remembered of reports that have gone, and which reports may hold what they said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vectorstore.index import Index
from vectorstore.records import ReportContents, SourceFile

MakeContents = Callable[..., ReportContents]


@pytest.fixture
def index(folder: Path) -> Index:
    return Index.open(folder, create=True)


def called(contents: ReportContents, report_id: str, year: int | None = None) -> ReportContents:
    """The same report under another id, as another version of the reader would give it."""
    report = replace(contents.report, report_id=report_id, year=year)
    return replace(contents, report=report, passages=(), figures=(), mentions=(), checks=())


def put(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer:
        for one in contents:
            writer.put(one)


def remove(index: Index, report_id: str, became: str | None = None) -> None:
    with index.writing() as writer:
        assert writer.remove(report_id, became)


def test_a_report_that_goes_is_remembered_until_it_comes_back(index: Index, make_contents: MakeContents) -> None:
    contents = called(make_contents(), "a", 2023)
    put(index, contents)
    assert index.departure("a") is None
    with index.writing() as writer:
        writer.record_source(SourceFile("/a.txt", 1, 1, "digest", "1", "a"))
    remove(index, "a")
    gone = index.departure("a")
    assert gone is not None
    known = contents.report
    assert (gone.title, gone.body_id, gone.body, gone.year) == (known.title, known.body_id, known.body, known.year)
    assert gone.digests == ("digest",) and gone.became is None and re.fullmatch(r"\d{4}-\d\d-\d\d", gone.departed_on)
    put(index, contents)
    assert index.departure("a") is None and index.heirs("a") == ["a"]


def test_later_readings_are_followed_to_the_last(index: Index, make_contents: MakeContents) -> None:
    for former, later in (("a", "b"), ("b", "c")):
        put(index, called(make_contents(), former), called(make_contents(), later))
        remove(index, former, later)
    assert index.heirs("a") == index.heirs("b") == index.heirs("c") == ["c"]
    assert index.heirs("x") == []


def test_readings_that_became_one_another_lead_nowhere_and_end(index: Index, make_contents: MakeContents) -> None:
    put(index, called(make_contents(), "a"), called(make_contents(), "b"))
    remove(index, "a", "b")
    remove(index, "b", "a")
    assert index.heirs("a") == []


def test_what_its_file_holds_now_comes_before_what_is_of_the_same_body_and_year(
    index: Index, make_contents: MakeContents
) -> None:
    put(index, called(make_contents(), "a", 2023))
    with index.writing() as writer:
        writer.record_source(SourceFile("/a.txt", 1, 1, "digest", "1", "a"))
    remove(index, "a")
    put(index, called(make_contents(), "other", 2023), called(make_contents(), "again", 2023))
    put(index, called(make_contents(), "another year", 2022))
    with index.writing() as writer:
        writer.record_source(SourceFile("/moved.txt", 1, 1, "digest", "2", "again"))
    assert index.heirs("a") == ["again", "other"]


def test_the_report_that_a_file_is_part_of_is_the_heir_of_the_files_own_reading(
    index: Index, make_contents: MakeContents
) -> None:
    put(index, called(make_contents(), "kept"))
    with index.writing() as writer:
        writer.record_source(SourceFile("/b.txt", 1, 1, "digest", "1", "kept", content_id="own"))
    assert index.heirs("own") == ["kept"] and index.departure("own") is None
