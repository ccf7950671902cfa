"""What is said of a file before it enters the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.files.report_reading import read_report
from ingest.manifest import entry_of
from ingest.pipeline import ingest
from ingest.previewing import Standing, preview
from vectorstore.index import Index
from vectorstore.records import Kind

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
NAME = "economic-zone-2023.txt"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    opened = Index.open(tmp_path_factory.mktemp("previewing") / "index", create=True)
    ingest([SAMPLES / NAME, SAMPLES / "fengyu-town-2022.txt"], opened)
    return opened


def _data(name: str = NAME) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_a_report_that_is_not_there_is_new(index: Index) -> None:
    found = preview(read_report(_data("fengyu-town-2023.txt"), "x.txt"), index)
    assert (found.standing, found.year, found.kind) == (None, 2023, Kind.TOWNSHIP)


def test_the_same_text_under_another_name_is_the_same_report(index: Index) -> None:
    found = preview(read_report(_data(), "anders.txt"), index)
    assert found.standing is Standing.SAME
    assert index.report(found.related[0].report_id).title == found.title


def test_which_of_two_copies_is_kept_is_told(index: Index) -> None:
    same = preview(read_report(_data(), "anders.txt"), index)
    assert [one.is_replaced for one in same.related] == [False]
    text = _data().decode()
    # The same report, of whose table nothing could be read: the other is kept, whichever came first.
    bare = read_report(text.replace("\t", "").encode(), "bare.txt")
    found = preview(bare, index)
    assert [(one.standing, one.is_replaced) for one in found.related][:1] == [(Standing.SAME, False)]


def test_a_report_with_other_numbers_stands_beside_or_is_another_version(index: Index) -> None:
    former = read_report(_data(), NAME)
    text = _data().decode().replace("一、总体情况", "一、总体情况\n本报告为更正后的版本，原报告作废。", 1)
    changed = read_report(text.replace("2024", "2025").encode(), NAME)
    assert changed.report.report_id != former.report.report_id
    found = preview(changed, index)
    assert found.standing in (Standing.SAME, Standing.NEWER, Standing.BESIDE)
    assert found.related[0].reason


def test_the_tables_of_the_form_are_counted(index: Index) -> None:
    found = preview(read_report(_data(), NAME), index)
    by_name = {table.name: table for table in found.tables}
    assert list(by_name) == ["proactive_table", "application_table", "dispute_table"]
    # The form has 10 cells with numbers in its first table, 25 rows of 7 columns, and 3 groups of 5 results.
    assert [(t.known, t.unreadable) for t in found.tables] == [(10, 0), (175, 0), (15, 0)]


def test_a_kind_that_a_person_says_goes_before_the_one_in_the_name(index: Index) -> None:
    entry = entry_of({"path": NAME, "kind": "政府部门", "body": "某某委员会", "year": "2020"})
    assert entry.kind is Kind.DEPARTMENT
    found = preview(read_report(_data(), NAME, entry), index)
    assert (found.kind, found.body, found.year, found.standing) == (Kind.DEPARTMENT, "某某委员会", 2020, Standing.SAME)


def test_what_a_person_says_is_kept_with_its_kind() -> None:
    entry = entry_of({"path": NAME, "kind": "zone"})
    assert type(entry).from_json(NAME, entry.as_json()) == entry


@pytest.mark.parametrize(
    "said", [{"kind": "火车站"}, {"year": "明年"}, {"url": "javascript:alert(1)"}, {"retrieved_on": "昨天"}]
)
def test_what_is_no_kind_year_address_or_date_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(said.values())).replace("(", r"\(").replace(")", r"\)")):
        entry_of({"path": NAME, **said})
