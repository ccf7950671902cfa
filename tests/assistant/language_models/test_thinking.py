"""Thoughts are taken out of a reply however it is cut into pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.language_models.thinking import reply_after_thinking, without_thinking

PARTS = st.lists(
    st.sampled_from(["<think>", "</think>", "<", "think", ">", "答", "a ", "\n", "<thinking>", "</"]), max_size=20
)


@given(PARTS, st.integers(1, 7))
def test_where_the_pieces_end_changes_nothing(parts: list[str], size: int) -> None:
    text = "".join(parts)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(without_thinking(pieces)) == "".join(without_thinking([text]))


@given(st.text("答a <>/", max_size=20), st.text("想b <>/", max_size=20))
def test_a_reply_is_what_follows_its_thoughts(reply: str, thought: str) -> None:
    assert reply_after_thinking(f"<think>{thought}</think>{reply}") == reply.strip()
    assert reply_after_thinking(f"{thought}</think>{reply}") == reply.strip()


@given(st.text(max_size=50).filter(lambda text: "<" not in text))
def test_a_reply_without_thoughts_stays_as_it_is(reply: str) -> None:
    assert "".join(without_thinking([reply])) == reply.lstrip()
