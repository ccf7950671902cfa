"""Permanent ids through real ingestion: taken out and in again, read anew, and read from another file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answering.cited_places import PlaceGoneError, find_place, resolve_cited, resolve_place
from assistant.answering.permanent_ids import place_id
from assistant.assistant import Assistant
from assistant.tools.toolbox import Toolbox
from ingest import canonical_text, ingestion
from ingest.pipeline import ingest
from ingest.structure import passages
from ui.api.app import build
from ui.http_serving.settings import ServerSettings
from vectorstore import database
from vectorstore.errors import QuestionError
from vectorstore.index import Index
from vectorstore.records import Report, Scope
from vectorstore.sentences import sentences
from vectorstore.writer import Writer

OVERVIEW = (
    "（一）依申请公开。2023年，我镇共收到政府信息公开申请{count}件，均按期答复申请人。\n"
    "（二）主动公开。一年来通过网站和公众号发布各类信息31条，重点做好民生保障方面的公开。\n"
    "（三）监督保障。安排专人负责，组织3场业务培训，把公开工作列入各科室的年终考核。\n"
)
TEXT = (
    "威海市文登区白石镇人民政府\n2023年政府信息公开工作年度报告\n一、总体情况\n{before}{overview}"
    "二、存在的主要问题及改进情况\n公开的内容不够全面。今后逐步改进。\n三、其他需要报告的事项\n无其他需要报告的事项。\n"
)
CITED = "安排专人负责，组织3场业务培训，把公开工作列入各科室的年终考核。"


class Corpus:
    """A folder with one made-up report, and an index that isn't embedded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "reports"
        self.folder.mkdir()
        self.index = Index.open(folder / "index", create=True)

    def write(self, name: str = "a.txt", count: int = 2, before: str = "") -> Path:
        path = self.folder / name
        path.write_text(TEXT.format(before=before, overview=OVERVIEW.format(count=count)), encoding="utf-8")
        return path

    def ingest(self) -> None:
        summary = ingest([self.folder], self.index, jobs=1)
        assert not summary.failed, summary.failed

    @property
    def report(self) -> Report:
        (found,) = self.index.reports(Scope(superseded=True))
        return found

    def id_of(self, words: str) -> str:
        report_id = self.report.report_id
        text = self.index.text(report_id)
        start = text.index(words)
        return place_id(report_id, start, start + len(words), text)

    def remove(self) -> None:
        report_id = self.report.report_id
        files = self.index.sources(report_id)
        with self.index.writing() as writer:
            writer.remove(report_id)
            for file in files:
                writer.forget_source(file.path)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corpus]:
    monkeypatch.setattr(Writer, "embed", lambda self, progress=None: 0)
    made = Corpus(tmp_path)
    made.write()
    made.ingest()
    yield made
    made.index.close()


def read_with_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "reader_version", lambda tools=(): "another")


def test_every_passage_and_sentence_of_a_report_has_an_id_that_leads_back(corpus: Corpus) -> None:
    report = corpus.report
    text = corpus.index.text(report.report_id)
    spans = [(one.start, one.end) for one in corpus.index.passages(report.report_id)]
    spans += [(one.start, one.end) for one in sentences(text)]
    assert len(spans) > 10
    for start, end in spans:
        found = resolve_place(corpus.index, place_id(report.report_id, start, end, text))
        assert (found.start, found.end, found.quote) == (start, end, text[start:end])


def test_a_place_says_where_it_stands(corpus: Corpus) -> None:
    found = resolve_place(corpus.index, corpus.id_of(CITED))
    assert (found.report, found.section, found.page) == (corpus.report, "一、总体情况 / （三）监督保障", None)
    passage = corpus.index.passage_at(corpus.report.report_id, found.start, found.end)
    assert passage is not None and found.passage_id == passage.passage_id


def test_an_id_lives_through_removal_and_ingestion(corpus: Corpus) -> None:
    cited = corpus.id_of(CITED)
    corpus.remove()
    with pytest.raises(PlaceGoneError, match="was taken out of this index on") as caught:
        resolve_place(corpus.index, cited)
    assert caught.value.reason == "report_gone" and "白石镇" in str(caught.value)
    corpus.ingest()
    found = resolve_place(corpus.index, cited)
    assert (found.id, found.quote, found.moved) == (cited, CITED, False)
    assert corpus.index.departure(corpus.report.report_id) is None


