"""One report in several files, and several versions of one report."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import ingestion
from ingest.pipeline import ingest
from vectorstore.index import Index
from vectorstore.records import Report, Scope
from vectorstore.writer import Writer

PROSE = (
    "（一）主动公开。一年来通过网站和公众号发布各类信息{published}条，重点做好民生保障、乡村建设方面的公开。\n"
    "（二）依申请公开。共收到政府信息公开申请{count}件，均按期答复申请人，没有发生逾期未答的情形。\n"
    "（三）政府信息管理。严格落实发布前的审核制度，对已发布的内容每季度清理一遍，及时更正错漏之处。\n"
    "（四）平台建设。对网站栏目作了调整，新增办事指引专栏，方便群众按事项查找所需要的材料。\n"
    "（五）监督保障。安排专人负责，组织{trained}场业务培训，把公开工作列入各科室的年终考核。\n"
)


class Corpus:
    """A folder of versions of one made-up report, and an index that isn't embedded."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder / "reports"
        self.folder.mkdir()
        self.index = Index.open(folder / "index", create=True)
        self._text = text.replace("云溪县白石镇", "威海市文登区白石镇")

    def text(self, count: int = 2, before: str = "", after: str = "", table: str = "") -> str:
        text = self._text.replace("我镇全年按要求开展工作。\n", PROSE.format(published=31, count=count, trained=3))
        return before + text.replace("今后逐步改进。\n", f"今后逐步改进。\n{table}") + after

    def write(self, name: str, **changes: Any) -> Path:
        path = self.folder / name
        path.write_text(self.text(**changes), encoding="utf-8")
        return path

    def pack(self, name: str, members: dict[str, str]) -> Path:
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
        return self.folder / name

    def ingest(self, *paths: Path, **options: Any) -> Any:
        return ingest(paths or [self.folder], self.index, jobs=1, **options)

    @property
    def reports(self) -> list[Report]:
        return self.index.reports(Scope(superseded=True))

    @property
    def sources(self) -> list[tuple[str, ...]]:
        return sorted(report.sources for report in self.reports)

    def report_in(self, source: str) -> Report:
        (found,) = [report for report in self.reports if source in report.sources]
        return found


@pytest.fixture
def corpus(tmp_path: Path, forms: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corpus]:
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    made = Corpus(tmp_path, forms.report_text())
    yield made
    made.index.close()


# What a page around the report adds: other characters, so another id, but the same report.
AROUND = "网站首页\n当前位置：首页>公开年报\n"
MORE = "本单位共办理人大建议4件、政协提案5件。\n"


