"""Reading pages that are images, with a stand-in for the recognition so that only our part is tested."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from ingest.document_writer import DocumentWriter
from ingest.documents import Document, Line
from ingest.pages.page_flow import write_pages
from ingest.pages.page_layout import PagePicture, TextLine
from ingest.pictures import optical_recognition
from ingest.pictures.optical_recognition import Recognition, Word
from ingest.pictures.page_images import decode_picture, deskew, encode_png, find_lean, turned
from ingest.pictures.picture_file import read_picture_file
from ingest.pictures.recognized_figures import weigh_figures, weigh_mentions
from ingest.pictures.scanned_pages import read_page_image
from vectorstore.errors import ReadError
from vectorstore.records import Figure, Mention, Origin, Span, State

numpy = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2", reason="pages as images need the extra nianbao[ocr]")
pytest.importorskip("PIL", reason="pages as images need the extra nianbao[ocr]")

Recognized = Callable[[Sequence[Word], dict[str, Recognition] | None], None]


def blank(width: int = 1654, height: int = 2339) -> Any:
    return numpy.full((height, width, 3), 255, numpy.uint8)


def ruled(image: Any, left: int, top: int, right: int, bottom: int, step: int = 60) -> Any:
    for y in range(top, bottom + 1, step):
        cv2.line(image, (left, y), (right, y), (0, 0, 0), 2)
    for x in range(left, right + 1, 4 * step):
        cv2.line(image, (x, top), (x, bottom), (0, 0, 0), 2)
    return image


def word(text: str, left: int, top: int, confidence: float = 0.99, height: int = 40) -> Word:
    return Word(text, left, top, left + height * len(text), top + height, confidence)


@pytest.fixture
def recognized(monkeypatch: pytest.MonkeyPatch) -> Recognized:
    """Sets what the recognition finds, and what a second look at a line says where it differs."""

    def set_words(words: Sequence[Word], again: dict[str, Recognition] | None = None) -> None:
        numbered = [w for w in sorted(words, key=lambda w: (w.top, w.left)) if any(c.isdigit() for c in w.text)]

        def second_look(crops: Sequence[Any]) -> tuple[Recognition, ...]:
            return tuple((again or {}).get(w.text, Recognition(w.text, 0.99)) for w in numbered[: len(crops)])

        monkeypatch.setattr(optical_recognition, "is_available", lambda: True)
        monkeypatch.setattr(optical_recognition, "recognize", lambda image: tuple(words))
        monkeypatch.setattr(optical_recognition, "recognize_lines", second_look)

    return set_words


def test_words_become_lines_and_tables_become_pictures(recognized: Recognized) -> None:
    image = ruled(blank(), 200, 600, 1400, 1200)
    recognized([word("一、总体情况", 200, 200), word("12", 500, 700), word("五、存在的问题", 200, 1400)], None)
    page = read_page_image(image, 3)
    assert [type(item) for item in page.items] == [TextLine, PagePicture, TextLine]
    table = page.items[1]
    assert isinstance(table, PagePicture) and table.image is not None and table.image.startswith(b"\x89PNG")
    assert table.box.width == pytest.approx(1200 / 1654 * 595, abs=12)


def test_pieces_of_a_line_are_put_side_by_side_and_numbers_kept_apart(recognized: Recognized) -> None:
    recognized([word("共收到申请", 200, 300), word("件", 620, 303), word("12", 480, 296), word("34", 900, 301)], None)
    lines = [item.text for item in read_page_image(blank(), 1).items if isinstance(item, TextLine)]
    assert [line.replace("请 ", "请") for line in lines] == ["共收到申请12 件 34"]


def test_a_number_that_two_readings_give_differently_is_doubtful(recognized: Recognized) -> None:
    first, second = word("收到申请99件", 200, 300), word("办结12件", 200, 500)
    recognized([first, second], {"收到申请99件": Recognition("收到申请66件", 0.98)})
    lines = [item for item in read_page_image(blank(), 1).items if isinstance(item, TextLine)]
    assert [line.doubtful for line in lines] == [True, False]
    assert all(line.recognized for line in lines)


def test_a_line_of_low_confidence_is_doubtful(recognized: Recognized) -> None:
    recognized([word("未收到申请", 200, 300, confidence=0.7), word("本机关", 200, 500)], None)
    lines = [item for item in read_page_image(blank(), 1).items if isinstance(item, TextLine)]
    assert [line.doubtful for line in lines] == [True, False]


def test_specks_are_no_words(recognized: Recognized) -> None:
    recognized([word("丿", 200, 300, confidence=0.3), word("一、总体情况", 200, 500)], None)
    assert len(read_page_image(blank(), 1).items) == 1


def _document(*lines: TextLine) -> Document:
    from ingest.pages.page_layout import Page

    writer = DocumentWriter()
    write_pages([Page(1, 595, 842, list(lines))], writer)
    return writer.document("scan.png")


def _lines(*texts: tuple[str, bool]) -> list[TextLine]:
    from ingest.pages.page_layout import Area

    size = 14.0
    return [
        TextLine(text, Area(72, 100 + 24 * n, 72 + size * len(text), 114 + 24 * n), size, True, doubtful)
        for n, (text, doubtful) in enumerate(texts)
    ]


def _figure(document: Document, quote: str, value: int, origin: Origin = Origin.NARRATIVE) -> Figure:
    start = document.text.index(quote)
    return Figure(
        "r", "b", "applications_new", None, 2023, Decimal(value), State.STATED, "件", origin, start, start + len(quote)
    )


def test_figures_of_doubtful_lines_are_unreadable_and_others_say_that_they_were_recognized() -> None:
    document = _document(*_lines(("共收到申请12件。", False), ("共办结申请99件。", True)))
    certain, doubtful = weigh_figures(
        document, [_figure(document, "收到申请12件", 12), _figure(document, "办结申请99件", 99)]
    )
    assert (certain.value, certain.state) == (12, State.STATED)
    assert certain.note
    assert (doubtful.value, doubtful.state) == (None, State.UNREADABLE)
    assert doubtful.note


def test_a_table_cell_of_recognized_lines_is_unreadable_and_a_certified_picture_stays() -> None:
    document = _document(*_lines(("行政许可12", False)))
    cell = _figure(document, "12", 12, Origin.TABLE)
    picture = _figure(document, "12", 12, Origin.IMAGE)
    assert [figure.state for figure in weigh_figures(document, [cell, picture])] == [State.UNREADABLE, State.STATED]


def test_mentions_of_doubtful_lines_are_left_out() -> None:
    document = _document(*_lines(("组织培训3场。", True), ("印发手册500份。", False)))
    mentions = [
        Mention("r", "b", 2023, Decimal(n), u, c, None, start, start + 2)
        for n, u, c, start in ((3, "场", "培训", 4), (500, "份", "手册", document.text.index("500")))
    ]
    assert [mention.value for mention in weigh_mentions(document, mentions)] == [500]


def test_only_the_doubtful_line_of_a_paragraph_is_doubtful() -> None:
    full = "政" * 32
    document = _document(*_lines((full, False), (full, True), ("完", False)))
    assert len([block for block in document.blocks if isinstance(block, Line)]) == 1
    assert document.doubtful == (Span(31, 64),)
    assert document.recognized == (Span(0, 65),)


@pytest.mark.parametrize("lean", [-2.0, -0.7, 0.4, 1.3])
def test_a_leaning_page_is_set_straight(lean: float) -> None:
    image = ruled(blank(), 200, 300, 1400, 1500)
    for y in range(1600, 2200, 45):
        cv2.putText(image, "the quick brown fox jumps over lazy dogs", (200, y), 0, 1.4, (0, 0, 0), 3)
    crooked = turned(image, lean)
    assert find_lean(crooked) == pytest.approx(-lean, abs=0.15)
    assert find_lean(deskew(crooked)) == pytest.approx(0, abs=0.12)


def test_a_page_without_lines_is_left_as_it_is() -> None:
    noise = numpy.random.default_rng(1).integers(0, 255, (800, 600, 3), dtype=numpy.uint8)
    assert find_lean(blank()) == 0
    assert deskew(noise) is noise


@pytest.mark.parametrize("shape", [(7, 5, 3), (1, 1, 3), (40, 30)])
def test_a_png_holds_the_very_pixels(shape: tuple[int, ...]) -> None:
    image = numpy.random.default_rng(2).integers(0, 255, shape, dtype=numpy.uint8)
    read = cv2.imdecode(numpy.frombuffer(encode_png(image), numpy.uint8), cv2.IMREAD_UNCHANGED)
    assert (read == image).all()


def _file(picture: Any, format_name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_name, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_every_picture_format_is_read(format_name: str, recognized: Recognized) -> None:
    from PIL import Image

    recognized([word("一、总体情况", 200, 300), word("收到申请12件", 200, 500)], None)
    document = read_picture_file(_file(Image.new("RGB", (1654, 2339), "white"), format_name), "page.x")
    assert document.text == "一、总体情况\n收到申请12件\n"
    assert document.metadata["recognized"] == "1"
    assert all(block.page == 1 for block in document.blocks)


def test_the_pages_of_a_tiff_are_numbered(recognized: Recognized) -> None:
    from PIL import Image

    recognized([word("一、总体情况", 200, 700)], None)
    pages = [Image.new("L", (800, 1100), 255) for _ in range(3)]
    document = read_picture_file(_file(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "pages.tif")
    assert [block.page for block in document.blocks] == [1, 2, 3]


def test_a_transparent_picture_stands_on_white() -> None:
    from PIL import Image

    (image,) = decode_picture(_file(Image.new("RGBA", (1700, 900), (0, 0, 0, 0)), "PNG"), "page.png")
    assert image.shape == (900, 1700, 3)
    assert image.min() == 255


def test_small_pictures_are_enlarged_and_large_ones_reduced() -> None:
    from PIL import Image

    (small,) = decode_picture(_file(Image.new("L", (500, 700), 255), "PNG"), "page.png")
    (large,) = decode_picture(_file(Image.new("L", (6000, 9000), 255), "PNG"), "page.png")
    assert small.shape[:2] == (1600, 1143)
    assert max(large.shape) == 3600


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), random.Random(1).randbytes(3000)])
def test_a_damaged_picture_is_one_clear_line(data: bytes, recognized: Recognized) -> None:
    recognized([], None)
    with pytest.raises(ReadError, match=r"page\.png is not a picture that can be read"):
        read_picture_file(data, "page.png")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(recognized: Recognized) -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    recognized([], None)
    with pytest.raises(ReadError, match="pixels"):
        read_picture_file(bomb, "page.png")


def test_a_picture_without_words_says_so(recognized: Recognized) -> None:
    from PIL import Image

    recognized([], None)
    with pytest.raises(ReadError, match="shows no words"):
        read_picture_file(_file(Image.new("L", (800, 1100), 255), "PNG"), "page.png")


def test_a_picture_without_recognition_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optical_recognition, "is_available", lambda: False)
    with pytest.raises(ReadError, match=r"nianbao\[ocr\]"):
        read_picture_file(b"", "page.png")


@pytest.mark.integration
def test_the_prose_of_a_drawn_page_is_recognised_digit_by_digit() -> None:
    from samples.composition import Subject, compose
    from samples.county import invent_territories
    from samples.history import live_through
    from samples.pdf_writing import Looks
    from samples.scan_writing import Scanner, draw_pages, find_font

    if find_font() is None or not optical_recognition.is_available():
        pytest.skip("there is no Chinese font to draw a scan with, or no recognition to read it")
    pytest.importorskip("reportlab", reason="scans for tests are laid out with reportlab")
    territory = next(invent_territories(3))
    ((year, figures),) = live_through(territory.bodies[0], (2023,), random.Random(3), {})
    draft = compose(Subject(territory, territory.bodies[0], year, figures), random.Random(3))
    page = draw_pages(draft, Looks(size=16), Scanner(lean=1.0), random.Random(3))[0]
    document = read_picture_file(_file(page, "JPEG", quality=80), "page.jpg")
    printed = "".join("".join(sentence.text().split()) for sentence in draft.sentences())
    numbers = re.findall(r"\d+", document.text)
    assert len(numbers) > 3
    doubtful = "".join(span.of(document.text) for span in document.doubtful)
    assert [n for n in numbers if n not in printed + draft.title and n not in doubtful] == []
