"""The fast folding of long texts says what folding each character says."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.folding import fold, fold_character, fold_text

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("政資訊開\u3000\u200b\ufeffＡ１（\n\t ")), max_size=60)


@given(TEXTS, st.booleans(), st.integers(0, 9))
def test_a_folded_view_is_its_characters_folded_with_their_places(text: str, drop_spaces: bool, offset: int) -> None:
    expected = [
        (fold_character(character), offset + place)
        for place, character in enumerate(text)
        if unicodedata.category(character) != "Cf" and not (drop_spaces and fold_character(character).isspace())
    ]
    folded = fold(text, drop_spaces=drop_spaces, offset=offset)
    assert list(zip(folded.text, folded.offsets, strict=True)) == expected


@given(TEXTS)
def test_the_text_alone_is_that_of_the_view(text: str) -> None:
    assert fold_text(text) == fold(text).text
