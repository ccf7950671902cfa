"""The older formats are read through LibreOffice; without it the message says what to do."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ingest.documents import Document, Table
from ingest.word import legacy_document as legacy_word_document
from ingest.word.legacy_document import find_libreoffice, is_encrypted, read_legacy_word_document
from samples.grid import GridCell
from samples.word_markup import NAMESPACES, minimal_file, paragraph, run, table
from vectorstore.errors import ReadError

needs_libreoffice = pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")

ROWS = [
    [GridCell(0, 0, "申请人情况", column_span=2), GridCell(0, 2, "总计", row_span=2)],
    [GridCell(1, 0, "自然人"), GridCell(1, 1, "商业企业")],
    [GridCell(2, 0, "3"), GridCell(2, 1, "4"), GridCell(2, 2, "7")],
]
NUMBERING = (
    f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
RICH_TEXT = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 2023 report: 12 items\par}"


def made_up_report() -> bytes:
    place = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    contents = [[paragraph(run(cell.text)) for cell in row] for row in ROWS]
    body = paragraph(run("总体情况"), place) + paragraph(run("收到申请7件。")) + table(ROWS, contents, random.Random(3))
    return minimal_file(body + paragraph(run("其他"), place), {"numbering.xml": NUMBERING})


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The made-up report in the older formats, by extension."""
    command = find_libreoffice()
    assert command is not None
    folder = tmp_path_factory.mktemp("legacy")
    (folder / "report.docx").write_bytes(made_up_report())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    converted = {}
    for extension in ("doc", "rtf", "odt"):
        arguments = [command, "--headless", profile, "--convert-to", extension, "--outdir", str(folder)]
        subprocess.run([*arguments, str(folder / "report.docx")], capture_output=True, timeout=120, check=True)
        converted[extension] = (folder / f"report.{extension}").read_bytes()
    return converted


def texts(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if not isinstance(block, Table)]


@pytest.mark.integration
@needs_libreoffice
@pytest.mark.parametrize("extension", ["doc", "rtf", "odt"])
def test_an_older_format_gives_the_same_lines_and_grid_whatever_its_extension(
    legacy: dict[str, bytes], extension: str
) -> None:
    document = read_legacy_word_document(legacy[extension], "report.wps")
    written = "\n".join(texts(document))
    # LibreOffice itself loses the mark behind an automatic number where it writes RTF.
    assert re.sub(r"\? ", "、", written) == "一、总体情况\n收到申请7件。\n二、其他"
    found = next(block for block in document.blocks if isinstance(block, Table))
    assert [[c.span.of(document.text) for c in row] for row in found.rows] == [[c.text for c in row] for row in ROWS]
    assert [c.row_span for c in found.rows[0]] == [1, 2]
    assert found.rows[0][0].column_span > 1


@pytest.mark.integration
@needs_libreoffice
def test_what_libreoffice_cannot_read_is_one_clear_line(legacy: dict[str, bytes]) -> None:
    with pytest.raises(ReadError, match=r"x\.doc could not be read by LibreOffice|x\.doc holds no text"):
        read_legacy_word_document(legacy["doc"][:2000], "x.doc")


@pytest.mark.integration
@needs_libreoffice
def test_a_document_protected_with_a_password_is_named(legacy: dict[str, bytes]) -> None:
    data = bytearray(legacy["doc"])
    assert not is_encrypted(bytes(data))
    header = data.find(b"\xec\xa5")
    data[header + 11] |= 0x01
    with pytest.raises(ReadError, match="protected with a password"):
        read_legacy_word_document(bytes(data), "x.doc")


def test_a_protected_file_of_the_new_word_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(
        512, b"\0"
    )
    with pytest.raises(ReadError, match="protected with a password"):
        read_legacy_word_document(data, "x.docx")


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word_document, "find_libreoffice", lambda: None)
    with pytest.raises(ReadError, match=r"install LibreOffice, or open the report in Word or WPS"):
        read_legacy_word_document(RICH_TEXT, "x.rtf")


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell to stand in for LibreOffice")
def test_a_conversion_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in = tmp_path / "soffice"
    child = tmp_path / "child"
    stand_in.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {child}\nwait\n")
    stand_in.chmod(0o755)
    monkeypatch.setattr(legacy_word_document, "find_libreoffice", lambda: str(stand_in))
    monkeypatch.setattr(legacy_word_document, "TIMEOUT", 1)
    with pytest.raises(ReadError, match="kept LibreOffice busy"):
        read_legacy_word_document(RICH_TEXT, "x.rtf")
    status = Path(f"/proc/{child.read_text().strip()}/status")
    assert not status.exists() or "State:\tZ" in status.read_text()


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell to stand in for LibreOffice")
def test_a_conversion_that_fails_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in = tmp_path / "soffice"
    stand_in.write_text("#!/bin/sh\nexit 1\n")
    stand_in.chmod(0o755)
    monkeypatch.setattr(legacy_word_document, "find_libreoffice", lambda: str(stand_in))
    with pytest.raises(ReadError, match=r"x\.rtf could not be read by LibreOffice"):
        read_legacy_word_document(RICH_TEXT, "x.rtf")
