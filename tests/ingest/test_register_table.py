"""What a person writes in a register, in any dress, and what is said of lines that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.register_table import read_register
from vectorstore.errors import ReadError
from vectorstore.records import Kind, RegisteredBody

ENGLISH = "name,kind,region,from,to\n白石镇人民政府,township,云岭省/青禾市/松溪区,2019,2023\n"
CHINESE = "机关名称,类型,地区,起,止\n白石镇人民政府,乡镇,云岭省/青禾市/松溪区,2019年,2023年度\n"
ENTRY = RegisteredBody("白石镇人民政府", Kind.TOWNSHIP, "云岭省/青禾市/松溪区", 2019, 2023)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "register.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, CHINESE.replace(",", "\t"), ENGLISH.replace("\n", "\r\n")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_register_is_read_in_any_dress(tmp_path: Path, text: str, encoding: str) -> None:
    table = read_register(written(tmp_path, text, encoding))
    assert (table.registered, table.problems) == ((ENTRY,), ())


def test_all_but_the_name_may_be_missing(tmp_path: Path) -> None:
    table = read_register(written(tmp_path, "Name\n威海市文登区界石镇人民政府\n\n云岭县财政局\n"))
    assert [(e.kind, e.region) for e in table.registered] == [
        (Kind.TOWNSHIP, "山东省/威海市/文登区"),
        (Kind.DEPARTMENT, "云岭县"),
    ]
    assert {(e.first_year, e.last_year) for e in table.registered} == {(None, None)}


@pytest.mark.parametrize("cell", ["", "至今", "—", "-", "now"])
def test_a_year_may_be_open(tmp_path: Path, cell: str) -> None:
    table = read_register(written(tmp_path, f"机关,起,止\n白石镇人民政府,2020,{cell}\n"))
    assert [(e.first_year, e.last_year) for e in table.registered] == [(2020, None)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",township,,,", "names no body"),
        ("白石镇人民政府,村,,,", "no kind 村"),
        ("白石镇人民政府,,鼓楼区,,", "鼓楼区 is no region"),
        ("白石镇人民政府,,,去年,", "去年 is no year"),
        ("白石镇人民政府,,,2023,2021", "ends in 2021"),
        ("青石镇人民政府,,,,", "stands in line 2 already"),
        ("（示例）,,,,", "doesn't look like the name"),
    ],
)
def test_a_wrong_line_is_told_and_the_others_are_kept(tmp_path: Path, line: str, said: str) -> None:
    text = f"name,kind,region,from,to\n青石镇人民政府,,,,\n{line}\n黑石镇人民政府,,,,\n"
    table = read_register(written(tmp_path, text))
    assert [e.name for e in table.registered] == ["青石镇人民政府", "黑石镇人民政府"]
    assert len(table.problems) == 1
    assert "line 3" in table.problems[0] and said in table.problems[0]


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path: Path) -> None:
    text = 'name,备注\n青石镇人民政府,"两行\n备注"\n,\n\nx,\n'
    table = read_register(written(tmp_path, text))
    assert ["line 6" in problem for problem in table.problems] == [True]
    assert table.unused == ("备注",)


def test_a_body_may_be_registered_twice_for_different_years(tmp_path: Path) -> None:
    text = "name,to,from\n青石镇人民政府,2019,\n青石镇人民政府,,2022\n"
    assert len(read_register(written(tmp_path, text)).registered) == 2


@pytest.mark.parametrize(
    "text", ["", "\n\n", "名,类\n青石镇人民政府,\n", "name,name\na,b\n", "name\n\n", "name,to\n,\n"]
)
def test_a_table_without_a_good_line_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ReadError, match="register"):
        read_register(written(tmp_path, text))


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"\x00\x01\xff\xfe\x80")
    with pytest.raises(ReadError):
        read_register(path)
    with pytest.raises(ReadError, match="cannot be opened"):
        read_register(tmp_path / "absent.csv")


def test_regions_of_the_index_are_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, "name,region\n青石镇人民政府,某处/某地\n")
    assert read_register(path, {"某处/某地"}).registered[0].region == "某处/某地"


@given(text=st.text(max_size=200))
def test_no_text_makes_it_fail_in_any_other_way(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.mktemp("table"), f"name,kind,region,from,to\n{text}", "utf-8")
    try:
        table = read_register(path)
    except ReadError:
        return
    assert table.registered