def test_one_report_in_two_dresses_is_one(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b.txt", before=AROUND)
    summary = corpus.ingest()
    assert (corpus.sources, summary.reports) == ([("a.txt", "b.txt")], 1)
    assert summary.duplicates == {"b.txt": corpus.reports[0].report_id} and summary.new == ["a.txt", "b.txt"]
    assert corpus.ingest().unchanged == ["a.txt", "b.txt"]


def test_the_reading_that_knows_more_is_kept_whichever_came_first(corpus: Corpus) -> None:
    corpus.write("a.txt", before=AROUND)
    corpus.write("b.txt", after=MORE)
    corpus.ingest()
    assert corpus.sources == [("a.txt", "b.txt")]
    assert MORE.strip() in corpus.index.text(corpus.reports[0].report_id)
    assert corpus.ingest().unchanged == ["a.txt", "b.txt"]


@pytest.mark.parametrize("gone", ["a.txt", "b.txt"])
def test_when_one_file_goes_the_report_is_read_from_the_other(corpus: Corpus, gone: str) -> None:
    corpus.write("a.txt", before=AROUND)
    corpus.write("b.txt", after=MORE)
    corpus.ingest()
    (corpus.folder / gone).unlink()
    summary = corpus.ingest()
    left = "b.txt" if gone == "a.txt" else "a.txt"
    assert (summary.removed, summary.unchanged, corpus.sources) == ([gone], [left], [(left,)])
    assert (MORE.strip() in corpus.index.text(corpus.reports[0].report_id)) == (left == "b.txt")
    assert corpus.ingest().unchanged == [left]


def test_a_file_that_becomes_another_report_leaves_the_first_to_the_other_file(corpus: Corpus) -> None:
    corpus.write("a.txt", before=AROUND)
    path = corpus.write("b.txt", after=MORE)
    corpus.ingest()
    path.write_text(corpus.text().replace("2023", "2022"), encoding="utf-8")
    summary = corpus.ingest()
    assert (summary.changed, corpus.sources) == (["b.txt"], [("a.txt",), ("b.txt",)])
    assert MORE.strip() not in corpus.index.text(corpus.report_in("a.txt").report_id)


def test_an_interruption_between_the_two_is_made_good(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.write("a.txt", before=AROUND)
    corpus.write("b.txt", after=MORE)
    corpus.ingest()
    (corpus.folder / "b.txt").unlink()
    monkeypatch.setattr(ingestion.Ingestion, "files_to_read_again", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        corpus.ingest()
    monkeypatch.undo()
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    corpus.ingest()
    assert corpus.sources == [("a.txt",)]
    assert MORE.strip() not in corpus.index.text(corpus.reports[0].report_id)


def test_another_version_of_the_reader_leaves_joined_files_joined(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("a.txt", before=AROUND)
    corpus.write("b.txt", after=MORE)
    corpus.ingest()
    monkeypatch.setattr(ingestion, "reader_version", lambda tools=(): "another")
    assert corpus.ingest().changed == ["a.txt", "b.txt"]
    assert corpus.sources == [("a.txt", "b.txt")]
    assert MORE.strip() in corpus.index.text(corpus.reports[0].report_id)
    assert corpus.ingest().unchanged == ["a.txt", "b.txt"]


def test_a_corrected_version_replaces_the_older_one_which_stays(corpus: Corpus) -> None:
    corpus.write("a.txt")
    corpus.write("b（更正）.txt", count=3)
    summary = corpus.ingest()
    first, second = corpus.report_in("a.txt"), corpus.report_in("b（更正）.txt")
    assert (first.superseded_by, second.superseded_by) == (second.report_id, None)
    assert [report.report_id for report in corpus.index.reports()] == [second.report_id]
    assert len(summary.notes) == 1 and "取代" in summary.notes[0]


def test_what_was_replaced_is_counted_apart(corpus: Corpus) -> None:
    corpus.write("旧.txt")
    corpus.write("旧（更正）.txt", count=5)
    summary = corpus.ingest()
    assert (summary.reports, summary.superseded) == (1, 1)


@pytest.mark.parametrize("order", [("更正", "a"), ("a", "更正")])
def test_the_older_version_may_be_found_later(corpus: Corpus, order: tuple[str, str]) -> None:
    for name in order:
        corpus.write(f"{name}.txt", count=3 if name == "更正" else 2)
        corpus.ingest()
    assert corpus.report_in("a.txt").superseded_by == corpus.report_in("更正.txt").report_id


def test_when_the_corrected_version_goes_the_older_one_counts_again(corpus: Corpus) -> None:
    corpus.write("a.txt")
    path = corpus.write("b（更正）.txt", count=3)
    corpus.ingest()
    path.unlink()
    corpus.ingest()
    assert [(report.sources, report.superseded_by) for report in corpus.reports] == [(("a.txt",), None)]


def test_a_corrected_version_that_changes_still_replaces_the_older_one(corpus: Corpus) -> None:
    corpus.write("a.txt")
    path = corpus.write("b（更正）.txt", count=3)
    corpus.ingest()
    path.write_text(corpus.text(count=4), encoding="utf-8")
    corpus.ingest()
    assert corpus.report_in("a.txt").superseded_by == corpus.report_in("b（更正）.txt").report_id
    assert len(corpus.reports) == 2


# --- archives


def test_members_of_an_archive_are_files_of_their_own(corpus: Corpus) -> None:
    other = corpus.text().replace("2023", "2022")
    corpus.pack("x.zip", {"a.txt": corpus.text(), "年报/b.txt": other, "c.txt": "no report", "d.exe": ""})
    summary = corpus.ingest()
    assert summary.new == ["x.zip/a.txt", "x.zip/年报/b.txt"] and summary.passed_over == 1
    assert [failure.source for failure in summary.failed] == ["x.zip/c.txt"]
    assert corpus.sources == [("x.zip/a.txt",), ("x.zip/年报/b.txt",)]


def test_a_moved_archive_leaves_nothing_behind(corpus: Corpus) -> None:
    path = corpus.pack("a.zip", {"甲.txt": corpus.text()})
    corpus.ingest(path)
    moved = path.rename(corpus.folder.parent / "b.zip")
    summary = corpus.ingest(moved)
    assert (summary.new, summary.duplicates, corpus.sources) == (["b.zip/甲.txt"], {}, [("b.zip/甲.txt",)])


def test_an_unchanged_archive_is_not_opened_and_a_touched_one_is_not_read(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = corpus.pack("x.zip", {"a.txt": corpus.text(), "c.txt": "no report"})
    first = corpus.ingest()
    os.utime(path, ns=(1, 1))
    monkeypatch.setattr(ingestion, "ReadingTask", lambda *_: pytest.fail("an unchanged member was read"))
    assert corpus.ingest().unchanged == ["x.zip/a.txt"]
    monkeypatch.setattr(ingestion, "open_archive", lambda *_: pytest.fail("an unchanged archive was opened"))
    second = corpus.ingest()
    assert (second.unchanged, second.problems) == (["x.zip/a.txt"], first.problems)


def test_of_a_changed_archive_only_changed_members_are_read(corpus: Corpus) -> None:
    earlier = corpus.text().replace("2023", "2022")
    corpus.pack("x.zip", {"a.txt": corpus.text(), "b.txt": earlier})
    corpus.ingest()
    corpus.pack("x.zip", {"a.txt": corpus.text(count=7), "b.txt": earlier})
    summary = corpus.ingest()
    assert (summary.changed, summary.unchanged) == (["x.zip/a.txt"], ["x.zip/b.txt"])


@pytest.mark.parametrize("is_given_itself", [True, False])
def test_a_member_that_has_gone_is_reported(corpus: Corpus, is_given_itself: bool) -> None:
    earlier = corpus.text().replace("2023", "2022")
    path = corpus.pack("x.zip", {"a.txt": corpus.text(), "b.txt": earlier})
    given = [path] if is_given_itself else []
    corpus.ingest(*given)
    corpus.pack("x.zip", {"b.txt": earlier})
    summary = corpus.ingest(*given)
    assert (summary.removed, corpus.sources) == (["x.zip/a.txt"], [("x.zip/b.txt",)])


def test_with_an_archive_its_reports_go(corpus: Corpus) -> None:
    corpus.pack("x.zip", {"a.txt": corpus.text()})
    corpus.write("b.txt", count=5)
    corpus.ingest()
    (corpus.folder / "x.zip").unlink()
    assert corpus.ingest().removed == ["x.zip/a.txt"]
    assert [Path(source.path).name for source in corpus.index.sources()] == ["b.txt"]


def test_an_archive_gone_bad_keeps_its_reports(corpus: Corpus) -> None:
    path = corpus.pack("x.zip", {"a.txt": corpus.text()})
    corpus.ingest()
    good = path.read_bytes()
    path.write_bytes(good[:100])
    summary = corpus.ingest()
    assert (summary.kept, corpus.sources) == (["x.zip"], [("x.zip/a.txt",)])
    path.write_bytes(good)
    assert corpus.ingest().unchanged == ["x.zip/a.txt"]


def test_a_member_that_was_taken_out_by_hand_comes_back(corpus: Corpus) -> None:
    corpus.pack("x.zip", {"a.txt": corpus.text()})
    corpus.ingest()
    with corpus.index.writing() as writer:
        writer.remove(corpus.reports[0].report_id)
        writer.forget_source(corpus.folder.as_posix() + "/x.zip/a.txt")
    assert corpus.ingest().new == ["x.zip/a.txt"]


def test_a_file_and_a_member_with_the_same_report_are_one(corpus: Corpus) -> None:
    corpus.pack("x.zip", {"a.txt": corpus.text()})
    corpus.write("a.txt", before=AROUND)
    corpus.ingest()
    assert corpus.sources == [("a.txt", "x.zip/a.txt")]
    (corpus.folder / "a.txt").unlink()
    corpus.ingest()
    assert corpus.sources == [("x.zip/a.txt",)]
    assert not corpus.index.text(corpus.reports[0].report_id).startswith("网站首页")


# --- the manifest


def test_what_the_manifest_says_goes_before_what_is_read_and_is_kept(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("a.txt")
    manifest = tmp_path / "list.csv"
    manifest.write_text("path,url,retrieved_on,year\nreports/a.txt,https://a.example/1,2024-02-01,2021\n")
    corpus.ingest(manifest=manifest)
    (report,) = corpus.reports
    assert (report.url, report.retrieved_on, report.year) == ("https://a.example/1", "2024-02-01", 2021)
    assert corpus.ingest().unchanged == ["a.txt"]
    corpus.write("a.txt", count=9)
    corpus.ingest()
    assert (corpus.reports[0].url, corpus.reports[0].year) == ("https://a.example/1", 2021)


def test_a_changed_row_makes_the_file_count_as_changed(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("a.txt")
    corpus.pack("x.zip", {"b.txt": corpus.text().replace("2023", "2022")})
    manifest = tmp_path / "reports" / "list.csv"
    manifest.write_text("path,region\na.txt,山东省/威海市\nx.zip/b.txt,\n", encoding="utf-8")
    assert corpus.ingest(manifest=manifest).new == ["a.txt", "x.zip/b.txt"]
    assert corpus.ingest(manifest=manifest).unchanged == ["a.txt", "x.zip/b.txt"]
    manifest.write_text("path,region\na.txt,\nx.zip/b.txt,山东省/烟台市\n", encoding="utf-8")
    assert corpus.ingest(manifest=manifest).changed == ["a.txt", "x.zip/b.txt"]
    assert corpus.report_in("x.zip/b.txt").region == "山东省/烟台市"
    assert corpus.report_in("a.txt").region != "山东省/威海市"


def test_a_row_without_a_file_is_a_line(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("a.txt")
    corpus.pack("x.zip", {"b.txt": corpus.text().replace("2023", "2022")})
    manifest = tmp_path / "list.csv"
    manifest.write_text("path\nreports/a.txt\nreports/z.txt\nreports/x.zip/b.txt\nreports/x.zip/c.txt\n")
    summary = corpus.ingest(manifest=manifest)
    assert len(summary.unmatched) == 2 and summary.unmatched == list(summary.problems)
    assert "z.txt" in summary.unmatched[0] and "x.zip/c.txt" in summary.unmatched[1]


def test_a_wrong_manifest_changes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    corpus.write("a.txt")
    manifest = tmp_path / "list.csv"
    manifest.write_text("path,year\na.txt,soon\n")
    with pytest.raises(Exception, match="row 2"):
        corpus.ingest(manifest=manifest)
    assert corpus.reports == []
