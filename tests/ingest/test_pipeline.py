from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import ingestion
from ingest.files import report_reading
from ingest.pipeline import ingest
from ingest.reader_version import reader_version
from vectorstore.errors import ReadError
from vectorstore.index import Index
from vectorstore.writer import Writer


class Corpus:
    """A folder of made-up reports and an index that isn't embedded."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder / "reports"
        self.folder.mkdir()
        self.index = Index.open(folder / "index", create=True)
        self._text = text

    def write(self, name: str, town: str = "白石", count: int = 1) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        overview = f"（一）依申请公开。2023年，我镇共收到政府信息公开申请{count}件。"
        text = self._text.replace("白石", town).replace("我镇全年按要求开展工作。", overview)
        path.write_text(text, encoding="utf-8")
        return path

    def ingest(self, *paths: Path) -> Any:
        return ingest(paths or [self.folder], self.index)

    @property
    def sources(self) -> list[tuple[str, ...]]:
        return sorted(report.sources for report in self.index.reports())


@pytest.fixture
def corpus(tmp_path: Path, forms: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corpus]:
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    made = Corpus(tmp_path, forms.report_text())
    yield made
    made.index.close()


def test_files_are_read_once_and_then_left_alone(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.write("a.txt")
    corpus.write("sub/b.md", "青石")
    first = corpus.ingest()
    assert (first.new, first.reports, first.failed) == (["a.txt", "sub/b.md"], 2, [])
    monkeypatch.setattr(ingestion, "load_within", lambda *args: pytest.fail("an unchanged file was opened"))
    assert corpus.ingest().unchanged == ["a.txt", "sub/b.md"]


def test_a_changed_file_replaces_its_report(corpus: Corpus) -> None:
    corpus.write("a.txt", count=1)
    corpus.ingest()
    corpus.write("a.txt", count=12)
    summary = corpus.ingest()
    assert (summary.changed, summary.reports) == (["a.txt"], 1)
    (figure,) = corpus.index.figures(metric_ids=["applications_new"])
    assert figure.value == 12


def test_a_touched_file_is_unchanged(corpus: Corpus) -> None:
    path = corpus.write("a.txt")
    corpus.ingest()
    os.utime(path, ns=(1, 1))
    assert corpus.ingest().unchanged == ["a.txt"]
    assert corpus.index.sources()[0].modified_ns == 1


def test_a_file_that_has_gone_is_reported_and_its_report_taken_out(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b.txt", "青石").touch()
    corpus.ingest()
    (corpus.folder / "b.txt").unlink()
    summary = corpus.ingest()
    assert (summary.removed, summary.reports, corpus.sources) == (["b.txt"], 1, [("a.txt",)])
    assert [Path(s.path).name for s in corpus.index.sources()] == ["a.txt"]


def test_files_outside_the_folder_given_are_not_missed(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("one/a.txt")
    corpus.write("two/b.txt", "青石")
    corpus.ingest(corpus.folder / "one", corpus.folder / "two")
    assert corpus.ingest(corpus.folder / "one").removed == []
    assert len(corpus.index.reports()) == 2


def test_the_same_report_in_two_files_is_one_with_two_sources(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b.txt")
    summary = corpus.ingest()
    assert (summary.reports, corpus.sources) == (1, [("a.txt", "b.txt")])
    assert list(summary.duplicates) == ["b.txt"]
    (corpus.folder / "a.txt").unlink()
    assert corpus.ingest().removed == ["a.txt"]
    assert corpus.sources == [("b.txt",)] and corpus.index.reports()[0].source == "b.txt"


def test_files_of_one_name_in_two_folders_are_told_as_one_report(corpus: Corpus) -> None:
    corpus.write("one/a.txt")
    corpus.write("two/a.txt")
    summary = corpus.ingest(corpus.folder / "one", corpus.folder / "two")
    assert (summary.new, list(summary.duplicates), summary.reports) == (["a.txt", "a.txt"], ["a.txt"], 1)


def test_one_of_two_files_may_change_without_harm_to_the_other(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b.txt")
    corpus.ingest()
    corpus.write("a.txt", count=5)
    corpus.ingest()
    assert corpus.sources == [("a.txt",), ("b.txt",)]


def test_a_moved_file_keeps_its_report(corpus: Corpus) -> None:
    path = corpus.write("a.txt")
    corpus.ingest()
    path.rename(corpus.folder / "z.txt")
    summary = corpus.ingest()
    assert (summary.new, summary.removed, corpus.sources) == (["z.txt"], ["a.txt"], [("z.txt",)])


def test_a_moved_folder_leaves_nothing_behind(corpus: Corpus) -> None:
    corpus.write("one/a.txt")
    (corpus.folder / "one" / "b.txt").write_text("没有内容", encoding="utf-8")
    corpus.ingest(corpus.folder / "one")
    (corpus.folder / "one").rename(corpus.folder / "two")
    summary = corpus.ingest(corpus.folder / "two")
    assert (summary.new, summary.duplicates, summary.reports) == (["a.txt"], {}, 1)
    assert [source.path for source in corpus.index.sources()] == [
        (corpus.folder / "two" / name).as_posix() for name in ("a.txt", "b.txt")
    ]
    corpus.write("two/a.txt", count=5)
    assert corpus.ingest(corpus.folder / "two").reports == 1


def test_a_file_that_stands_elsewhere_too_is_no_moved_one(corpus: Corpus) -> None:
    corpus.write("one/a.txt")
    corpus.write("two/b.txt")
    corpus.ingest(corpus.folder / "one")
    assert list(corpus.ingest(corpus.folder / "two").duplicates) == ["b.txt"]
    assert len(corpus.index.sources()) == 2


def test_each_failure_is_one_line_and_the_rest_goes_on(corpus: Corpus) -> None:
    corpus.write("c.txt")
    (corpus.folder / "a.txt").write_bytes(b"\x00\x01")
    (corpus.folder / "b.pdf").write_bytes(b"%PDF")
    (corpus.folder / "d.txt").write_text("今天天气很好。")
    (corpus.folder / "e.png").write_bytes(b"\0x")
    (corpus.folder / "reading.log").write_bytes(b"x")
    summary = corpus.ingest()
    assert [f.source for f in summary.failed] == ["a.txt", "b.pdf", "d.txt", "e.png"]
    assert all("\n" not in line for line in summary.problems)
    assert (summary.new, summary.passed_over) == (["c.txt"], 1)
    assert corpus.ingest().problems == summary.problems


def test_a_file_gone_bad_keeps_its_report(corpus: Corpus) -> None:
    path = corpus.write("a.txt")
    corpus.ingest()
    good = path.read_bytes()
    path.write_bytes(b"\x00")
    summary = corpus.ingest()
    assert (summary.kept, [f.source for f in summary.failed], summary.reports) == (["a.txt"], ["a.txt"], 1)
    path.write_bytes(good)
    assert corpus.ingest().failed == [] and corpus.sources == [("a.txt",)]


def test_a_report_that_cannot_be_understood_is_one_failure(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.write("a.txt", "白石")
    corpus.write("b.txt", "青石")
    understand = report_reading.understand

    def fail_for_a(document: Any, entry: Any) -> Any:
        if document.source == "a.txt":
            raise RuntimeError("strange\nfile")
        return understand(document, entry)

    monkeypatch.setattr(report_reading, "understand", fail_for_a)
    summary = corpus.ingest()
    assert summary.new == ["b.txt"] and "RuntimeError: strange file" in summary.problems[0]


def test_another_version_of_the_reader_reads_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.write("a.txt")
    corpus.ingest()
    monkeypatch.setattr(ingestion, "reader_version", lambda tools=(): "another")
    assert corpus.ingest().changed == ["a.txt"]
    assert corpus.ingest().unchanged == ["a.txt"]


def test_a_report_taken_out_by_hand_comes_back(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.ingest()
    with corpus.index.writing() as writer:
        writer.remove(corpus.index.reports()[0].report_id)
    assert corpus.ingest().reports == 1


def test_hidden_files_index_folders_and_loops_are_left_out(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write(".hidden/b.txt", "青石")
    corpus.write("nianbao-index/c.txt", "黄石")
    (corpus.folder / "~$a.txt").write_text("lock")
    (corpus.folder / "loop").symlink_to(corpus.folder, target_is_directory=True)
    assert corpus.ingest().new == ["a.txt"]


def test_a_missing_path_and_an_empty_folder_change_nothing(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("a.txt")
    corpus.ingest()
    with pytest.raises(ReadError, match="There is no file or folder"):
        corpus.ingest(tmp_path / "none")
    (corpus.folder / "a.txt").unlink()
    with pytest.raises(ReadError, match=r"holds no reports .*\.txt"):
        corpus.ingest()
    assert corpus.sources == [("a.txt",)]


def test_progress_is_told(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b.txt", "青石")
    seen: list[tuple[str, int, int]] = []
    ingest([corpus.folder], corpus.index, progress=lambda *step: seen.append(step))
    assert seen[0] == ("reading", 0, 2) and seen[-1] == ("reading", 2, 2)


def test_the_summary_is_json(corpus: Corpus) -> None:
    import json

    corpus.write("a.txt")
    summary = json.loads(json.dumps(corpus.ingest().as_json()))
    assert summary["new"] == ["a.txt"] and summary["failed"] == [] and summary["reports"] == 1


def test_the_reader_version_is_stable() -> None:
    assert reader_version() == reader_version() and len(reader_version()) == 12
