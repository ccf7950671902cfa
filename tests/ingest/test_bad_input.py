"""A folder in which nearly everything is wrong, ingested once: each bad file is one line, and the good ones go in."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.files.formats import FORMATS
from ingest.files.report_reading import read_report
from ingest.pipeline import ingest
from ingest.summary import IngestSummary
from samples.generator import generate
from vectorstore.index import Index
from vectorstore.records import Kind
from vectorstore.writer import Writer

pytestmark = pytest.mark.integration

EXTENSIONS = sorted(extension for format_ in FORMATS for extension in format_.extensions)
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "大">{ENTITIES}]>'
BODY_XML = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    "{}</w:t></w:r></w:p></w:body></w:document>"
)


def sample(format_name: str, seed: int) -> bytes:
    """A made-up report in a format, complete and correct."""
    (report,) = generate(1, seed=seed, formats=(format_name,))
    data: bytes = report.data
    return data


def word_file(document: bytes) -> bytes:
    """A .docx with that as its text."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample("docx", 1))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, document if name == "word/document.xml" else good.read(name))
    return made.getvalue()


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, encrypt=StandardEncryption("secret", ownerPassword="owner", canPrint=0))
    canvas.drawString(100, 700, "report")
    canvas.save()
    return made.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def locked_zip() -> bytes:
    """An archive whose member says that it is encrypted."""
    data = bytearray(zip_of({"a.txt": b"1234567890"}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def table_page(cells: int) -> bytes:
    title = "<html><head><meta charset=utf-8><title>白石镇2023年政府信息公开工作年度报告</title></head><body>"
    rows = "<tr>" + "<td>1</td>" * 100 + "</tr>"
    return f"{title}<h1>白石镇2023年政府信息公开工作年度报告</h1><table>{rows * (cells // 100)}</table>".encode()


@cache
def bad_files() -> dict[str, tuple[bytes, str]]:
    """By name: contents, and a part of what has to be said about them."""
    word, pdf, page = sample("docx", 1), sample("pdf", 2), sample("html", 3)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    noise = random.Random(3).randbytes(20_000)
    files = {
        "truncated.docx": (word[: len(word) // 2], ""),
        "truncated.pdf": (pdf[: len(pdf) // 2], ""),
        "truncated.doc": (ole, ""),
        "truncated.png": (picture, ""),
        "truncated.zip": (zip_of({"a.txt": bytes(range(256)) * 9})[:-30], "damaged"),
        "headless.pdf": (pdf[2000:], ""),
        "encrypted.docx": (ole + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        "encrypted.pdf": (encrypted_pdf(), "password"),
        "encrypted.zip": (locked_zip(), "encrypted"),
        "bomb.zip": (zip_of({"a.txt": bytes(30_000_000)}), "times its size"),
        "nested.zip": (zip_of({"bomb.zip": zip_of({"a.txt": bytes(30_000_000)})}), "times its size"),
        "bomb.docx": (word_file(BODY_XML.format("a" * 120_000_000).encode()), ""),
        "entities.docx": (word_file((BOMB + BODY_XML.format("&l11;")).encode()), ""),
        "entities.html": ((BOMB + "<html><body><p>&l11;</p></body></html>").encode(), ""),
        "entities-svg.html": (f"<html><body>{BOMB}<svg><text>&l11;</text></svg></body></html>".encode(), ""),
        "empty.html": (b"<html><head></head><body></body></html>", ""),
        "blank.txt": (" \n\u3000\n".encode(), "white space"),
        "sheet.docx": (zip_of({"xl/workbook.xml": b"1"}), "Excel"),
        "archive.docx": (zip_of({"a.txt": b"1"}), "zip archive"),
        "program.txt": (b"MZ" + bytes(200), "program"),
        "packed.rar": (b"Rar!\x1a\x07", ".rar"),
        "deep.html": (b"<div>" * 200_000, ""),
    }
    files |= {f"zero{extension}": (b"", "empty") for extension in EXTENSIONS}
    files |= {f"noise{extension}": (noise, "") for extension in EXTENSIONS}
    return files | {"page.txt": (page[:300], "")}


def good_files() -> dict[str, bytes]:
    """Reports under names that aren't theirs, and in odd places."""
    return {
        "page.doc": sample("html", 11),
        "word.txt": sample("docx", 12),
        "printed.html": sample("pdf", 13),
        "folder.txt/a.txt": sample("txt", 14),
        "line\nbreak.txt": sample("txt", 15),
        f"{'长' * 83}.txt": sample("txt", 16),
        "climbing.zip": zip_of({"../../a.txt": b"1", "good.txt": sample("txt", 17)}),
        "text.docx": sample("txt", 18),
    }


class Outcome:
    """What became of the folder."""

    def __init__(self, summary: IngestSummary, sources: set[str]) -> None:
        self.summary = summary
        self.sources = sources
        self.problems = {failure.source: failure.problem for failure in summary.failed}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    base = tmp_path_factory.mktemp("bad")
    folder = base / "reports"
    for name, data in {**{name: data for name, (data, _) in bad_files().items()}, **good_files()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "dangling.txt").symlink_to(folder / "none.txt")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "vanishing.txt").write_bytes(sample("txt", 19))
    odd = Path(os.fsdecode(os.fsencode(folder) + "/年报".encode("gbk") + b".txt"))
    odd.write_bytes(sample("txt", 20))

    def vanish(stage: str, done: int, total: int) -> None:
        (folder / "vanishing.txt").unlink(missing_ok=True)

    patched = pytest.MonkeyPatch()
    patched.setattr(Writer, "embed", lambda self, progress=None: 0)
    with Index.open(base / "index", create=True) as index:
        summary = ingest([folder], index, progress=vanish, jobs=2)
        yield Outcome(summary, {source for report in index.reports() for source in report.sources})
    patched.undo()


@pytest.mark.parametrize("name", sorted(bad_files()))
def test_a_bad_file_is_one_clear_line(outcome: Outcome, name: str) -> None:
    said = [problem for source, problem in outcome.problems.items() if source == name or source.startswith(f"{name}/")]
    assert len(said) == 1, outcome.problems
    assert bad_files()[name][1] in said[0]
    assert said[0].startswith(name) and said[0].endswith(".") and "\n" not in said[0] and len(said[0]) < 600
    assert "please report it" not in said[0], said[0]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("huge.txt", "200.0 MB"),
        ("pipe.txt", "no ordinary file"),
        ("device.txt", "no ordinary file"),
        ("loop.txt", "cannot be opened"),
        ("dangling.txt", "cannot be opened"),
        ("vanishing.txt", "cannot be opened"),
        ("climbing.zip/../../a.txt", "climbs out"),
    ],
)
def test_what_is_no_file_to_read_is_one_clear_line(outcome: Outcome, name: str, says: str) -> None:
    assert says in outcome.problems[name]


def test_the_good_files_are_ingested(outcome: Outcome) -> None:
    good = (set(good_files()) - {"line\nbreak.txt", "climbing.zip"}) | {
        "line\\nbreak.txt",
        "climbing.zip/good.txt",
        "年报.txt",
    }
    assert outcome.sources == good
    assert set(outcome.summary.new) == good


def test_nothing_else_is_said(outcome: Outcome) -> None:
    assert len(outcome.summary.failed) == len(bad_files()) + 7
    assert all("Traceback" not in problem for problem in outcome.summary.problems)


def test_files_that_may_not_be_read_are_one_line_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    (tmp_path / "reports").mkdir()
    path = tmp_path / "reports" / "a.txt"
    path.write_bytes(sample("txt", 1))
    real = Path.open

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)

    with Index.open(tmp_path / "index", create=True) as index:
        with monkeypatch.context() as patched:
            patched.setattr(Path, "open", refuse)
            assert "may read it" in ingest([path], index).problems[0]
        assert ingest([path], index).new == ["a.txt"]


def test_a_page_with_a_hundred_thousand_cells_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    path = tmp_path / "a.html"
    path.write_bytes(table_page(100_000))
    with Index.open(tmp_path / "index", create=True) as index:
        summary = ingest([path], index, jobs=1)
        assert summary.new == ["a.html"] or len(summary.problems) == 1, summary


# --- traditional characters


def traditional(text: str, region: str) -> str:
    from opencc import OpenCC

    converted: str = OpenCC({"taiwan": "s2tw", "hong kong": "s2hk", "plain": "s2t"}[region]).convert(text)
    return converted


@pytest.mark.parametrize("region", ["taiwan", "hong kong", "plain"])
@pytest.mark.parametrize("seed", range(3))
def test_a_report_in_traditional_characters_says_the_same(region: str, seed: int) -> None:
    text = sample("txt", seed).decode()
    simple = read_report(text.encode(), "a.txt")
    other = read_report(traditional(text, region).encode(), "a.txt")
    assert (other.report.year, other.report.kind) == (simple.report.year, simple.report.kind)
    assert known(other) == known(simple)


def known(contents: Any) -> set[tuple[str, Any, Any, str]]:
    return {(f.metric_id, f.year, f.value, f.state.value) for f in contents.figures}


@pytest.mark.parametrize("title", ["政府資訊公開工作年度報告", "政府信息公開工作年度報告", "政府資訊公開年報"])
def test_other_words_for_the_report_are_known(title: str) -> None:
    text = (
        f"臨海市白石鎮人民政府2023年{title}\n一、總體情況\n我鎮全年共收到政府信息公開申請2件，均已答覆。\n"
        "二、主動公開政府信息情況\n公佈各類信息30條。\n五、存在的主要問題及改進情況\n人手不足，著力加強。\n"
    )
    contents = read_report(text.encode(), "a.txt")
    assert (contents.report.kind, contents.report.year) == (Kind.TOWNSHIP, 2023)
    assert ("applications_new", 2023, 2, "stated") in known(contents)


def test_texts_of_any_kind_end_in_time(forms: Any) -> None:
    """Not how long it takes, but that it does: each of these was once quadratic or worse."""
    head, tail = "白石镇2023年政府信息公开工作年度报告\n一、总体情况\n", "\n五、存在的主要问题\n无。\n"
    for piece in ("一件", "，", "（一）", "1", "未收到", "2023年", "|1", "[image:"):
        read_report((head + piece * (3000 // len(piece)) + tail).encode(), "a.txt")
