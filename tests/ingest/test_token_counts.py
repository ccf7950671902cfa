"""What is known of a text's tokens without counting them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.token_counts import count_tokens, most_tokens

TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("政府信息公开\n 1。")), max_size=90)


@given(TEXTS)
def test_no_text_has_more_tokens_than_its_bound(text: str) -> None:
    assert count_tokens(text) <= most_tokens(text)
