"""What the shape of ink says about a number that recognition read in it."""

from __future__ import annotations

from typing import Any

import pytest

numpy = pytest.importorskip("numpy")
pytest.importorskip("cv2", reason="the extra nianbao[ocr] is not installed")
Images = pytest.importorskip("PIL.Image", reason="the extra nianbao[ocr] is not installed")

from samples.picture_writing import digit_fonts  # noqa: E402

FONTS = digit_fonts()
pytestmark = pytest.mark.skipif(not FONTS, reason="no font to draw digits with is installed")
CONFUSIONS = (
    ("3", "8"),
    ("5", "6"),
    ("2", "8"),
    ("0", "8"),
    ("8", "0"),
    ("8", "3"),
    ("8", "6"),
    ("8", "9"),
    ("6", "5"),
    ("6", "9"),
    ("9", "6"),
    ("1", "7"),
    ("7", "1"),
    ("0", "7"),
    ("0", "1"),
    ("11", "1"),
    ("111", "11"),
    ("99", "9"),
    ("100", "10"),
    ("1431", "141"),
)


def draw(text: str, font: tuple[str, int]) -> Any:
    from PIL import ImageDraw, ImageFont

    image = Images.new("L", (60 * len(text) + 60, 110), 0)
    drawn = ImageFont.truetype(font[0], 64, index=font[1])
    ImageDraw.Draw(image).text((30, 15), text, font=drawn, fill=255)
    return (numpy.asarray(image) > 110).astype(numpy.uint8) * 255


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font[0].rpartition("/")[2])
@pytest.mark.parametrize("number", [*"0123456789", "11", "66", "99", "100", "1431", "7004"])
def test_no_shape_speaks_against_the_number_that_is_printed(font: tuple[str, int], number: str) -> None:
    from ingest.pictures.digit_shapes import speaks_against

    assert not speaks_against(draw(number, font), number)


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font[0].rpartition("/")[2])
@pytest.mark.parametrize(("printed", "misread"), CONFUSIONS)
def test_the_shape_speaks_against_a_misreading(font: tuple[str, int], printed: str, misread: str) -> None:
    from ingest.pictures.digit_shapes import speaks_against

    assert speaks_against(draw(printed, font), misread)


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font[0].rpartition("/")[2])
def test_a_slash_is_a_stroke_and_a_one_is_none(font: tuple[str, int]) -> None:
    from ingest.pictures.digit_shapes import is_stroke, speaks_against

    assert is_stroke(draw("/", font)) and speaks_against(draw("/", font), "1")
    assert not is_stroke(draw("1", font))


def test_a_dash_is_a_stroke() -> None:
    from ingest.pictures.digit_shapes import is_stroke

    assert is_stroke(draw("—", FONTS[0]))
