"""Archives that are read, and those that are up to something."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import archive
from ingest.files.archive import Member, members, open_archive
from ingest.files.archive_names import member_names
from vectorstore.errors import ReadError


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return made


def listed(file: Any, source: str = "a.zip") -> list[Member]:
    return list(members(file, source))


def raw_zip(names: list[bytes], flags: int = 0, extra: bytes = b"") -> io.BytesIO:
    """An archive whose names are these bytes, as programs write it that know nothing of encodings."""
    made, directory = b"", b""
    for number, name in enumerate(names):
        data = f"text {number}".encode()
        crc, size = zlib.crc32(data), len(data)
        common = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, crc, size, size, len(name), len(extra))
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(made))
        directory += name + extra
        made += b"PK\x03\x04" + common + name + extra + data
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(made), 0)
    return io.BytesIO(made + directory + b"PK\x05\x06" + end)


def test_members_come_in_the_order_of_their_names() -> None:
    found = listed(packed({"b/二.html": b"2", "a.txt": b"1", "notes.log": b"x", "c.pdf": b"3"}))
    assert found == [Member("a.txt", b"1"), Member("b/二.html", b"2"), Member("c.pdf", b"3")]


def test_what_systems_leave_behind_is_no_report() -> None:
    names = ["__MACOSX/a.txt", ".DS_Store", "x/.hidden.txt", "~$a.docx", "x/", "a.txt"]
    assert [member.name for member in listed(packed(dict.fromkeys(names, b"1")))] == ["a.txt"]


def test_names_that_begin_at_the_folder_itself_are_read() -> None:
    assert [member.data for member in listed(packed({"./甲.txt": b"1", "./乙/丙.html": b"2"}))] == [b"2", b"1"]


def test_an_archive_inside_is_opened_and_one_too_deep_is_named() -> None:
    inner: Mapping[str, bytes] = {"a.txt": b"1"}
    for _ in range(4):
        inner = {"in.zip": packed(inner).getvalue(), "b.txt": b"2"}
    found = {member.name: member.problem for member in listed(packed(inner))}
    assert found["in.zip/in.zip/b.txt"] is None
    assert "within 3 others" in (found["in.zip/in.zip/in.zip"] or "")


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["威海市/2023年年报.txt".encode("gbk")], ["威海市/2023年年报.txt"]),
        (["镕基村喆.txt".encode("gb18030"), b"a.txt"], ["a.txt", "镕基村喆.txt"]),
        (["威海市年报.txt".encode()], ["威海市年报.txt"]),
        (["Résumé.txt".encode("cp437")], ["Résumé.txt"]),
        (["éèà.txt".encode("cp437")], ["éèà.txt"]),
        ([b"plain.txt"], ["plain.txt"]),
    ],
)
def test_names_without_the_mark_of_utf8_are_read_as_they_were_meant(names: list[bytes], meant: list[str]) -> None:
    assert [member.name for member in listed(raw_zip(names))] == meant


def test_the_field_for_unicode_names_goes_before_the_name() -> None:
    raw, meant = b"_____.txt", "年报.txt".encode()
    content = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + meant
    extra = struct.pack("<HH", 0x7075, len(content)) + content
    assert [member.name for member in listed(raw_zip([raw], extra=extra))] == ["年报.txt"]


@given(
    st.lists(st.text("年报威海市a1. /", min_size=1, max_size=12), min_size=1, max_size=5),
    st.sampled_from(["gbk", "utf-8"]),
)
def test_names_of_one_archive_are_all_decoded(names: list[str], encoding: str) -> None:
    file = raw_zip([name.encode(encoding) for name in names])
    with zipfile.ZipFile(file) as opened:
        decoded = member_names(opened.infolist())
    assert len(decoded) == len(names) and all(name.isprintable() or "\ufffd" in name for name in decoded)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../../etc/passwd.txt", "climbs out"),
        ("a/../../b.txt", "climbs out"),
        ("..\\..\\b.txt", "climbs out"),
        ("/etc/a.txt", "absolute"),
        ("C:\\a.txt", "absolute"),
        ("\\\\server\\share\\a.txt", "absolute"),
        ("con.txt", "device"),
        ("a/LPT1.txt", "device"),
        (f"{'x' * 1200}.txt", "too long"),
    ],
)
def test_a_member_with_such_a_name_is_refused_and_the_rest_is_read(name: str, says: str) -> None:
    found = listed(packed({name: b"1", "z.txt": b"2"}))
    problems = [member.problem for member in found if member.problem]
    assert len(problems) == 1 and says in problems[0] and "\n" not in problems[0]
    assert [member.data for member in found if member.data] == [b"2"]


@pytest.mark.parametrize(("mode", "says"), [(stat.S_IFLNK, "link"), (stat.S_IFCHR, "device"), (stat.S_IFIFO, "device")])
def test_links_and_devices_are_refused(mode: int, says: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = (mode | 0o777) << 16
        opened.writestr(info, "/etc/passwd")
        opened.writestr("b.txt", "2")
    first, second = listed(made)
    assert says in (first.problem or "") and second.data == b"2"


def test_line_breaks_in_names_are_written_as_escapes() -> None:
    (found,) = listed(packed({"a\nb\u202etxt.txt": b"1"}))
    assert found.name == "a\\nb\\u202etxt.txt" and found.data == b"1"


def test_a_name_that_stands_twice_is_read_once(recwarn: pytest.WarningsRecorder) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("a.txt", "1")
        opened.writestr("a.txt", "2")
    first, second = listed(made)
    assert first.data == b"1" and "twice" in (second.problem or "")


def test_an_encrypted_member_is_one_line_and_the_rest_is_read() -> None:
    locked = listed(raw_zip([b"a.txt"], flags=1))
    assert locked == [Member("a.txt", None, locked[0].problem)] and "encrypted" in (locked[0].problem or "")


def test_a_method_that_is_not_read_is_one_line() -> None:
    (found,) = listed(packed({"a.txt": b"1" * 100}, zipfile.ZIP_LZMA))
    assert "packed in a way" in (found.problem or "")


def test_a_damaged_member_is_one_line_and_the_rest_is_read() -> None:
    data = bytearray(packed({"a.txt": b"1234567890" * 50, "b.txt": b"2"}, zipfile.ZIP_STORED).getvalue())
    data[60] ^= 0xFF
    first, second = listed(io.BytesIO(bytes(data)))
    assert "damaged" in (first.problem or "") and second.data == b"2"


def test_a_member_that_is_larger_than_announced_gives_no_more_than_that() -> None:
    made = bytearray(packed({"a.txt": b"1" * 100_000}).getvalue())
    place = made.rindex(b"PK\x01\x02")
    made[place + 24 : place + 28] = struct.pack("<I", 10)
    (found,) = listed(io.BytesIO(bytes(made)))
    assert found.data is None and "damaged" in (found.problem or "")


def whole(file: io.BytesIO) -> str:
    with pytest.raises(ReadError) as caught:
        listed(file)
    assert str(caught.value).startswith("a.zip ") and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("size", [0, 10, 100, 300])
def test_a_truncated_archive_is_one_line(size: int) -> None:
    data = packed({"a.txt": b"1234567890" * 100, "b.txt": bytes(range(256)) * 4}).getvalue()
    assert "damaged" in whole(io.BytesIO(data[:size]))


def test_an_archive_without_reports_says_so() -> None:
    assert "holds no reports" in whole(packed({"a.exe": b"1"}))


def test_a_word_document_called_an_archive_is_named() -> None:
    assert "Word document" in whole(packed({"word/document.xml": b"1"}))


def test_a_zip_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_unpack", lambda *_: pytest.fail("it was unpacked"))
    assert "times its size" in whole(packed({"a.txt": bytes(10 * 1024 * 1024)}))


def test_a_bomb_inside_an_archive_is_one_line_and_the_rest_is_read() -> None:
    bomb = packed({"a.txt": bytes(10 * 1024 * 1024)}).getvalue()
    first, second = listed(packed({"bomb.zip": bomb, "c.txt": b"2"}))
    assert "times its size" in (first.problem or "") and second.data == b"2"


def test_a_member_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = packed({"a.txt": bytes(range(256)) * 4 * 1024 * 25}, zipfile.ZIP_STORED)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    (found,) = listed(file)
    assert "MB" in (found.problem or "")


def test_too_many_members_and_too_much_in_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"{number}.txt": b"1" * 10 for number in range(20)}
    for budget in (archive.Budget(members=19), archive.Budget(contents=199)):
        with pytest.raises(ReadError, match=r"more than .*split it"):
            list(members(packed(many), "a.zip", budget))
    monkeypatch.setattr(archive, "LARGEST_DIRECTORY", 100)
    assert "more members than" in whole(packed(many))


def test_members_that_overlap_are_refused() -> None:
    data = packed({"a.txt": b"1" * 50, "b.txt": b"2" * 50}, zipfile.ZIP_STORED).getvalue()
    made = bytearray(data)
    second = made.rindex(b"PK\x01\x02")
    made[second + 42 : second + 46] = struct.pack("<I", 5)
    assert "overlap" in whole(io.BytesIO(bytes(made)))


def test_a_pipe_called_an_archive_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "a.zip")
    with pytest.raises(ReadError, match="no ordinary file"):
        open_archive(tmp_path / "a.zip", "a.zip")


@given(st.binary(max_size=300))
def test_noise_is_one_sentence(data: bytes) -> None:
    for opened in (data, b"PK\x03\x04" + data, packed({"a.txt": b"1"}).getvalue()[:-60] + data):
        try:
            for member in members(io.BytesIO(opened), "a.zip"):
                assert member.problem is None or "\n" not in member.problem
        except ReadError as error:
            assert "\n" not in str(error)
