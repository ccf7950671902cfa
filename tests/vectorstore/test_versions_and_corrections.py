"""What the store keeps beside reports: pictures, what replaced them, and what people corrected."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vectorstore import database, plain, schema
from vectorstore.index import Index
from vectorstore.records import (
    CellReference,
    CorrectedField,
    Correction,
    ReportContents,
    ReportPicture,
    Scope,
)

MakeContents = Callable[..., ReportContents]

CORRECTION = Correction(
    0, "r1", CorrectedField.FIGURE, "5", "3", "张三", "2026-05-04", "与原件核对", "applications_new", "收到5件"
)


def put(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer:
        for one in contents:
            writer.put(one)


@pytest.fixture
def older(make_contents: MakeContents) -> ReportContents:
    return make_contents(sentences=("本年度收到政府信息公开申请3件。",))


@pytest.fixture
def newer(make_contents: MakeContents) -> ReportContents:
    return make_contents(sentences=("本年度收到政府信息公开申请5件。",), figures={"applications_new": 5})


def test_pictures_come_back_with_their_bytes(folder: Path, make_contents: MakeContents) -> None:
    pictures = (ReportPicture(0, 3, b"\x89PNG\x00", "image/png", 2), ReportPicture(4, 9, b"", "image/jpeg"))
    contents = replace(make_contents(), pictures=pictures)
    with Index.open(folder, create=True) as index:
        put(index, contents)
        assert tuple(index.pictures(contents.report.report_id)) == pictures
        assert index.pictures("no such report") == []


def test_contents_come_back_equal(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents(aliases=("青禾开发区",))
    report = replace(contents.report, url="http://qinghe.example/1.html", retrieved_on="2024-02-03")
    figure = replace(contents.figures[0], cell=CellReference(1, 2, 0, 3), note="说明")
    contents = replace(contents, report=report, figures=(figure,), pictures=(ReportPicture(0, 1, b"x", "image/png"),))
    with Index.open(folder, create=True) as index:
        put(index, contents)
        assert index.contents(report.report_id) == contents
        assert index.contents(report.report_id, uncorrected=True) == contents
        with pytest.raises(KeyError):
            index.contents(report.report_id[:8])


def test_what_was_read_is_kept_beside_what_was_corrected(folder: Path, make_contents: MakeContents) -> None:
    read = make_contents()
    mended = replace(read, report=replace(read.report, year=2022))
    with Index.open(folder, create=True) as index:
        with index.writing() as writer:
            writer.put(mended, uncorrected=read)
        assert index.contents(read.report.report_id) == mended
        assert index.contents(read.report.report_id, uncorrected=True) == read
        put(index, read)
        assert index.contents(read.report.report_id) == read


def test_packing_loses_nothing(make_contents: MakeContents) -> None:
    contents = make_contents(aliases=("甲", "乙"), figures={"applications_new": None, "review_total": 0})
    figure = replace(contents.figures[0], cell=CellReference(0, 1, 2, 3), year=None, qualifier="约")
    contents = replace(contents, figures=(figure, *contents.figures))
    assert plain.unpack(plain.pack(contents)) == contents


def test_a_replaced_report_is_left_out_but_not_gone(folder: Path, older: ReportContents, newer: ReportContents) -> None:
    old_id, new_id = older.report.report_id, newer.report.report_id
    with Index.open(folder, create=True) as index:
        put(index, older, newer)
        with index.writing() as writer:
            writer.supersede(old_id, new_id)
            writer.embed()
        assert [report.report_id for report in index.reports()] == [new_id]
        assert [report.report_id for report in index.reports(Scope(years=(2023,)))] == [new_id]
        assert {report.report_id for report in index.reports(Scope(superseded=True))} == {old_id, new_id}
        assert index.report(old_id).superseded_by == new_id
        assert {figure.report_id for figure in index.figures()} == {new_id}
        assert {figure.report_id for figure in index.figures(Scope(report_ids=(old_id,)))} == {old_id}
        assert {mention.report_id for mention in index.mentions()} == {new_id}
        assert {check.report_id for check in index.checks()} == {new_id}
        assert {hit.report.report_id for hit in index.search("收到 申请")} == {new_id}
        assert index.text(old_id) == older.text


def test_putting_the_later_version_again_leaves_the_older_replaced(
    folder: Path, older: ReportContents, newer: ReportContents
) -> None:
    with Index.open(folder, create=True) as index:
        put(index, older, newer)
        with index.writing() as writer:
            writer.supersede(older.report.report_id, newer.report.report_id)
            writer.put(newer)
        assert [report.report_id for report in index.reports()] == [newer.report.report_id]


def test_the_older_version_comes_back_when_the_later_goes(
    folder: Path, older: ReportContents, newer: ReportContents
) -> None:
    with Index.open(folder, create=True) as index:
        put(index, older, newer)
        with index.writing() as writer:
            writer.supersede(older.report.report_id, newer.report.report_id)
            writer.remove(newer.report.report_id)
        assert [report.report_id for report in index.reports()] == [older.report.report_id]


def test_corrections_are_numbered_and_outlive_their_report(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    report_id = contents.report.report_id
    with Index.open(folder, create=True) as index:
        put(index, contents)
        with index.writing() as writer:
            first = writer.record_correction(replace(CORRECTION, report_id=report_id))
            writer.record_correction(replace(CORRECTION, report_id="another"))
            writer.remove(report_id)
        assert first.number == 1
        assert index.corrections(report_id) == [first]
        assert [correction.number for correction in index.corrections()] == [1, 2]


def test_a_number_that_was_taken_back_is_not_given_again(folder: Path) -> None:
    with Index.open(folder, create=True) as index, index.writing() as writer:
        number = writer.record_correction(CORRECTION).number
        assert writer.forget_correction(number)
        assert not writer.forget_correction(number)
        assert writer.record_correction(CORRECTION).number > number


def test_corrections_follow_the_file_to_another_reading(folder: Path) -> None:
    with Index.open(folder, create=True) as index, index.writing() as writer:
        writer.record_correction(CORRECTION)
        assert writer.move_corrections("r1", "r2") == 1
        assert writer.move_corrections("r1", "r2") == 0
        assert writer.move_corrections("r2", "r3") == 1
        (moved,) = index.corrections("r3")
        assert (moved.value, moved.former_id) == ("5", "r1")


def test_an_index_of_the_first_version_gets_what_is_new(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    with Index.open(folder, create=True) as index:
        put(index, contents)
    connection = sqlite3.connect(folder / database.DATABASE_NAME)
    connection.executescript(
        "DROP TABLE corrections; DROP TABLE report_pictures; DROP TABLE uncorrected_contents;"
        "DROP INDEX reports_by_successor; ALTER TABLE reports DROP COLUMN superseded_by;"
        "ALTER TABLE reports DROP COLUMN url; UPDATE meta SET value = '1' WHERE name = 'schema_version';"
    )
    connection.close()
    with Index.open(folder) as index:
        assert index.contents(contents.report.report_id) == contents
        with index.writing() as writer:
            writer.record_correction(CORRECTION)
        assert database.read_meta(index._engine)["schema_version"] == str(schema.SCHEMA_VERSION)
    with Index.open(folder) as index:
        assert len(index.corrections()) == 1