def test_an_id_of_a_passage_lives_on_when_passages_are_cut_elsewhere(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = corpus.report.report_id
    text, before = corpus.index.text(report_id), corpus.index.passages(report_id)
    ids = [place_id(report_id, one.start, one.end, text) for one in before]
    monkeypatch.setattr(passages, "MOST_TOKENS", 40)
    read_with_another_version(monkeypatch)
    corpus.ingest()
    assert len(corpus.index.passages(report_id)) > len(before)
    assert [resolve_place(corpus.index, one).quote for one in ids] == [one.text for one in before]


def test_an_id_lives_through_other_lines_and_blanks(corpus: Corpus) -> None:
    cited = corpus.id_of(CITED)
    path = corpus.folder / "a.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("，", "，\n  "), encoding="utf-8")
    corpus.ingest()
    found = resolve_place(corpus.index, cited)
    assert (found.id, found.quote, found.moved) == (cited, CITED.replace("，", "，\n  "), False)


NOISE = "[bookmark: _Toc1]"


def test_an_id_lives_on_when_a_later_reader_leaves_noise_out(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as former_reader:
        former_reader.setattr(canonical_text, "_BOOKMARK", canonical_text.re.compile("(?!)"))
        corpus.write(before=NOISE)
        corpus.ingest()
        assert NOISE in corpus.index.text(corpus.report.report_id)
        former, cited, noisy = corpus.report.report_id, corpus.id_of(CITED), corpus.id_of(NOISE)
    read_with_another_version(monkeypatch)
    corpus.ingest()
    assert corpus.report.report_id != former and NOISE not in corpus.index.text(corpus.report.report_id)
    found = resolve_place(corpus.index, cited)
    assert (found.quote, found.moved, found.report) == (CITED, True, corpus.report)
    assert resolve_place(corpus.index, found.id).moved is False
    with pytest.raises(PlaceGoneError, match="as it is read now"):
        resolve_place(corpus.index, noisy)


def test_also_where_the_report_was_taken_out_in_between(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as former_reader:
        former_reader.setattr(canonical_text, "_BOOKMARK", canonical_text.re.compile("(?!)"))
        corpus.write(before=NOISE)
        corpus.ingest()
        cited = corpus.id_of(CITED)
    corpus.remove()
    read_with_another_version(monkeypatch)
    corpus.ingest()
    assert resolve_place(corpus.index, cited).quote == CITED


def test_an_id_made_of_one_file_is_found_in_the_report_that_another_file_gave(corpus: Corpus, tmp_path: Path) -> None:
    other = Corpus((tmp_path / "other").mkdir() or tmp_path / "other")
    other.write("b.txt", before="网站首页\n当前位置：首页>公开年报\n")
    other.ingest()
    cited = other.id_of(CITED)
    corpus.write("b.txt", before="网站首页\n当前位置：首页>公开年报\n")
    corpus.ingest()
    assert sorted(corpus.report.sources) == ["a.txt", "b.txt"]
    assert {file.content_id for file in corpus.index.sources()} > {other.report.report_id}
    assert resolve_place(corpus.index, cited).quote == CITED
    (corpus.folder / "a.txt").unlink()
    corpus.ingest()
    assert resolve_place(corpus.index, cited).quote == CITED
    other.index.close()


def test_a_corrected_text_in_the_same_file_keeps_the_ids_of_what_it_still_says(corpus: Corpus) -> None:
    kept, changed = corpus.id_of(CITED), corpus.id_of("共收到政府信息公开申请2件")
    corpus.write(count=20)
    corpus.ingest()
    assert resolve_place(corpus.index, kept).quote == CITED
    assert find_place(corpus.index, changed) is None


def test_an_id_with_a_mistyped_offset_is_refused_and_not_taken_for_a_changed_report(corpus: Corpus) -> None:
    cited = corpus.id_of(CITED)
    report_id, place, check = cited.split(".")
    offset, length = place.split("-")
    with pytest.raises(PlaceGoneError, match="wasn't copied as it was") as caught:
        resolve_place(corpus.index, f"{report_id}.{int(offset) + 10}-{length}.{check}")
    assert (caught.value.reason, caught.value.values["near"]) == ("misplaced", cited)


def test_a_file_that_holds_another_report_now_is_no_place_of_the_former_one(corpus: Corpus) -> None:
    cited = corpus.id_of(CITED)
    path = corpus.folder / "a.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("2023年", "2024年"), encoding="utf-8")
    corpus.ingest()
    assert CITED in corpus.index.text(corpus.report.report_id)
    with pytest.raises(PlaceGoneError, match="was taken out"):
        resolve_place(corpus.index, cited)


def test_an_index_of_an_earlier_version_resolves_ids_too(corpus: Corpus, tmp_path: Path) -> None:
    cited = corpus.id_of(CITED)
    corpus.index.close()
    path = tmp_path / "index" / database.DATABASE_NAME
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE departures; UPDATE meta SET value = '5' WHERE name = 'schema_version';")
    connection.close()
    with Index.open(tmp_path / "index") as index:
        assert resolve_place(index, cited).quote == CITED


def test_ids_of_a_report_that_was_read_anew_lead_to_it_in_every_interface(corpus: Corpus) -> None:
    old_place, old_report = corpus.id_of(CITED), corpus.report.report_id
    corpus.write(count=3)
    corpus.ingest()
    now = corpus.report.report_id
    assert now != old_report
    assistant = Assistant(corpus.index)
    for given in (old_place, old_report):
        assert resolve_cited(corpus.index, given).report.report_id == now
        assert Toolbox(assistant).read_report(given).report_id == now
    with TestClient(build(assistant, ServerSettings()), base_url="http://127.0.0.1") as client:
        for given in (old_place, old_report):
            found = client.get(f"/v1/references/{given}").json()
            assert (found["report_id"], found["source"]) == (now, "a.txt")


def test_a_report_that_was_taken_out_is_told_so_to_agents(corpus: Corpus) -> None:
    place = corpus.id_of(CITED)
    corpus.remove()
    with pytest.raises(QuestionError, match="was taken out of this index"):
        Toolbox(Assistant(corpus.index)).read_report(place)
