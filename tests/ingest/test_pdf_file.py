"""Reading PDF files: what is printed comes back as a report, whatever way it was printed."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.documents import Document, Line, Picture, Table
from ingest.pdf.file import read_pdf
from ingest.pictures import optical_recognition
from ingest.pictures.optical_recognition import Recognition, Word
from ingest.understanding import understand
from samples.composition import Subject, compose
from samples.county import invent_territories
from samples.draft import Draft, FormTable, Heading, Paragraph
from samples.generator import generate
from samples.grid import grid
from samples.history import live_through
from samples.line_breaking import FONT, break_lines, load_font
from samples.pdf_writing import Looks, PdfReport
from vectorstore.errors import ReadError
from vectorstore.records import ReportContents, State
from vectorstore.resolution import failed_cells, resolve

pytest.importorskip("reportlab", reason="PDFs for tests are written with reportlab (pip install 'nianbao[dev]')")

SENTENCE = "2023年，我镇共收到政府信息公开申请12件，均已按期答复。"
PAGE = (595, 842)


def drafts(count: int, seed: int = 31) -> Iterator[Draft]:
    """Sound drafts without deviations."""
    made = 0
    for territory in invent_territories(seed):
        for body in territory.bodies:
            history = live_through(body, (2023,), random.Random(f"{seed} {body.slug}"), {})
            for year, figures in history:
                yield compose(Subject(territory, body, year, figures), random.Random(f"{seed} {body.slug} {year}"))
                made += 1
                if made == count:
                    return


def printed(draw: Callable[[Any], None], **options: Any) -> bytes:
    """A PDF that ``draw`` draws on a canvas."""
    from reportlab.pdfgen.canvas import Canvas

    load_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def write(canvas: Any, *lines: str, x: float = 72, y: float = 750, size: float = 14) -> None:
    for line in lines:
        canvas.setFont(FONT, size)
        canvas.drawString(x, y, line)
        y -= 1.7 * size


def lines_of(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if isinstance(block, Line)]


def stated(contents: ReportContents) -> dict[str, float]:
    """Every value that the report states of its own body and year."""
    return {
        resolution.metric + (f"__{resolution.column}" if resolution.column else ""): float(resolution.value)
        for resolution in resolve(contents.figures, failed_cells(contents.checks))
        if (resolution.body_id, resolution.year) == (contents.report.body_id, contents.report.year)
        and resolution.value is not None
        and resolution.state is State.STATED
    }


@pytest.mark.parametrize("report", list(generate(12, seed=53, formats=("pdf",))), ids=lambda report: report.file)
def test_every_figure_of_a_printed_report_is_read_and_none_invented(report: Any) -> None:
    truth = report.truth
    found = stated(understand(read_pdf(report.data, report.file)))
    expected = {metric: value for metric, value in truth["figures"].items() if metric != "litigation_total"}
    wrong = {metric: (value, expected.get(metric)) for metric, value in found.items() if metric in expected}
    assert {metric: pair for metric, pair in wrong.items() if pair[0] != pair[1]} == {}
    assert not [metric for metric in truth["absent"] if metric in found]


def _cells(draft: Draft) -> dict[str, float]:
    return {
        metric: float(value)
        for block in draft.blocks
        if isinstance(block, FormTable)
        for metric, value in block.readings()
    }


@pytest.mark.parametrize("rulings", ["boxes", "lines", "bars", "long lines", "open"])
def test_tables_are_whole_however_they_are_ruled_and_torn(rulings: str) -> None:
    for draft, tears_rows, repeats_header in zip(drafts(4), (0, 1, 0, 1), (0, 0, 1, 1), strict=True):
        size = 11 + 2 * tears_rows + repeats_header
        looks = Looks(size=size, rulings=rulings, tears_rows=bool(tears_rows), repeats_header=bool(repeats_header))
        document = read_pdf(PdfReport(draft, looks).write(), "report.pdf")
        found = stated(understand(document))
        assert {metric: found.get(metric) for metric in _cells(draft)} == _cells(draft)
        if rulings != "open":
            assert sum(isinstance(block, Table) for block in document.blocks) == 3


def test_tables_without_rulings_give_right_values_or_none() -> None:
    read = 0
    for draft in drafts(3):
        expected = _cells(draft)
        document = read_pdf(PdfReport(draft, Looks(rulings="none")).write(), "report.pdf")
        found = {metric: value for metric, value in stated(understand(document)).items() if metric in expected}
        assert found.items() <= expected.items()
        read += len(found)
    assert read > 200


def test_prose_comes_back_sentence_by_sentence_without_lost_or_invented_digits() -> None:
    for draft in drafts(3):
        for tears_numbers in (False, True):
            looks = Looks(header=draft.title, numbering="第{}页 共{}页", tears_numbers=tears_numbers)
            document = read_pdf(PdfReport(draft, looks).write(), "report.pdf")
            text = "".join(document.text.split())
            for sentence in draft.sentences():
                assert "".join(sentence.text().split()) in text
            assert not re.search(r"第\d+页", text)
            assert text.count("".join(draft.title.split())) == 1


def test_every_block_has_its_page_and_spans_slice_back() -> None:
    report = PdfReport(next(drafts(1)), Looks())
    document = read_pdf(report.write(), "report.pdf")
    pages = [block.page for block in document.blocks]
    assert all(page is not None for page in pages)
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert pages[-1] == len(report.pages)
    covered = set()
    for block in document.blocks:
        covered.update(range(block.span.start, block.span.end))
    assert all(document.text[at].isspace() for at in range(len(document.text)) if at not in covered)


def test_a_merged_cell_stands_once_at_its_place_in_the_grid() -> None:
    document = read_pdf(PdfReport(next(drafts(1)), Looks(size=11)).write(), "report.pdf")
    dispute = [block for block in document.blocks if isinstance(block, Table)][-1]
    first, second = dispute.rows[0], dispute.rows[1]
    assert [(c.column, c.column_span) for c in first] == [(0, 5), (5, 10)]
    assert (second[0].row_span, second[0].span.of(document.text)) == (2, "结果维持")
    assert len(dispute.rows[3]) == 15


def test_a_table_across_a_turned_page_is_read() -> None:
    draft = next(drafts(1))
    document = read_pdf(PdfReport(draft, Looks(turns_tables=True)).write(), "report.pdf")
    found = stated(understand(document))
    assert {metric: found.get(metric) for metric in _cells(draft)} == _cells(draft)


def test_text_is_read_upright_whichever_way_the_page_or_the_text_is_turned() -> None:
    def on_turned_page(canvas: Any) -> None:
        canvas.setPageRotation(90)
        turned_text(canvas)

    def turned_text(canvas: Any) -> None:
        canvas.saveState()
        canvas.translate(595, 0)
        canvas.rotate(90)
        write(canvas, "一、总体情况", SENTENCE, x=60, y=500)
        canvas.restoreState()

    for draw in (on_turned_page, turned_text):
        assert lines_of(read_pdf(printed(draw), "report.pdf")) == ["一、总体情况", SENTENCE]


def test_what_cannot_be_seen_is_not_read() -> None:
    def draw(canvas: Any) -> None:
        write(canvas, SENTENCE)
        canvas.saveState()
        hidden = canvas.beginText(72, 600)
        hidden.setFont(FONT, 14)
        hidden.setTextRenderMode(3)
        hidden.textLine("隐形的999件")
        canvas.drawText(hidden)
        canvas.restoreState()
        canvas.setFillColorRGB(1, 1, 1)
        write(canvas, "白纸白字888件", y=500)
        canvas.setFillColorRGB(0, 0, 0)
        write(canvas, "页外的777件", y=-200)

    def with_crop(canvas: Any) -> None:
        canvas.setCropBox((0, 300, 595, 842))
        draw(canvas)
        write(canvas, "裁掉的666件", y=100)

    assert lines_of(read_pdf(printed(draw), "report.pdf")) == [SENTENCE]
    assert lines_of(read_pdf(printed(with_crop), "report.pdf")) == [SENTENCE]


def test_white_words_on_a_coloured_bar_are_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(0, 0, 0.5)
        canvas.rect(60, 740, 400, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        write(canvas, SENTENCE)

    assert lines_of(read_pdf(printed(draw), "report.pdf")) == [SENTENCE]


def test_words_printed_twice_for_boldness_are_read_once_and_double_digits_stay() -> None:
    def draw(canvas: Any) -> None:
        for shift in (0, 0.3):
            write(canvas, "行政处罚11155件，行政许可2200件。", x=72 + shift, size=7)

    assert lines_of(read_pdf(printed(draw), "report.pdf")) == ["行政处罚11155件，行政许可2200件。"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = break_lines("左栏说的是主动公开，全年公开信息一百多条。" * 9, 12, 216, 24)
    right = break_lines("右栏说的是依申请公开，本年收到申请12件。" * 9, 12, 216, 24)

    def draw(canvas: Any) -> None:
        write(canvas, "白石镇2023年政府信息公开工作年度报告的全文在此分两栏印出", y=790, x=100)
        for x, lines in ((60, left), (320, right)):
            write(canvas, lines[0], x=x + 24, y=750, size=12)
            write(canvas, *lines[1:], x=x, y=750 - 1.7 * 12, size=12)

    lines = lines_of(read_pdf(printed(draw), "report.pdf"))
    assert lines[1:] == ["".join(left), "".join(right)]


def test_a_number_wider_than_its_cell_gives_no_digit_to_its_neighbours() -> None:
    def draw(canvas: Any) -> None:
        for column in range(4):
            for row in range(3):
                canvas.rect(72 + 30 * column, 600 + 20 * row, 30, 20)
        for column, text in enumerate(("7", "1234567", "8", "0")):
            canvas.setFont(FONT, 10)
            canvas.drawCentredString(87 + 30 * column, 606, text)

    document = read_pdf(printed(draw), "report.pdf")
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [cell.span.of(document.text) for cell in table.rows[2]] == ["7", "1234567", "8", "0"]


def test_a_watermark_across_the_page_is_not_read() -> None:
    def draw(canvas: Any) -> None:
        write(canvas, SENTENCE)
        canvas.rotate(45)
        write(canvas, "内部资料2099件", x=400, y=100, size=40)

    assert lines_of(read_pdf(printed(draw), "report.pdf")) == [SENTENCE]


def test_radicals_in_place_of_ideographs_are_mended_and_wide_digits_stay() -> None:
    document = read_pdf(printed(lambda canvas: write(canvas, "⼀、⼈⼤⼯作１２件")), "report.pdf")
    assert document.text.strip() == "一、人大工作１２件"


def test_a_picture_in_the_place_of_a_table_is_carried_and_a_logo_is_not() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (800, 300), (200, 220, 240)))

    def draw(canvas: Any) -> None:
        canvas.drawImage(picture, 480, 780, 60, 40)
        write(canvas, "二、主动公开政府信息情况")
        canvas.drawImage(picture, 72, 560, 450, 150)
        write(canvas, "五、存在的主要问题及改进情况", y=520)

    document = read_pdf(printed(draw), "report.pdf")
    assert [type(block) for block in document.blocks] == [Line, Picture, Line]
    shown = document.blocks[1]
    assert isinstance(shown, Picture) and shown.image is not None and shown.image.startswith(b"\x89PNG")
    assert Image.open(io.BytesIO(shown.image)).size == (pytest.approx(800, abs=10), pytest.approx(267, abs=10))


def test_strips_of_one_picture_are_one_picture() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    strip = ImageReader(Image.new("RGB", (800, 100), (200, 220, 240)))

    def draw(canvas: Any) -> None:
        write(canvas, SENTENCE)
        for number in range(3):
            canvas.drawImage(strip, 72, 600 - 50 * number, 450, 50)

    document = read_pdf(printed(draw), "report.pdf")
    assert sum(isinstance(block, Picture) for block in document.blocks) == 1


def test_a_ground_that_words_are_printed_on_is_no_picture() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    ground = ImageReader(Image.new("RGB", (600, 800), (250, 240, 230)))

    def draw(canvas: Any) -> None:
        canvas.drawImage(ground, 0, 0, *PAGE)
        write(canvas, "一、总体情况", SENTENCE)

    document = read_pdf(printed(draw), "report.pdf")
    assert lines_of(document) == ["一、总体情况", SENTENCE]
    assert len(document.blocks) == 2


def test_a_file_that_needs_a_password_says_so() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = printed(lambda c: write(c, SENTENCE), encrypt=StandardEncryption("user", "owner", strength=128))
    with pytest.raises(ReadError, match="needs a password"):
        read_pdf(locked, "report.pdf")


def test_a_file_that_may_not_be_copied_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    guarded = StandardEncryption("", "owner", canPrint=0, canCopy=0, strength=128)
    assert lines_of(read_pdf(printed(lambda c: write(c, SENTENCE), encrypt=guarded), "report.pdf")) == [SENTENCE]


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_one_clear_line(part: float) -> None:
    whole = PdfReport(next(drafts(1)), Looks()).write()
    with pytest.raises(ReadError) as caught:
        read_pdf(whole[: int(len(whole) * part)], "report.pdf")
    assert "report.pdf" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"%PDF-1.7\n" + random.Random(1).randbytes(4000), "damaged"),
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj",
            "damaged",
        ),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(data: bytes, problem: str) -> None:
    with pytest.raises(ReadError, match=problem):
        read_pdf(data, "report.pdf")


def test_bytes_gone_wrong_give_a_report_or_a_sentence_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    rng = random.Random(5)
    whole = printed(lambda canvas: write(canvas, "一、总体情况", "\u3000\u3000", SENTENCE))
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            document = read_pdf(bytes(damaged), "report.pdf")
        except ReadError as error:
            assert "report.pdf" in str(error)
        else:
            assert document.blocks


def test_empty_pages_are_refused_with_a_sentence() -> None:
    with pytest.raises(ReadError, match="holds no text"):
        read_pdf(printed(lambda canvas: canvas.showPage()), "report.pdf")


def test_a_file_of_more_pages_than_any_report_has_is_refused() -> None:
    with pytest.raises(ReadError, match="501 pages"):
        read_pdf(printed(lambda canvas: [canvas.showPage() for _ in range(501)] and None), "report.pdf")


def test_a_page_of_endless_characters_is_refused() -> None:
    def draw(canvas: Any) -> None:
        for _ in range(20):
            write(canvas, *["字" * 80] * 40, y=800, size=5)

    with pytest.raises(ReadError, match="more than a page can"):
        read_pdf(printed(draw), "report.pdf")


def test_a_page_crossed_by_lines_without_end_is_still_read() -> None:
    def draw(canvas: Any) -> None:
        write(canvas, SENTENCE)
        for number in range(600):
            canvas.line(50, 100 + number, 550, 100 + number)
            canvas.line(50 + number / 2, 100, 50 + number / 2, 700)

    assert SENTENCE in read_pdf(printed(draw), "report.pdf").text


def test_scripts_in_a_file_do_nothing() -> None:
    data = printed(lambda canvas: write(canvas, SENTENCE))
    script = data.replace(b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Type /Catalog")
    assert lines_of(read_pdf(script, "report.pdf")) == [SENTENCE]


def test_a_scan_without_recognition_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    with pytest.raises(ReadError, match=r"nianbao\[ocr\]"):
        read_pdf(_scan(), "report.pdf")


def test_a_scanned_page_among_others_is_a_picture_where_recognition_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    document = read_pdf(_scan(first="一、总体情况"), "report.pdf")
    assert [type(block) for block in document.blocks] == [Line, Picture]
    assert document.blocks[1].page == 2


@pytest.mark.parametrize("typed", ["", "— 3 —"])
def test_a_scanned_page_is_recognised_also_where_its_number_is_typed(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _recognise(monkeypatch, Word("收到申请12件", 300, 300, 700, 340, 0.99))
    document = read_pdf(_scan(typed=typed), "report.pdf")
    assert lines_of(document) == ["收到申请12件"]
    assert document.metadata == {"recognized": "1"}
    assert [span.of(document.text) for span in document.recognized] == ["收到申请12件"]


def test_a_picture_that_fills_a_page_below_a_typed_heading_is_recognised_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _recognise(monkeypatch, Word("收到申请12件", 100, 300, 500, 340, 0.99))
    document = read_pdf(_scan(typed="三、收到和处理政府信息公开申请情况", height=650), "report.pdf")
    assert lines_of(document) == ["三、收到和处理政府信息公开申请情况", "收到申请12件"]
    assert [span.of(document.text) for span in document.recognized] == ["收到申请12件"]


def test_characters_that_no_font_explains_are_recognised_from_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    _recognise(monkeypatch, Word("收到申请12件", 300, 300, 700, 340, 0.99))
    garbled = printed(lambda canvas: write(canvas, "鼷鼢鼧鼨鼩鼪鼫鼬鼭鼮鼯鼱鼲鼳鼴" * 2))
    assert lines_of(read_pdf(garbled, "report.pdf")) == ["收到申请12件"]


def _recognise(monkeypatch: pytest.MonkeyPatch, word: Word) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: True)
    monkeypatch.setattr(optical_recognition, "recognize", lambda image: (word,))
    monkeypatch.setattr(
        optical_recognition, "recognize_lines", lambda crops: tuple(Recognition(word.text, 0.99) for _ in crops)
    )


def _scan(first: str | None = None, typed: str = "", height: float = 842) -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Any) -> None:
        if first:
            write(canvas, first)
            canvas.showPage()
        canvas.drawImage(ImageReader(Image.new("L", (600, 800), 230)), 0, 0, PAGE[0], height)
        if typed:
            write(canvas, typed, x=200, y=780 if height < 800 else 30)

    return printed(draw)


def test_a_page_covered_by_its_scan_is_not_read_from_the_text_below(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Any) -> None:
        write(canvas, "别人识别的72件，没有人核对过这些数字。")
        canvas.drawImage(ImageReader(Image.new("L", (600, 800), 230)), 0, 0, *PAGE)

    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    with pytest.raises(ReadError, match=r"nianbao\[ocr\]"):
        read_pdf(printed(draw), "report.pdf")


def test_the_title_of_the_properties_is_kept_only_if_it_is_one() -> None:
    def titled(title: str) -> dict[str, str]:
        def draw(canvas: Any) -> None:
            canvas.setTitle(title)
            write(canvas, SENTENCE)

        return read_pdf(printed(draw), "report.pdf").metadata

    assert titled("白石镇2023年政府信息公开工作年度报告") == {"title": "白石镇2023年政府信息公开工作年度报告"}
    assert titled("Microsoft Word - 年度报告.doc") == {}
    assert titled("untitled") == {}


def _word_file(draft: Draft) -> bytes:
    from docx import Document as WordDocument

    word = WordDocument()
    word.add_paragraph(draft.title)
    for block in draft.blocks:
        if isinstance(block, Heading):
            word.add_paragraph(block.text())
        elif isinstance(block, Paragraph):
            word.add_paragraph("".join(sentence.text() for sentence in block.sentences))
        elif isinstance(block, FormTable):
            rows = grid(block)
            width = max(cell.column + cell.column_span for row in rows for cell in row)
            table = word.add_table(len(rows), width, style="Table Grid")
            for cell in (cell for row in rows for cell in row):
                last = table.cell(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
                table.cell(cell.row, cell.column).merge(last).text = cell.text
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


@pytest.mark.integration
def test_what_an_office_suite_prints_gives_the_same_figures(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    draft = next(drafts(1))
    source = tmp_path / "report.docx"
    source.write_bytes(_word_file(draft))
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], capture_output=True, timeout=120, check=False)
    result = tmp_path / "report.pdf"
    if not result.exists():
        pytest.skip("LibreOffice could not print here")
    found = stated(understand(read_pdf(result.read_bytes(), "report.pdf")))
    assert {metric: found.get(metric) for metric in _cells(draft)} == _cells(draft)


def test_the_same_draft_gives_the_same_bytes() -> None:
    draft = next(drafts(1))
    looks = replace(Looks(), tears_rows=True)
    assert PdfReport(draft, looks).write() == PdfReport(draft, looks).write()
