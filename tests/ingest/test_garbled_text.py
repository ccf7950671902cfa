"""Telling text from what fonts without a map give."""

from __future__ import annotations

import random

import pytest

from ingest.pdf.garbled_text import is_garbled


@pytest.mark.parametrize(
    "text",
    [
        "2023年，我镇共收到政府信息公开申请12件，均已按期答复。",
        "一、總體情況。本年度依申請公開政府信息情況，收到申請十二件，均已依法答覆。",
        "翎汀县垚镇人民政府主动公开情况，地址：洮河路8号，邮编730500",
        "0 0 0 0 12 0 0 / — 3",
        "https://www.example.gov.cn/2023/index.html",
        "ئاپتونوم رايونلۇق خەلق ھۆكۈمىتى",
        "",
    ],
)
def test_what_reports_are_written_in_is_text(text: str) -> None:
    assert not is_garbled(text, 0)


def test_characters_that_fonts_dont_name_make_a_page_garbled() -> None:
    assert is_garbled("政府信息公开\ufffd\ufffd\ufffd\ufffd", 4)
    assert not is_garbled("政府信息公开" * 20 + "\ufffd", 1)


def test_ideographs_drawn_at_random_are_no_text() -> None:
    rng = random.Random(1)
    assert is_garbled("".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(200)), 0)


def test_letters_of_other_scripts_are_no_text() -> None:
    assert is_garbled("ЖДЛРНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ", 0)
