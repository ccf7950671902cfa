"""From a report to its original: only what the index records, only if it is still that, and nothing of it runs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from ui.texts import texts
from ui.web.originals import disposition, original_link, page_link, routes
from ui.web.own_host import OwnHostOnly
from ui.web.reports.report_page import render_report_page
from ui.web.site import Site
from vectorstore.index import Index
from vectorstore.records import ReportPicture

pytest.importorskip("reportlab", reason="PDFs for tests are written with reportlab (pip install 'nianbao[dev]')")

NAME = "界石镇 2023年报“终稿”"
SENTENCE = "本年度共收到政府信息公开申请12件，均已按期答复。"
SECOND = "其他需要报告的事项为：没有收取信息处理费。"
TEXT = f"白石市柳河镇人民政府2023年政府信息公开工作年度报告\n\n一、总体情况\n{SENTENCE}\n六、其他\n{SECOND}\n"
HTML = (
    "<html><head><title>x</title></head><body><script>alert(1)</script>"
    + "".join(f"<p>{line}</p>" for line in TEXT.replace("柳河镇", "松岭镇").splitlines())
    + "</body></html>"
)


def pdf() -> bytes:
    """Two pages: the first sentence stands on the first, the second on the second."""
    from reportlab.pdfgen.canvas import Canvas

    from samples.line_breaking import FONT, load_font

    load_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for page in (
        ("白石市青溪镇人民政府2023年", "政府信息公开工作年度报告", "一、总体情况", SENTENCE[:12], SENTENCE[12:]),
        ("六、其他需要报告的事项", SECOND),
    ):
        y = 740
        for line in page:
            canvas.setFont(FONT, 14)
            canvas.drawString(72, y, line)
            y -= 30
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Served:
    """An index over three files and an archive's member, and a client of the addresses."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "reports"
        self.files.mkdir()
        (self.files / f"{NAME}.txt").write_text(TEXT, encoding="gb18030")
        (self.files / "page.html").write_text(HTML, encoding="utf-8")
        (self.files / "青溪镇.pdf").write_bytes(pdf())
        with zipfile.ZipFile(self.files / "more.zip", "w") as archive:
            archive.writestr("内/云岭镇.txt", TEXT.replace("柳河镇", "云岭镇").encode())
            archive.writestr("内/别的.txt", TEXT.replace("柳河镇", "别的镇").encode())
        with Index.open(folder / "index", create=True) as index:
            ingest([self.files], index)
        self.assistant = Assistant.open(folder / "index")
        self.index = self.assistant.index
        app = OwnHostOnly(Starlette(routes=routes(Site(self.assistant))))
        self.client = TestClient(app, follow_redirects=False)  # type: ignore[arg-type]
        self.folder = folder

    def id_of(self, town: str) -> str:
        return next(report.report_id for report in self.index.reports() if town in report.body)

    def get(self, path: str, **headers: str) -> Any:
        response = self.client.get(f"/{path}", headers=headers)
        # Whatever is answered names no place on the server's disk.
        assert str(self.folder) not in response.text if "text" in response.headers["content-type"] else True
        assert not any(str(self.folder) in value for value in response.headers.values())
        return response


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Shared by the tests that change nothing."""
    made = Served(tmp_path_factory.mktemp("originals"))
    yield made
    made.assistant.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """For a test that changes its files or its index."""
    made = Served(tmp_path)
    yield made
    made.assistant.close()


def test_a_text_is_shown_as_it_is_in_its_own_encoding(served: Served) -> None:
    response = served.get(original_link(served.id_of("柳河镇")))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=gb18030"
    assert response.content == TEXT.encode("gb18030")
    given = response.headers["content-disposition"]
    assert given.startswith("inline;")
    assert unquote(given.partition("filename*=UTF-8''")[2]) == f"{NAME}.txt"


def test_a_page_runs_nothing_and_can_be_downloaded(served: Served) -> None:
    shown = served.get(original_link(served.id_of("松岭镇")))
    assert shown.headers["content-type"] == "text/html"
    policies = shown.headers.get_list("content-security-policy")
    # Of several policies a browser keeps to all.
    assert any(policy.startswith("sandbox;") and "default-src 'none'" in policy for policy in policies)
    assert "allow-scripts" not in " ".join(policies)
    downloaded = served.get(original_link(served.id_of("松岭镇"), download=True).replace("&amp;", "&"))
    assert downloaded.headers["content-disposition"].startswith("attachment;")
    assert downloaded.headers["content-type"] == "application/octet-stream"
    assert downloaded.content == HTML.encode()


def test_a_pdf_is_shown_in_the_browser(served: Served) -> None:
    response = served.get(original_link(served.id_of("青溪镇")))
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline;")
    assert response.content.startswith(b"%PDF-")


def test_a_member_of_an_archive_is_found_in_it(served: Served) -> None:
    response = served.get(original_link(served.id_of("云岭镇")))
    assert response.content.decode() == TEXT.replace("柳河镇", "云岭镇")
    assert unquote(response.headers["content-disposition"]).endswith("''云岭镇.txt")


def test_a_name_with_what_cannot_be_seen_leads_to_its_file(own: Served) -> None:
    folder = own.files / "夹\u202e"
    folder.mkdir()
    (folder / "a\u202etxt.b.txt").write_text(TEXT.replace("柳河镇", "清水镇"), encoding="utf-8")
    with Index.open(own.folder / "index") as index:
        ingest([own.files], index)
    response = own.get(original_link(own.id_of("清水镇")))
    assert response.status_code == 200
    assert "清水镇" in response.content.decode()


def test_a_file_that_was_changed_or_has_gone_is_told_and_not_served(own: Served) -> None:
    report_id = own.id_of("柳河镇")
    path = own.files / f"{NAME}.txt"
    path.write_text("秘密", encoding="utf-8")
    changed = own.get(original_link(report_id))
    assert (changed.status_code, "原文件已被改动" in changed.text, "秘密" in changed.text) == (410, True, False)
    path.unlink()
    gone = own.get(original_link(report_id), **{"accept-language": "en-GB"})
    assert gone.status_code == 410
    assert "Put it back, or add it anew" in gone.text
    (own.files / "more.zip").unlink()
    assert own.get(original_link(own.id_of("云岭镇"))).status_code == 410


ATTEMPTS = [
    "nb/original/../../../../etc/passwd",
    "nb/original/..%2f..%2f..%2fetc%2fpasswd",
    "nb/original/%2fetc%2fpasswd",
    "nb/original/{id}%2f..%2f..%2fetc%2fpasswd",
    "nb/original/{id}?file=../../etc/passwd",
    "nb/original/{id}?file=0",
    "nb/original/{id}?file=-1",
    "nb/original/{id}?file=2",
    "nb/original/{id}?file=１",
    "nb/original/{short}",
    "nb/original/%00",
    "nb/original/ffffffffffffffff",
    "nb/original/*",
    "nb/original/%25",
    "nb/picture/{id}/0",
    "nb/picture/{id}/1",
    "nb/picture/{id}/-1",
    "nb/picture/../1",
    "nb/page/{id}/1",
    "nb/page/{id}/1.png",
    "nb/page/{pdf}/0",
    "nb/page/{pdf}/3",
    "nb/page/{pdf}/99999999999999999999.png",
    "nb/page/..%2f..%2fetc/1",
    # Python reads no number of so many digits.
    "nb/page/{pdf}/" + "9" * 5_000 + ".png",
    "nb/page/{pdf}/" + "9" * 5_000,
    "nb/page/{pdf}/1x",
    "nb/page/{pdf}/１",
    "nb/picture/{id}/" + "9" * 5_000,
    "nb/original/" + "9" * 60_000,
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_the_index_does_not_record_is_not_there(served: Served, attempt: str) -> None:
    report_id = served.id_of("柳河镇")
    path = attempt.format(id=report_id, short=report_id[:6], pdf=served.id_of("青溪镇"))
    response = served.get(path)
    assert response.status_code == 404
    assert "root:" not in response.text


def test_a_place_of_a_pdf_leads_to_its_page(served: Served) -> None:
    report_id = served.id_of("青溪镇")
    text = served.index.text(report_id)
    for words, page in ((SENTENCE[:8], 1), (SECOND[:8], 2)):
        at = f"{text.index(words)}-{text.index(words) + len(words)}"
        html = render_report_page(Site(served.assistant), {"id": report_id, "at": at}, texts("zh"))
        assert f"原件第{page}页" in html


def test_a_page_of_the_pdf_shows_the_cited_words_marked(served: Served) -> None:
    report_id = served.id_of("青溪镇")
    start = served.index.text(report_id).replace("\n", " ").index(SENTENCE[:6])
    marked = served.get(page_link(report_id, 1, start, start + len(SENTENCE)))
    assert marked.status_code == 200
    assert "所引的文字已在页面上标出" in marked.text
    assert f'href="reports?id={report_id}&amp;at={start}-{start + len(SENTENCE)}"' in marked.text
    assert '<base href="../../../">' in marked.text
    assert f"nb/page/{report_id}/2?at=" in marked.text
    elsewhere = served.get(page_link(report_id, 2, start, start + len(SENTENCE)))
    assert "未能在这一页上定位" in elsewhere.text


def test_the_marks_lie_where_the_words_are(served: Served) -> None:
    from ingest.pdf.page_pictures import picture_page

    drawn = picture_page(pdf(), "1.pdf", 1, quote=SENTENCE)
    # The sentence was drawn in two lines: baselines 650 and 620 of 842 points, from 72 of 595.
    assert drawn.pages == 2
    assert len(drawn.marks) == 2
    for mark, baseline in zip(drawn.marks, (650, 620), strict=True):
        assert mark.top < 1 - baseline / 842 < mark.bottom + 0.01
        assert mark.left == pytest.approx(72 / 595, abs=0.01)
    assert picture_page(pdf(), "1.pdf", 1, quote="没有这句话").marks == ()


def test_the_picture_of_a_page_has_yellow_where_the_mark_is(served: Served) -> None:
    pil = pytest.importorskip("PIL.Image", reason="Pillow isn't installed")
    report_id = served.id_of("青溪镇")
    start = served.index.text(report_id).replace("\n", " ").index(SENTENCE[:6])
    plain, marked = (
        pil.open(io.BytesIO(served.get(f"nb/page/{report_id}/1.png{query}").content)).convert("RGB")
        for query in ("", f"?at={start}-{start + len(SENTENCE)}")
    )
    width, height = plain.size
    assert height > width > 800
    yellow = (255, 0xD2, 0x4E)
    assert yellow not in {colour for _, colour in plain.getcolors(1 << 24)}
    assert yellow in {colour for _, colour in marked.getcolors(1 << 24)}


def test_a_zoom_that_is_none_is_the_usual_one(served: Served) -> None:
    report_id = served.id_of("青溪镇")
    for zoom in ("1e9", "-1", "nan", "", "3"):
        assert served.get(f"nb/page/{report_id}/1.png?zoom={zoom}").status_code == 200
    for at in ("5-3", "x", "999999999-1", "0-999999999", "%00"):
        assert served.get(f"nb/page/{report_id}/1?at={at}").status_code == 200


def with_pictures(own: Served, *pictures: tuple[bytes, str]) -> str:
    """The id of a report that is put again with pictures at its second sentence."""
    report_id = own.id_of("柳河镇")
    contents = own.index.contents(report_id)
    start = contents.text.index(SECOND)
    kept = tuple(ReportPicture(start + n, start + n + 1, image, sort) for n, (image, sort) in enumerate(pictures))
    with own.index.writing() as writer:
        writer.put(replace(contents, pictures=kept))
    return report_id


def test_the_picture_of_a_table_is_served_and_nothing_that_is_no_picture(own: Served) -> None:
    report_id = with_pictures(own, (png(), "image/png"), (b"<svg onload='alert(1)'/>", "image/svg+xml"))
    shown = own.get(f"nb/picture/{report_id}/1")
    assert (shown.status_code, shown.headers["content-type"], shown.content) == (200, "image/png", png())
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert own.get(f"nb/picture/{report_id}/2").status_code == 404
    assert own.get(f"nb/picture/{report_id}/3").status_code == 404


def test_a_name_cannot_add_to_a_header() -> None:
    given = disposition('a"\r\nx: y/../甲.pdf', is_shown=True)
    assert "\r" not in given
    assert "\n" not in given
    assert given.encode("ascii")
    assert given.count('"') == 2


def test_pictures_stand_in_the_text_where_their_tables_belong(own: Served) -> None:
    from ui.web.reports.report_text import Highlight, render_report

    report_id = with_pictures(own, (png(), "image/png"))
    report, text = own.index.report(report_id), own.index.text(report_id)
    pictures = own.index.pictures(report_id)
    start = text.index(SECOND)
    plain = render_report(report, text, (), (), texts("zh"), pictures)
    assert plain.count("<img ") == 1
    assert f'src="nb/picture/{report_id}/1" loading="lazy"' in plain
    assert plain.index("总体情况") < plain.index("<img ") < plain.index(SECOND[1:])
    assert "nb-cited" not in plain
    cited = render_report(report, text, (), (Highlight(start, start + 1, "cited"),), texts("zh"), pictures)
    assert '<figure class="nb-picture nb-cited"' in cited
    assert "引用的就是这张图片" in cited
