from __future__ import annotations

from pathlib import Path

import pytest

from ingest.manifest import ManifestEntry, read_manifest
from vectorstore.errors import ReadError


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


FULL = (
    "path,url,retrieved_on,body,year,region\nsub/a.html,https://a.example/1,2024-02-01,白石镇人民政府,2023,某省/某市\n"
)
CHINESE = (
    "路径,网址,获取日期,机关,年度,地区\nsub/a.html,https://a.example/1,2024年2月1日,白石镇人民政府,2023年,某省/某市\n"
)
ENTRY = ManifestEntry("sub/a.html", "https://a.example/1", "2024-02-01", "白石镇人民政府", 2023, "某省/某市")


@pytest.mark.parametrize("text", [FULL, CHINESE, CHINESE.replace(",", "\t"), FULL.replace("\n", "\r\n")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_is_read_in_any_dress(tmp_path: Path, text: str, encoding: str) -> None:
    manifest = read_manifest(written(tmp_path, text, encoding))
    assert manifest.entry_of(f"{tmp_path}/sub/a.html", "a.html") == ENTRY


def test_all_but_the_path_may_be_missing(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, "Path,Year\na.txt,\n\nb.txt,2022\n,\nc.txt\n"))
    assert manifest.entry_of(f"{tmp_path}/a.txt", "a.txt") == ManifestEntry("a.txt")
    assert manifest.entry_of(f"{tmp_path}/b.txt", "b.txt") == ManifestEntry("b.txt", year=2022)
    assert manifest.entry_of(f"{tmp_path}/d.txt", "d.txt") is None


@pytest.mark.parametrize("named", ["./x/a.txt", "x\\a.txt", "../list/x/a.txt", "a.txt", "{folder}/x/a.txt"])
def test_a_file_is_found_by_its_place_or_its_name(tmp_path: Path, named: str) -> None:
    folder = tmp_path / "list"
    folder.mkdir()
    manifest = read_manifest(written(folder, f"path\n{named.format(folder=folder)}\n"))
    assert manifest.entry_of(f"{folder}/x/a.txt", "a.txt") is not None
    assert list(manifest.unmatched()) == []


def test_composed_and_decomposed_names_are_the_same(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, "path\nRe\u0301sume\u0301.txt\n"))
    assert manifest.entry_of(f"{tmp_path}/R\u00e9sum\u00e9.txt", "R\u00e9sum\u00e9.txt") is not None


def test_rows_without_a_file_are_named_but_not_files_that_were_left_out(tmp_path: Path) -> None:
    (tmp_path / "there.txt").touch()
    (tmp_path / "opened.zip").touch()
    (tmp_path / "other.zip").touch()
    text = "path\na.txt\nthere.txt\nopened.zip/x.txt\nother.zip/x.txt\n"
    lines = list(read_manifest(written(tmp_path, text)).unmatched([f"{tmp_path}/opened.zip"]))
    assert len(lines) == 2 and "row 2: no file a.txt" in lines[0] and "row 4: no file opened.zip/x.txt" in lines[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("url,year\nhttps://a.example,2023\n", "no column path"),
        ("path,colour\na.txt,red\n", "column colour that isn't known"),
        ("path,文件\na.txt,a.txt\n", "two columns for path"),
        ("path,year\n,2023\n", "row 2: it names no path"),
        ("path,year\na.txt,23\n", "row 2: 23 is no year"),
        ("path,year\na.txt,2023\nb.txt,3023\n", "row 3: 3023 is no year"),
        ("path,retrieved_on\na.txt,2024-02-30\n", "row 2: 2024-02-30 is no date"),
        ("path,retrieved_on\na.txt,yesterday\n", "row 2: yesterday is no date"),
        ("path,url\na.txt,www.example.com\n", "row 2: www.example.com is no address"),
        ("path,url\na.txt,javascript:alert(1)\n", "is no address"),
        ("path\na.txt\n./a.txt\n", "row 3: ./a.txt stands in row 2 already"),
        ("path\na.txt,2023\n", "row 2: it has more cells"),
        ('path\n"a.txt\n', "no proper CSV"),
    ],
)
def test_each_fault_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ReadError) as caught:
        read_manifest(path)
    assert says in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_faults_are_told_together(tmp_path: Path) -> None:
    path = written(tmp_path, "path,year\n" + "".join(f"{n}.txt,x\n" for n in range(9)))
    with pytest.raises(ReadError, match=r"row 2: .*row 6: .*and 4 more"):
        read_manifest(path)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04\x00\xff", b"\xff\xfe\x00"])
def test_what_is_no_text_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    with pytest.raises(ReadError, match=r"list\.csv"):
        read_manifest(tmp_path / "list.csv")


def test_a_missing_manifest_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        read_manifest(tmp_path / "none.csv")


def test_what_a_row_says_is_kept_and_comes_back() -> None:
    assert ManifestEntry.from_json(ENTRY.path, ENTRY.as_json()) == ENTRY
    assert ManifestEntry("a.txt").as_json() is None and ManifestEntry.from_json("a.txt", None) is None
