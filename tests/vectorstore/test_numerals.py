"""Numbers as Chinese prose writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.numerals import find_numbers, parse_chinese

DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """The numeral of a number below 100 million, as it is written out."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1_000 else ""
        return spell(high) + "万" + (gap + spell(low) if low else "")
    text, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if pending else "") + DIGITS[digit] + name
            pending = False
        elif text:
            pending = number > 0
    return text or "零"


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_numeral_that_is_written_out_is_read_back(number: int) -> None:
    assert parse_chinese(spell(number)) == number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二〇二三", 2023),
        ("四十", 40),
        ("一百零五", 105),
        ("十二百", None),
        ("", None),
    ],
)
def test_numerals_of_the_genre(numeral: str, value: int | None) -> None:
    assert parse_chinese(numeral) == value


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("217条", "217", None),
        ("4.14万条", "41400", None),
        ("778余条", "778", "余"),
        ("四十余条", "40", "余"),
        ("近十次", "10", "近"),
        ("1万余条", "10000", "余"),
        ("约1,234条", "1234", "约"),
        ("1000多条", "1000", "多"),
        ("超过300条", "300", "超过"),
        ("两条", "2", None),
    ],
)
def test_a_number_is_found_with_its_qualifier(text: str, value: str, qualifier: str | None) -> None:
    (number,) = find_numbers(text)
    assert (number.value, number.qualifier) == (Decimal(value), qualifier)
    assert text[number.start : number.end].strip()


@pytest.mark.parametrize(
    "text", ["一是加强", "第三方", "（一）主动公开", "一、总体情况", "进一步", "统一", "单一", "(二)依申请"]
)
def test_ordinals_and_words_are_no_numbers(text: str) -> None:
    assert list(find_numbers(text)) == []


@given(st.text(alphabet="0123456789.,一二两十百千万余约近超第、是（）条件年 ", max_size=30))
def test_numbers_stand_in_order_and_inside_the_text(text: str) -> None:
    end = 0
    for number in find_numbers(text):
        assert end <= number.start <= number.digits_start < number.digits_end <= number.end <= len(text)
        end = number.end


def test_the_number_of_a_point_counts_nothing() -> None:
    assert [number.value for number in find_numbers("主要问题:(3)数据不共享;(12)开展培训2场")] == [2]
    assert [number.value for number in find_numbers("共收到申请(5)件")] == [5]
