from __future__ import annotations

import io
import zipfile

import pytest

from ingest import package_limits
from ingest.package_limits import check_package, open_package, read_entry
from vectorstore.errors import ReadError


def package(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return out.getvalue()


def test_a_sound_package_passes() -> None:
    check_package(package({"a.xml": b"<a/>" * 1000}), "a.docx")


def test_a_small_entry_may_pack_as_well_as_it_likes() -> None:
    check_package(package({"a.xml": b"0" * 1_000_000}), "a.docx")


def test_an_entry_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    with pytest.raises(ReadError, match="would unpack to 20 MB"):
        check_package(package({"a.xml": bytes(20 * 1024 * 1024)}), "a.docx")


def test_many_entries_that_are_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_limits, "LARGEST_PACKAGE", 1000)
    with pytest.raises(ReadError, match="would unpack"):
        check_package(package({f"{n}.xml": bytes(300) for n in range(4)}), "a.docx")


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_limits, "MOST_ENTRIES", 3)
    with pytest.raises(ReadError, match="holds 4 files"):
        check_package(package({f"{n}.xml": b"" for n in range(4)}), "a.docx")


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_declares() -> None:
    data = bytearray(package({"a.xml": b"0123456789" * 100}))
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    opened = open_package(bytes(data), "a.docx")
    with pytest.raises(ReadError, match="is damaged"):
        read_entry(opened, opened.infolist()[0], "a.docx")


def test_a_password_is_named() -> None:
    data = bytearray(package({"a.xml": b"<a/>"}))
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(ReadError, match="protected with a password"):
        check_package(bytes(data), "a.docx")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", package({"a": b"b" * 500})[:-10], b"noise" * 99],
    # A package holds the time, and processes that share the tests must call them the same.
    ids=["empty", "signature", "cut", "noise"],
)
def test_what_is_no_whole_package_is_damaged(data: bytes) -> None:
    with pytest.raises(ReadError, match="is damaged"):
        check_package(data, "a.docx")
