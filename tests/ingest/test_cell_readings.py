"""What the ways of reading a cell come to, and what counts as a count at all."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

numpy = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2", reason="the extra nianbao[ocr] is not installed")

from ingest.pictures.cell_readings import CellPicture, conclude, cut_cell, doubt_faint_blanks, parse_value  # noqa: E402
from ingest.pictures.table_regions import Box  # noqa: E402
from vectorstore.records import State  # noqa: E402


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1431", 1431),
        ("1,431", 1431),
        ("１２", 12),
        ("1O", 10),
        ("O", 0),
        ("l1", 11),
        ("3件", 3),
        (" 7 ", 7),
        ("/", State.NOT_APPLICABLE),
        ("—", State.NOT_APPLICABLE),
        ("14.31", None),
        ("1.", None),
        ("-5", None),
        ("5元", None),
        ("总计", None),
        ("B", None),
        ("", None),
        ("99999999", None),
    ],
)
def test_only_what_is_a_count_or_a_stroke_is_a_reading(text: str, value: Any) -> None:
    assert parse_value(text) == value


def cell(draw: str = "", grey: int = 0) -> CellPicture:
    """The picture of a ruled cell with zeros and ones in it, which are drawn here as a ring and as a bar."""
    image = numpy.full((60, 90), 250, dtype=numpy.uint8)
    cv2.rectangle(image, (0, 0), (89, 59), 0, 2)
    for number, digit in enumerate(draw):
        x = 36 + 17 * number
        if digit == "0":
            cv2.ellipse(image, (x + 6, 30), (6, 11), 0, 0, 360, grey, 3)
        else:
            cv2.rectangle(image, (x + 5, 19), (x + 8, 41), grey, -1)
    return cut_cell(image, Box(0, 0, 90, 60), 28.0, True)


def voted(picture: CellPicture, **votes: int) -> CellPicture:
    picture.votes = Counter({int(key[1:]): count for key, count in votes.items()})
    return picture


def test_a_cell_without_ink_is_blank_and_one_with_ink_is_not() -> None:
    assert conclude(cell(), True).state is State.BLANK
    assert conclude(cell("0"), True).state is State.UNREADABLE


def test_without_lines_nobody_knows_where_an_empty_cell_would_be() -> None:
    assert conclude(cell(), False).state is State.UNREADABLE


def test_a_faint_mark_is_no_blank() -> None:
    assert conclude(cell("0", grey=236), True).state is not State.BLANK


def test_a_cell_as_dark_as_print_is_never_taken_for_empty() -> None:
    dim, printed = cell(), cell("0", grey=200)
    dim.contrast = printed.contrast * 0.6
    doubt_faint_blanks([dim, printed])
    assert conclude(dim, True).state is State.UNREADABLE


def test_two_ways_that_agree_back_a_reading() -> None:
    assert conclude(voted(cell("0"), n0=2), True).is_backed
    assert not conclude(voted(cell("0"), n0=1), True).is_backed


def test_ways_that_disagree_back_nothing_and_leave_both_values_open() -> None:
    reading = conclude(voted(cell("0"), n0=2, n8=2), True)
    assert not reading.is_backed and set(reading.candidates) == {0, 8}


def test_one_dissent_among_many_is_overruled() -> None:
    reading = conclude(voted(cell("0"), n0=4, n8=1), True)
    assert reading.is_backed and reading.candidates == (0,)


def test_a_reading_that_the_shape_speaks_against_is_not_backed() -> None:
    assert not conclude(voted(cell("0"), n8=5), True).is_backed
    assert not conclude(voted(cell("11"), n1=5), True).is_backed


def test_a_digit_cut_off_by_the_cells_edge_backs_nothing() -> None:
    image = numpy.full((60, 90), 250, dtype=numpy.uint8)
    cv2.rectangle(image, (4, 18), (7, 42), 0, -1)
    cv2.ellipse(image, (46, 30), (6, 11), 0, 0, 360, 0, 3)
    picture = voted(cut_cell(image, Box(0, 0, 90, 60), 28.0, True), n0=5)
    assert not conclude(picture, True).is_backed
