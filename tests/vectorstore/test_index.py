"""The contract of the index: what goes in comes out, whole or not at all."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from vectorstore import database, writer
from vectorstore.errors import IndexBusyError, IndexFolderError, IndexMissingError, IndexTooNewError
from vectorstore.index import Index
from vectorstore.reading import FigureReader
from vectorstore.records import Body, Figure, Kind, ReportContents, Scope, SectionRole, SourceFile, State
from vectorstore.retrieval import candidates

MakeContents = Callable[..., ReportContents]
MakeFigure = Callable[..., Figure]


def _put(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer_:
        for one in contents:
            writer_.put(one)


def _everything(index: Index) -> tuple[object, ...]:
    reports = index.reports()
    return (
        reports,
        index.bodies(),
        index.figures(),
        index.mentions(),
        index.checks(),
        [index.text(report.report_id) for report in reports],
        [index.passages(report.report_id) for report in reports],
    )


def test_an_interruption_at_the_keyboard_is_nothing_else(folder: Path) -> None:
    with Index.open(folder, create=True) as index:

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        event.listen(index._engine, "before_cursor_execute", interrupt)
        with pytest.raises(KeyboardInterrupt), index.writing() as writer_:
            writer_.remove("r")
        event.remove(index._engine, "before_cursor_execute", interrupt)
        assert index.reports() == []


def test_a_folder_that_cannot_be_written_is_named_as_such(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Index.open(folder, create=True).close()
    (folder / database.DATABASE_NAME).write_bytes(b"no database at all")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(IndexFolderError, match="cannot be written"):
        Index.open(folder)


def test_what_is_put_is_read_back_equal(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents(aliases=("青禾经开区",))
    with Index.open(folder, create=True) as index:
        _put(index, contents)
    with Index.open(folder) as index:
        report_id = contents.report.report_id
        assert index.reports() == [contents.report]
        assert index.report(report_id) == contents.report
        assert index.report(report_id[:6]) == contents.report
        assert index.text(report_id) == contents.text
        assert index.bodies() == [contents.body]
        assert index.passages(report_id) == list(contents.passages)
        assert index.mentions() == list(contents.mentions)
        assert index.checks() == list(contents.checks)
        (resolved,) = index.figures()
        assert resolved.readings == contents.figures
        assert (resolved.metric_id, resolved.value, resolved.state) == ("applications_new", Decimal(3), State.STATED)


def test_a_value_keeps_every_digit(folder: Path, make_contents: MakeContents, make_figure: MakeFigure) -> None:
    contents = make_contents()
    value = Decimal("59237.24490000000000000001")
    figure = dataclasses.replace(contents.figures[0], metric="admin_fees_wan_yuan", value=value, unit="万元")
    with Index.open(folder, create=True) as index:
        _put(index, dataclasses.replace(contents, figures=(figure,)))
        (resolved,) = index.figures()
    assert str(resolved.value) == str(value)


def test_a_blank_cell_is_not_zero(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents(figures={"applications_new": 0, "licence_decisions": None}))
        found = {figure.metric_id: (figure.value, figure.state) for figure in index.figures()}
    assert found == {"applications_new": (Decimal(0), State.STATED), "licence_decisions": (None, State.BLANK)}


def test_putting_a_report_again_changes_nothing(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents(), make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP))
        before, fingerprint = _everything(index), index.fingerprint
        _put(index, make_contents())
        assert (_everything(index), index.fingerprint) == (before, fingerprint)
        (hit,) = index.search("培训")  # the other report says the same
        assert (hit.passage.text, len(hit.repeats)) == ("组织业务培训2场。", 1)


def test_a_report_put_again_replaces_the_old_reading(folder: Path, make_contents: MakeContents) -> None:
    old = make_contents()
    figure = dataclasses.replace(old.figures[0], value=Decimal(4))
    with Index.open(folder, create=True) as index:
        _put(index, old, dataclasses.replace(old, figures=(figure,)))
        assert [resolved.value for resolved in index.figures()] == [Decimal(4)]


def test_removing_a_report_leaves_nothing_of_it(folder: Path, make_contents: MakeContents) -> None:
    kept, gone = make_contents(year=2022, aliases=("青禾",)), make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP)
    with Index.open(folder, create=True) as index:
        _put(index, kept)
        before = _everything(index)
        _put(index, gone)
        with index.writing() as writer_:
            assert writer_.remove(gone.report.report_id)
            assert not writer_.remove(gone.report.report_id)
        assert _everything(index) == before
        assert {hit.report.report_id for hit in index.search("培训 申请")} == {kept.report.report_id}
        with pytest.raises(KeyError):
            index.report(gone.report.report_id)
        with pytest.raises(KeyError):
            index.text(gone.report.report_id)


def test_a_body_stays_while_one_report_of_it_stays(folder: Path, make_contents: MakeContents) -> None:
    first, second = make_contents(year=2022, aliases=("青禾开发区",)), make_contents(year=2023, aliases=("青禾经开区",))
    with Index.open(folder, create=True) as index:
        _put(index, first, second)
        assert index.bodies()[0].aliases == ("青禾开发区", "青禾经开区")
        with index.writing() as writer_:
            writer_.remove(first.report.report_id)
        assert [body.aliases for body in index.bodies()] == [("青禾经开区",)]


def test_a_put_that_fails_leaves_the_old_report(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = make_contents()
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        before, fingerprint = _everything(index), index.fingerprint

        def fail(*_: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(writer, "_insert_figures", fail)
        with pytest.raises(OSError, match="disk is full"):
            _put(index, dataclasses.replace(contents, passages=()), make_contents("另一个镇人民政府"))
        assert (_everything(index), index.fingerprint) == (before, fingerprint)
        assert index.search("培训")


def test_a_full_disk_is_told_in_a_sentence_and_harms_nothing(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        before = _everything(index)
        with database.snapshot(index._engine) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

        def fill(connection: Any, _record: object, _proxy: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(index._engine, "checkout", fill)
        with pytest.raises(IndexFolderError, match=r"cannot be written .* unharmed"):
            _put(index, make_contents("松溪镇人民政府", sentences=("很长的一句话，" * 20_000,)))
        event.remove(index._engine, "checkout", fill)
        assert _everything(index) == before


def test_several_threads_read_while_one_writes(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())

        def read(_: int) -> bool:
            figures, reports = index.figures(), index.reports()
            return bool(index.search("培训")) and {f.report_id for f in figures} <= {r.report_id for r in reports}

        with ThreadPoolExecutor(4) as threads:
            outcomes = threads.map(read, range(40))
            for number in range(10):
                _put(index, make_contents(f"第{number}镇人民政府"))
            assert all(outcomes)
        assert len(index.figures()) == 11


def test_a_figure_about_an_unknown_body_is_refused(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    stranger = dataclasses.replace(contents.figures[0], body_id="nobody")
    with Index.open(folder, create=True) as index:
        with pytest.raises(ValueError, match="nobody"):
            _put(index, dataclasses.replace(contents, figures=(stranger,)))
        assert index.reports() == []


def test_a_scope_narrows_figures_by_the_body_that_they_are_about(folder: Path, make_contents: MakeContents) -> None:
    zone = Body("body-zone", "云麓高新区管委会", Kind.ZONE, "云岭省/云麓市", ("云麓高新技术产业开发区",))
    city = make_contents("云麓市人民政府", kind=Kind.CITY, region="云岭省/云麓市", other_bodies=(zone,))
    about_zone = dataclasses.replace(city.figures[0], body_id=zone.body_id, value=Decimal(55), start=7)
    city = dataclasses.replace(city, figures=(*city.figures, about_zone))
    with Index.open(folder, create=True) as index:
        _put(index, city)
        assert [(f.body, f.value) for f in index.figures(Scope(kinds=(Kind.ZONE,)))] == [(zone.name, Decimal(55))]
        assert [f.body for f in index.figures(Scope(names=("高新技术",)))] == [zone.name]
        assert [f.body for f in index.figures(Scope(body_ids=(city.body.body_id,)))] == ["云麓市人民政府"]
        assert index.figures(Scope(years=(2022,))) == []
        assert [report.body for report in index.reports(Scope(kinds=(Kind.CITY,)))] == ["云麓市人民政府"]
        assert index.reports(Scope(kinds=(Kind.ZONE,))) == []


def test_a_region_narrows_by_whole_components(folder: Path, make_contents: MakeContents) -> None:
    regions = ["云岭省", "云岭省/青禾市", "云岭省/青禾市/松溪区", "云岭省/青禾", "云岭省/青禾市北", None]
    with Index.open(folder, create=True) as index:
        _put(index, *(make_contents(f"第{n}镇人民政府", region=region) for n, region in enumerate(regions)))
        scope = Scope(regions=("云岭省/青禾市",))
        assert {report.region for report in index.reports(scope)} == {"云岭省/青禾市", "云岭省/青禾市/松溪区"}
        assert {figure.region for figure in index.figures(scope)} == {"云岭省/青禾市", "云岭省/青禾市/松溪区"}
        assert len(index.reports(Scope(regions=("云岭省",)))) == 5


def test_names_match_inside_a_name_or_an_alias_and_wildcards_mean_themselves(
    folder: Path, make_contents: MakeContents
) -> None:
    with Index.open(folder, create=True) as index:
        _put(
            index,
            make_contents("云麓高新区管委会"),
            make_contents("青禾产业园管委会", aliases=("青禾高新技术产业园",)),
            make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP),
        )
        assert [r.body for r in index.reports(Scope(names=("高新",)))] == ["云麓高新区管委会", "青禾产业园管委会"]
        assert [b.name for b in index.bodies(Scope(names=("青禾高新", "松溪")))] == [
            "松溪镇人民政府",
            "青禾产业园管委会",
        ]
        assert index.reports(Scope(names=("%",))) == []
        assert [r.body for r in index.reports(Scope(names=("雲麓",)))] == ["云麓高新区管委会"]


def test_reports_come_by_region_body_and_year(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(
            index,
            make_contents("乙镇人民政府", region=None),
            make_contents("乙镇人民政府", year=2023, region="甲省"),
            make_contents("乙镇人民政府", year=2021, region="甲省"),
            make_contents("丙镇人民政府", year=None, region="甲省"),
        )
        assert [(r.region, r.body, r.year) for r in index.reports()] == [
            ("甲省", "丙镇人民政府", None),
            ("甲省", "乙镇人民政府", 2021),
            ("甲省", "乙镇人民政府", 2023),
            (None, "乙镇人民政府", 2023),
        ]


def test_figures_are_found_by_metric_and_column(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents()
    column = dataclasses.replace(contents.figures[0], column="enterprise", value=Decimal(1))
    with Index.open(folder, create=True) as index:
        _put(index, dataclasses.replace(contents, figures=(*contents.figures, column)))
        assert [f.value for f in index.figures(metric_ids=["applications_new"])] == [Decimal(3)]
        assert [f.value for f in index.figures(metric_ids=["applications_new__enterprise"])] == [Decimal(1)]
        assert len(index.figures()) == 2
        assert index.figures(metric_ids=[]) == []


def test_what_was_read_before_changes_no_answer(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [
        make_contents(f"第{n}镇人民政府", figures={"applications_new": n, "review_total": 9 - n}) for n in range(6)
    ]
    questions: list[tuple[Scope, list[str] | None]] = [
        (Scope(names=("第2",)), None),
        (Scope(), ["applications_new"]),
        (Scope(), None),
        (Scope(names=("第3", "第1")), ["review_total", "applications_new"]),
    ]
    with Index.open(folder, create=True) as index:
        _put(index, *bodies)
        expected = []
        for question in questions:
            with Index.open(folder) as fresh:
                expected.append(fresh.figures(*question))
        for capacity in (0, 3, 200_000):
            monkeypatch.setattr(FigureReader, "CAPACITY", capacity)
            assert [index.figures(*question) for question in (*questions, *questions)] == expected * 2
        with index.writing() as writer_:
            writer_.remove(bodies[2].report.report_id)
        assert index.figures(*questions[0]) == []
        assert len(index.figures()) == 10


def test_mentions_are_found_by_what_they_count(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        assert len(index.mentions(words="培训")) == 1
        assert len(index.mentions(words="举办业务培训")) == 1
        assert index.mentions(words="开放日") == []
        assert index.mentions(Scope(years=(2020,))) == []


def test_checks_are_found_by_their_outcome(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        assert [check.rule for check in index.checks()] == ["row_total", "balance"]
        assert [check.rule for check in index.checks(holds=True)] == ["row_total"]
        assert [check.rule for check in index.checks(holds=None)] == ["balance"]
        assert index.checks(holds=False) == []


def test_the_passage_at_a_span_is_the_one_that_covers_its_start(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents(sentences=("第一句话。", "第二句话。"))
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        report_id = contents.report.report_id
        assert index.passage_at(report_id, 0, 2) == contents.passages[0]
        assert index.passage_at(report_id, 4, 8) == contents.passages[0]
        assert index.passage_at(report_id, 6, 8) == contents.passages[1]
        assert index.passage_at(report_id, 5, 6) is None
        assert index.passage_at("none", 0, 1) is None


def test_batches_read_what_single_reads_do(folder: Path, make_contents: MakeContents) -> None:
    contents = [make_contents(name, year=2023) for name in ("甲镇", "乙镇", "丙镇")]
    with Index.open(folder, create=True) as index:
        _put(index, *contents)
        ids = [content.report.report_id for content in contents]
        assert index.texts(ids) == {report_id: index.text(report_id) for report_id in ids}
        places = [(report_id, at, at + 3) for report_id in reversed(ids) for at in (0, 5, 40, 10_000)]
        passages = [index.passage_at(*place) for place in places]
        assert index.passage_ids_at(places) == [None if p is None else (p.passage_id, p.page) for p in passages]
        assert index.texts([]) == {} and index.passage_ids_at([]) == []
        with pytest.raises(KeyError):
            index.texts([ids[0], "nowhere"])


def test_the_fingerprint_follows_the_content_and_not_the_order(tmp_path: Path, make_contents: MakeContents) -> None:
    one, two = make_contents(), make_contents("松溪镇人民政府")
    with Index.open(tmp_path / "a", create=True) as a, Index.open(tmp_path / "b", create=True) as b:
        _put(a, one, two)
        _put(b, two, one)
        assert a.fingerprint == b.fingerprint
        with b.writing() as writer_:
            writer_.remove(one.report.report_id)
        assert a.fingerprint != b.fingerprint
        _put(b, one)
        before = b.fingerprint
        with b.writing() as writer_:
            writer_.record_source(SourceFile("/x.txt", 1, 2, "d", "9", one.report.report_id))
        assert b.fingerprint != before


def test_sources_are_remembered_replaced_and_forgotten(folder: Path) -> None:
    bad = SourceFile("/reports/b.txt", 0, 5, "ab", "1", None, "The file is empty.")
    good = SourceFile("/reports/a.txt", 9, 2**61, "cd", "1", "r1")
    with Index.open(folder, create=True) as index:
        with index.writing() as writer_:
            for source in (bad, good, dataclasses.replace(bad, size=1)):
                writer_.record_source(source)
        assert index.sources() == [good, dataclasses.replace(bad, size=1)]
        assert index.sources("r1") == index.sources(paths=[good.path, "/none.txt"]) == [good]
        assert index.sources("r2") == index.sources(paths=[]) == index.sources("r1", [bad.path]) == []
        with index.writing() as writer_:
            writer_.forget_source(good.path)
        assert index.sources() == [dataclasses.replace(bad, size=1)]


def test_an_open_index_sees_what_another_one_writes(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as reader, Index.open(folder) as other:
        assert reader.reports() == []
        _put(other, make_contents())
        assert len(reader.reports()) == 1
        assert len(reader.figures()) == 1


def test_a_second_writer_is_told_to_wait(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as first, Index.open(folder) as second:
        with first.writing() as writer_:
            writer_.put(make_contents())
            with pytest.raises(IndexBusyError, match="Another process is writing"), second.writing():
                pass
            assert len(second.reports()) == 1
        _put(second, make_contents("松溪镇人民政府"))
        assert len(first.reports()) == 2


def test_a_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="nianbao ingest FOLDER --index"):
        Index.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_an_index_of_a_newer_version_is_refused_untouched(folder: Path) -> None:
    Index.open(folder, create=True).close()
    connection = sqlite3.connect(folder / "nianbao.sqlite3")
    connection.execute("UPDATE meta SET value = '999' WHERE name = 'schema_version'")
    connection.commit()
    connection.close()
    with pytest.raises(IndexTooNewError, match="newer version"):
        Index.open(folder, create=True)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(IndexFolderError, match=r"letter\.txt"):
        Index.open(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_that_is_no_database_is_refused_in_a_sentence(folder: Path) -> None:
    folder.mkdir()
    (folder / "nianbao.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(IndexFolderError, match="cannot be read"):
        Index.open(folder)


def test_search_finds_a_sentence_that_says_it_in_other_words(folder: Path, make_contents: MakeContents) -> None:
    contents = make_contents(
        sentences=(
            "门户网站全年发布动态信息若干。",
            "市民可拨打联系电话或写信给政务公开科。",
            "一是信息更新不够及时的问题仍然存在。",
            "全年没有收取信息处理费。",
        )
    )
    with Index.open(folder, create=True) as index:
        _put(index, contents)
        assert index.search("怎么打手机联系他们")[0].passage == contents.passages[1]
        assert index.search("短板")[0].passage == contents.passages[2]
        assert index.search("shortcomings")[0].passage == contents.passages[2]
        assert index.search("要花钱吗")[0].passage == contents.passages[3]


def test_search_stays_within_scope_roles_and_number(folder: Path, make_contents: MakeContents) -> None:
    sentences = ("存在的问题是人手不够。", "一年来的培训有所加强。")
    with Index.open(folder, create=True) as index:
        _put(
            index,
            make_contents(year=2022, sentences=sentences),
            make_contents(year=2023, sentences=sentences),
            make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP, sentences=sentences),
        )
        assert {hit.report.year for hit in index.search("培训", Scope(years=(2022,)))} == {2022}
        assert {hit.report.kind for hit in index.search("培训", Scope(kinds=(Kind.TOWNSHIP,)))} == {Kind.TOWNSHIP}
        hits = index.search("培训 问题", roles=[SectionRole.PROBLEMS])
        assert {hit.passage.role for hit in hits} == {SectionRole.PROBLEMS}
        assert len(index.search("培训 问题", k=2)) == 2
        assert index.search("培训", roles=[]) == []
        assert index.search("   ") == []


def test_the_commonest_terms_need_not_find_passages_for_the_rarer_ones_to(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = tuple(f"本年度第{n}项工作按时完成。" for n in range(30))
    with Index.open(folder, create=True) as index:
        _put(index, make_contents(sentences=(*sentences, "年内开展植树造林工作。")))
        monkeypatch.setattr(candidates, "BUDGET", 10)
        assert "植树造林" in index.search("植树造林工作")[0].passage.text
        assert len(index.search("年", k=50)) == 31  # nothing but common characters: they are looked for after all
        _put(index, make_contents("松溪镇人民政府", sentences=("防汛抗旱工作。",)))
        assert index.search("防汛")[0].passage.text == "防汛抗旱工作。"


def test_a_full_text_index_of_other_terms_is_made_anew(
    folder: Path, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, kept = make_contents(), make_contents("松溪镇人民政府")
    with Index.open(folder, create=True) as index:
        with monkeypatch.context() as patch:
            patch.setattr("vectorstore.full_text.expand", lambda text: "x".join(text))
            patch.setattr("vectorstore.database.TERMS_VERSION", "0")
            with index.writing() as writer_:
                writer_.put(contents)
                writer_.put(kept)
        with index.writing() as writer_:
            writer_.remove(contents.report.report_id)
        assert {hit.report.report_id for hit in index.search("培训")} == {kept.report.report_id}
        with database.snapshot(index._engine) as connection:
            connection.exec_driver_sql("INSERT INTO passage_terms(passage_terms) VALUES ('integrity-check')")


@pytest.mark.parametrize("query", ['"', "'; DROP TABLE reports; --", "NEAR(培训", "培训*", "的", "😀", "a\x00b", "-"])
def test_no_query_can_break_the_search(folder: Path, make_contents: MakeContents, query: str) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
        index.search(query)
        assert len(index.reports()) == 1


@pytest.mark.integration
def test_reading_figures_loads_no_heavy_library(folder: Path, make_contents: MakeContents) -> None:
    with Index.open(folder, create=True) as index:
        _put(index, make_contents())
    program = (
        "import sys; from vectorstore.index import Index; from vectorstore.records import Scope\n"
        "index = Index.open(sys.argv[1])\n"
        "assert index.figures(Scope(names=('青禾',))) and index.reports() and index.fingerprint\n"
        "heavy = {'chromadb', 'torch', 'llama_index', 'model2vec', 'opencc', 'numpy', 'sentence_transformers',"
        " 'tiktoken', 'gradio', 'jieba'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_body_has_its_fuller_name_in_all_its_reports_whichever_came_first(
    folder: Path, make_contents: MakeContents
) -> None:
    short, full = make_contents("界岭镇", year=2022), make_contents("界岭镇人民政府", year=2023)
    body_id = short.body.body_id
    full = dataclasses.replace(
        full,
        report=dataclasses.replace(full.report, body_id=body_id),
        body=dataclasses.replace(full.body, body_id=body_id),
        figures=tuple(dataclasses.replace(figure, body_id=body_id) for figure in full.figures),
        mentions=(),
    )
    for at, order in enumerate(((short, full), (full, short))):
        with Index.open(folder / str(at), create=True) as index:
            _put(index, *order)
            assert {report.body for report in index.reports()} == {"界岭镇人民政府"}
            assert {figure.body for figure in index.figures()} == {"界岭镇人民政府"}
