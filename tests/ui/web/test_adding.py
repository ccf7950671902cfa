"""Adding reports, without a browser: what comes in is read, goes into the index, and comes out again."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from ui.adding import reading, taking_in
from ui.adding.additions import Additions
from ui.adding.batches import AddedFile, Batch, BatchState, FileState, kept_batches, safe_name
from ui.adding.removal import remove
from ui.errors import SaidError
from ui.texts import texts
from ui.web.adding.job_view import render_job
from ui.web.adding.page import Page
from ui.web.adding.problems import problem_in_words
from ui.web.adding.review_view import Review
from ui.web.site import Site, Visit
from vectorstore.errors import NianbaoError, ReadError
from vectorstore.index import Index

WORDS = texts("zh")
SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "reports"
ZONE, TOWN = "economic-zone-2023.txt", "fengyu-town-2023.txt"
NOT_A_REPORT = "今天天气很好，适合出门散步。" * 40


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as opened:
        yield opened


@pytest.fixture
def additions(index: Index) -> Iterator[Additions]:
    made = Additions(index)
    yield made
    assert made.wait(60)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def add(additions: Additions, name: str, data: bytes) -> int | None:
    """Upload a file as the page does; its number, None where it is passed over."""
    arrival = additions.arrive(name, len(data), WORDS)
    if arrival is None:
        return None
    arrival.write(data)
    return arrival.finish()


def settled(additions: Additions) -> Batch:
    assert additions.wait(60)
    batch = additions.open_batch
    assert batch is not None
    return batch


def by_name(batch: Batch) -> dict[str, AddedFile]:
    return {file.name: file for file in batch.files.values()}


def take(additions: Additions) -> Batch:
    batch = settled(additions)
    additions.take_in(batch.id, WORDS)
    assert additions.wait(60)
    return batch


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


# --- names


@given(st.text(max_size=300))
def test_a_name_never_leads_out_of_its_folder(name: str) -> None:
    safe = safe_name(name)
    path = PurePosixPath(safe)
    assert not path.is_absolute()
    assert "\\" not in safe
    assert not {".", "..", ""} & set(safe.split("/")) or safe == ""
    assert all(len(part.encode()) <= 255 for part in path.parts)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../x.txt", "x.txt"), ("/etc/x.txt", "etc/x.txt"), ("a\\..\\b.txt", "a/b.txt"), ("山东/甲.pdf", "山东/甲.pdf"),
     ("a\x00b.txt", "a_x00b.txt")],
)  # fmt: skip
def test_a_name_is_kept_but_for_what_is_dangerous(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_an_upload_cannot_leave_the_index(additions: Additions, index: Index, tmp_path: Path) -> None:
    add(additions, "../../../outside.txt", sample(ZONE))
    assert list(by_name(settled(additions))) == ["outside.txt"]
    assert [path.name for path in tmp_path.rglob("outside.txt") if index.folder not in path.parents] == []


# --- what is refused, and what is said of it


def test_a_file_of_a_format_that_is_not_read_is_refused_by_name(additions: Additions) -> None:
    with pytest.raises(ReadError, match=r"表\.exe"):
        additions.arrive("表.exe", 3, WORDS)


def test_what_lies_about_in_a_folder_is_passed_over(additions: Additions) -> None:
    assert add(additions, "夹/style.css", b"x") is None
    assert add(additions, "夹/.DS_Store", b"x") is None
    add(additions, f"夹/{ZONE}", sample(ZONE))
    assert settled(additions).passed_over == 2


def test_a_file_larger_than_its_format_may_be_is_refused_before_it_comes(additions: Additions) -> None:
    with pytest.raises(ReadError, match="20MB"):
        additions.arrive("大.txt", 21 * 1024 * 1024, WORDS)


def test_a_file_that_grows_past_the_limit_on_the_way_is_refused(additions: Additions) -> None:
    arrival = additions.arrive("大.txt", 0, WORDS)
    assert arrival is not None
    with pytest.raises(ReadError, match="20MB"):
        for _ in range(21):
            arrival.write(bytes(1024 * 1024))
    arrival.give_up()


def test_each_bad_file_costs_itself_and_says_why(additions: Additions) -> None:
    add(additions, "空.txt", b"")
    add(additions, "散步.txt", NOT_A_REPORT.encode())
    add(additions, ZONE, sample(ZONE))
    files = by_name(settled(additions))
    assert files[ZONE].state is FileState.READ
    said = {name: problem_in_words(file.problem or "", WORDS) for name, file in files.items() if file.problem}
    assert said["空.txt"] == WORDS("problem.empty")
    assert said["散步.txt"] == WORDS("problem.no_report")


@pytest.mark.parametrize(
    ("problem", "key"),
    [
        ("a.pdf is a scan or a picture; reading pictures needs the extra: pip install 'nianbao[ocr]'.", "scan"),
        ("a.docx is protected with a password; save it without one.", "password"),
        ("a.docx is encrypted; save it without a password.", "password"),
        ("a.xls has a format that isn't read (.xls); supported are .doc, .docx.", "format"),
        ("no such wording was ever known", "other"),
    ],
)
def test_a_problem_is_said_in_chinese(problem: str, key: str) -> None:
    assert problem_in_words(problem, WORDS) == WORDS(f"problem.{key}")


def test_a_zip_is_unpacked_its_bad_members_cost_themselves(additions: Additions) -> None:
    inner = zipped(**{TOWN: sample(TOWN)})
    packed = zipped(**{f"甲/{ZONE}": sample(ZONE), "../../x.txt": b"x", "里.zip": inner})
    add(additions, "几份.zip", packed)
    files = by_name(settled(additions))
    assert files[f"几份.zip/甲/{ZONE}"].state is FileState.READ
    assert files[f"几份.zip/里.zip/{TOWN}"].state is FileState.READ
    assert files["几份.zip/x.txt"].state is FileState.FAILED
    assert len(files) == 3


def test_a_zip_bomb_is_not_unpacked(additions: Additions) -> None:
    add(additions, "弹.zip", zipped(**{"a.txt": bytes(50 * 1024 * 1024)}))
    file = by_name(settled(additions))["弹.zip"]
    assert problem_in_words(file.problem or "", WORDS) == WORDS("problem.bomb")


def test_a_hostile_name_is_text(additions: Additions) -> None:
    name = "<img src=x onerror=alert(1)>.txt"
    add(additions, name, sample(ZONE))
    batch = settled(additions)
    row = Review(batch, WORDS).row(by_name(batch)[name])
    assert "<img" not in row
    assert "&lt;img" in row


# --- taking in


def test_what_is_chosen_goes_in_and_the_rest_is_deleted(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    left_out = add(additions, TOWN, sample(TOWN))
    batch = settled(additions)
    assert left_out is not None
    additions.choose(batch.id, [left_out], False)
    take(additions)
    assert batch.state is BatchState.DONE
    assert batch.summary is not None
    assert batch.summary["new"] == [ZONE]
    assert [report.source for report in index.reports()] == [ZONE]
    assert sorted(path.name for path in batch.files_folder.iterdir()) == [ZONE]


def test_a_report_that_is_there_is_left_out_unless_chosen(additions: Additions) -> None:
    add(additions, ZONE, sample(ZONE))
    take(additions)
    add(additions, "同一份.txt", sample(ZONE))
    add(additions, TOWN, sample(TOWN))
    files = by_name(settled(additions))
    assert not files["同一份.txt"].is_taken
    assert files[TOWN].is_taken


def test_one_batch_never_takes_out_anothers_reports(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    take(additions)
    add(additions, TOWN, sample(TOWN))
    assert take(additions).summary is not None
    assert {report.source for report in index.reports()} == {ZONE, TOWN}


def test_what_a_person_says_goes_in_and_stays(additions: Additions, index: Index) -> None:
    number = add(additions, ZONE, sample(ZONE))
    batch = settled(additions)
    assert number is not None
    said = {
        "body": "云山新区管理委员会",
        "year": "2019",
        "kind": "zone",
        "retrieved_on": "2024-03-01",
        "url": "https://a.cn/1",
    }
    additions.correct(batch.id, [number], said)
    preview = by_name(settled(additions))[ZONE].preview
    assert preview is not None
    assert (preview.body, preview.year) == ("云山新区管理委员会", 2019)
    take(additions)
    (report,) = index.reports()
    assert (report.body, report.year, report.retrieved_on, report.url) == (
        "云山新区管理委员会", 2019, "2024-03-01", "https://a.cn/1",
    )  # fmt: skip
    assert json.loads(index.sources()[0].manifest or "{}")["year"] == 2019


@pytest.mark.parametrize("said", [{"year": "明年"}, {"url": "javascript:1"}, {"kind": "车站"}])
def test_what_a_person_says_wrongly_is_refused_in_a_sentence(additions: Additions, said: dict[str, str]) -> None:
    number = add(additions, ZONE, sample(ZONE))
    batch = settled(additions)
    with pytest.raises(ReadError):
        additions.correct(batch.id, [number or 0], said)
    assert by_name(batch)[ZONE].entry == {}


def test_nothing_chosen_is_said(additions: Additions) -> None:
    add(additions, "空.txt", b"")
    batch = settled(additions)
    with pytest.raises(ReadError, match=WORDS("adding.none_chosen")):
        additions.take_in(batch.id, WORDS)


def _at(monkeypatch: pytest.MonkeyPatch, stage: str, done: int, act: Callable[[], None]) -> None:
    """Do something when an ingestion is so far."""
    real = taking_in.ingest

    def ingest(*given: Any, progress: Callable[[str, int, int], None], **named: Any) -> Any:
        def tell(at: str, so_far: int, total: int) -> None:
            if (at, so_far) == (stage, done):
                act()
            progress(at, so_far, total)

        return real(*given, progress=tell, **named)

    monkeypatch.setattr(taking_in, "ingest", ingest)


def test_stopped_it_keeps_what_is_in_and_goes_on(
    additions: Additions, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (ZONE, TOWN, "office-2023.txt"):
        add(additions, name, sample(name))
    batch = settled(additions)
    with monkeypatch.context() as patched:
        _at(patched, "reading", 2, lambda: additions.stop(batch.id))
        take(additions)
    assert batch.state is BatchState.STOPPED
    assert len(index.reports()) == 2
    additions.take_in(batch.id, WORDS)
    assert additions.wait(60)
    assert batch.state is BatchState.DONE
    assert len(index.reports()) == 3


def one_taken_and_one_to_take(additions: Additions) -> Batch:
    """A batch that is ready to be taken in, in an index that holds a report already."""
    add(additions, ZONE, sample(ZONE))
    take(additions)
    add(additions, TOWN, sample(TOWN))
    return settled(additions)


def test_questions_are_answered_while_reports_go_in(
    additions: Additions, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = one_taken_and_one_to_take(additions)
    reached, answered = threading.Event(), threading.Event()

    def wait_for_the_answer() -> None:
        reached.set()
        assert answered.wait(60)

    _at(monkeypatch, "reading", 0, wait_for_the_answer)
    additions.take_in(batch.id, WORDS)
    assert reached.wait(60)
    assert batch.state is BatchState.RUNNING
    assistant = Assistant(index)
    assert assistant.ask("2023年开发区收到多少件申请？").status in ("answered", "partial")
    assert assistant.ask("哪些单位开展了培训？").text
    answered.set()
    assert additions.wait(60)
    assert batch.state is BatchState.DONE


def test_searches_have_their_turn_while_vectors_are_made(
    additions: Additions, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = one_taken_and_one_to_take(additions)
    found: list[int] = []

    def search() -> None:
        # In another thread, as another visitor's question would be.
        asking = threading.Thread(target=lambda: found.append(len(index.search("政务公开培训"))))
        asking.start()
        asking.join(60)

    # The first batch of passages holds all of them here.
    real = taking_in.ingest
    called: list[str] = []

    def ingest(*given: Any, progress: Callable[[str, int, int], None], **named: Any) -> Any:
        def tell(stage: str, done: int, total: int) -> None:
            if stage == "embedding" and not called:
                called.append(stage)
                search()
            progress(stage, done, total)

        return real(*given, progress=tell, **named)

    monkeypatch.setattr(taking_in, "ingest", ingest)
    take(additions)
    assert batch.state is BatchState.DONE
    assert found
    assert found[0] > 0


def test_a_second_batch_waits_for_the_first(
    additions: Additions, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(additions, ZONE, sample(ZONE))
    first = settled(additions)
    go_on = threading.Event()
    _at(monkeypatch, "reading", 0, lambda: go_on.wait(60) and None)
    additions.take_in(first.id, WORDS)
    add(additions, TOWN, sample(TOWN))
    second = additions.open_batch
    assert second is not None
    additions.take_in(second.id, WORDS)
    assert second.state is BatchState.WAITING
    go_on.set()
    assert additions.wait(60)
    assert (first.state, second.state) == (BatchState.DONE, BatchState.DONE)
    assert len(index.reports()) == 2


def test_another_writer_is_told_of_and_it_can_be_tried_again(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    settled(additions)
    with index.writing():
        batch = take(additions)
        assert batch.state is BatchState.FAILED
        assert "Another process" in (batch.problem or "")
    additions.take_in(batch.id, WORDS)
    assert additions.wait(60)
    assert batch.state is BatchState.DONE


def test_after_a_crash_the_next_start_offers_to_go_on(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    add(additions, TOWN, sample(TOWN))
    batch = settled(additions)
    additions.correct(batch.id, [1], {"year": "2018"})
    assert additions.wait(60)
    batch.state = BatchState.RUNNING
    batch.save()
    again = Additions(index)
    (found,) = again.jobs()
    assert (found.state, found.is_cut_short, len(found.files)) == (BatchState.STOPPED, True, 2)
    again.take_in(found.id, WORDS)
    assert again.wait(60)
    assert found.state is BatchState.DONE
    assert {report.year for report in index.reports()} == {2018, 2023}


def test_files_that_were_not_taken_in_yet_survive_a_restart(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    settled(additions)
    again = Additions(index)
    assert again.wait(60)
    batch = again.open_batch
    assert batch is not None
    assert by_name(batch)[ZONE].state is FileState.READ


def test_a_batch_of_rubbish_on_disk_harms_nothing(index: Index) -> None:
    home = index.folder / "uploads"
    for name, content in (("20240101-000000-00000000", "{"), ("20240101-000000-00000001", '{"state": "?"}')):
        (home / name).mkdir(parents=True)
        (home / name / "batch.json").write_text(content)
    (home / "notes").mkdir()
    assert Additions(index).open_batch is None


# --- taking out


def test_a_removed_report_can_be_put_back(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    take(additions)
    report_id = index.reports()[0].report_id
    removal = remove(index, additions, report_id)
    assert index.reports() == []
    assert index.sources() == []
    assert removal.batch is not None
    additions.restore(removal.batch, WORDS)
    assert additions.wait(60)
    assert [report.report_id for report in index.reports()] == [report_id]


def test_a_file_elsewhere_stays_where_it_is(additions: Additions, index: Index, tmp_path: Path) -> None:
    from ingest.pipeline import ingest

    file = tmp_path / ZONE
    file.write_bytes(sample(ZONE))
    ingest([file], index)
    removal = remove(index, additions, index.reports()[0].report_id)
    assert (removal.batch, removal.elsewhere) == (None, (str(file),))
    assert removal.elsewhere_names == (ZONE,)
    assert file.is_file()


def test_the_page_names_no_place_on_this_computer(index: Index, tmp_path: Path) -> None:
    from ingest.pipeline import ingest

    (tmp_path / "夹").mkdir()
    (tmp_path / "夹" / ZONE).write_bytes(sample(ZONE))
    (tmp_path / "夹" / "坏.pdf").write_bytes(b"not one")
    ingest([tmp_path / "夹"], index)
    page = Page(Site(Assistant(index)))
    shown = page.render(Visit(WORDS, {}))
    asked = page.removal({"lang": "zh", "report": index.reports()[0].report_id})
    assert str(tmp_path) not in shown + json.dumps(asked)
    assert ZONE in "".join(asked["told"])
    # It is named to the program all the same.
    (mark,) = re.findall(r'data-forget="([^"]+)"', shown)
    for other in ("", None, str(tmp_path / "夹" / "坏.pdf")):
        with pytest.raises(SaidError):
            page.forget({"lang": "zh", "file": other})
    page.forget({"lang": "zh", "file": mark})
    assert [file.problem for file in index.sources()] == [None]


def test_an_unforeseen_error_leaves_no_file_being_read(additions: Additions, monkeypatch: pytest.MonkeyPatch) -> None:
    real = reading.preview

    def preview(contents: Any, index: Index) -> Any:
        if contents.report.year == 2022:
            raise RuntimeError
        return real(contents, index)

    monkeypatch.setattr(reading, "preview", preview)
    add(additions, "fengyu-town-2022.txt", sample("fengyu-town-2022.txt"))
    settled(additions)
    add(additions, ZONE, sample(ZONE))
    files = by_name(settled(additions))
    assert files["fengyu-town-2022.txt"].state is FileState.FAILED
    assert problem_in_words(files["fengyu-town-2022.txt"].problem or "", WORDS)
    assert files[ZONE].state is FileState.READ


def test_an_index_that_another_writes_to_is_said_in_words(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    settled(additions)
    with index.writing():
        batch = take(additions)
    assert WORDS("site.busy_elsewhere") in render_job(batch, index, WORDS)
    (kept,) = kept_batches(index.folder)
    assert WORDS("site.busy_elsewhere") in render_job(kept, index, WORDS)
    additions.take_in(batch.id, WORDS)
    assert additions.wait(60)
    assert WORDS("site.busy_elsewhere") not in render_job(batch, index, WORDS)


def test_a_file_whose_report_is_there_counts_as_no_new_one(additions: Additions, index: Index) -> None:
    add(additions, ZONE, sample(ZONE))
    take(additions)
    edited = sample(ZONE).decode().replace("一、总体情况", "一、总体情况\n（打印件）", 1).encode()
    number = add(additions, "副本.txt", edited)
    batch = settled(additions)
    row = Review(batch, WORDS).row(by_name(batch)["副本.txt"])
    assert WORDS("adding.kept_there") in row
    additions.choose(batch.id, [number or 0], True)
    take(additions)
    told = render_job(batch, index, WORDS)
    counts = re.search(r'nb-job-counts">([^<]*)', told)
    assert counts is not None
    assert counts[1] == "1个文件与已有报告相同"
    assert len(index.reports()) == 1


def test_what_is_said_in_english_is_folded_away(additions: Additions) -> None:
    add(additions, "文.docx", b"not a docx")
    batch = settled(additions)
    row = Review(batch, WORDS).row(by_name(batch)["文.docx"])
    assert WORDS("problem.misnamed") in row
    assert '<details class="nb-added-original"><summary>' in row


# --- the page's calls


@pytest.fixture
def page(index: Index) -> Iterator[Page]:
    site = Site(Assistant(index))
    yield Page(site)
    assert site.additions.wait(60)


def test_an_empty_index_invites(page: Page) -> None:
    html = page.render(Visit(WORDS, {}))
    assert WORDS("adding.empty_heading") in html


def test_a_page_number_of_nonsense_is_the_first_page(page: Page) -> None:
    for number in ("-1", "x", "9" * 40, "²"):
        assert page.render(Visit(WORDS, {"page": number, "q": "<b>"}))


@pytest.mark.parametrize("batch", [None, 3, "../..", "20240101-000000-00000000", ["x"]])
def test_a_batch_that_is_none_is_a_sentence(page: Page, batch: object) -> None:
    for call in (page.take_in, page.stop, page.discard, page.choose, page.correct, page.restore):
        with pytest.raises(NianbaoError):
            call({"lang": "zh", "batch": batch, "said": {}, "files": None})


def test_a_report_that_is_none_is_a_sentence(page: Page) -> None:
    for report in (None, 3, "", "zzzz", "0" * 100_000):
        with pytest.raises(SaidError):
            page.removal({"lang": "zh", "report": report})


def test_only_what_changed_is_sent(page: Page, index: Index) -> None:
    additions = page._site.additions
    add(additions, ZONE, sample(ZONE))
    settled(additions)
    first = page.look({"lang": "zh"})
    (row,) = first["review"]["rows"]
    assert "开发区" in row["html"]
    assert "review" not in page.look({"lang": "zh", "version": first["version"]})
    again = page.look({"lang": "zh", "version": -1, "seen": {str(row["number"]): row["version"]}})
    assert again["review"]["rows"][0]["html"] is None
