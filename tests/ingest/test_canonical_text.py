"""The canonical text: radicals mended one to one, everything else as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canonical_text import canonical


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("⼀⼆⽅", "一二方"),
        ("⺠政⻋辆⻅到⻓⻔⻚", "民政车辆见到长门页"),
        ("⻄⻩⻬⻰⻢", "西黄齐龙马"),
        ("①2件１２件", "①2件１２件"),
    ],
)
def test_radicals_become_the_ideographs_that_are_meant(printed: str, meant: str) -> None:
    assert canonical(printed) == meant


@given(st.text(st.characters(min_codepoint=0x2E80, max_codepoint=0x2FDF), max_size=30))
def test_every_radical_is_mended_to_one_character(text: str) -> None:
    mended = canonical(text)
    assert len(mended) == len(text)
    assert canonical(mended) == mended
    for before, after in zip(text, mended, strict=True):
        assert before == after or unicodedata.name(after).startswith("CJK UNIFIED IDEOGRAPH")


@given(st.text(max_size=50).filter(lambda text: "bookmark" not in text))
def test_digits_are_never_changed(text: str) -> None:
    assert [c for c in canonical(text) if c.isdigit()] == [c for c in text if c.isdigit()]
