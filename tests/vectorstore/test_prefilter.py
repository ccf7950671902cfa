"""The full-text index as a sieve that lets pass whatever holds the words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.prefilter import any_of, in_parts, literally
from vectorstore.terms import expand


def passes(requirement: tuple[tuple[str, ...], ...] | None, text: str) -> bool:
    """What FTS5 would say: phrases are successive terms, a star ends a term that only begins so."""
    if requirement is None:
        return True
    terms = f" {expand(text)} "

    def holds(phrase: str) -> bool:
        return f" {phrase[:-1]}" in terms if phrase.endswith("*") else f" {phrase} " in terms

    return any(all(holds(phrase) for phrase in phrases) for phrases in requirement)


_HAN = "三审校政务公开放日社会监督员热线"


@given(
    st.text(alphabet=_HAN, min_size=2, max_size=14), st.lists(st.integers(1, 13), max_size=2), st.text(_HAN, max_size=5)
)
def test_a_word_passes_also_where_white_space_breaks_it(word: str, breaks: list[int], around: str) -> None:
    breaks = breaks if len(word) > 3 else breaks[:1]
    broken = "".join(f"\n{c}" if at in breaks else c for at, c in enumerate(word))
    assert passes(literally(word), f"{around}{broken}{around}")


@given(st.text(alphabet=_HAN, min_size=2, max_size=8))
def test_a_word_passes_where_every_character_stands_apart(word: str) -> None:
    assert passes(literally(word), " ".join(word))


@given(st.text(alphabet=_HAN, min_size=4, max_size=10), st.integers(2, 8))
def test_parts_pass_in_any_order(word: str, cut: int) -> None:
    cut = min(max(cut, 2), len(word) - 2)
    assert passes(in_parts(word), f"{word[cut:]}，{word[:cut]}")


@pytest.mark.parametrize(("word", "text"), [("三审三校", "三次审核校对"), ("12345", "拨打110"), ("开放日", "公开目录")])
def test_what_lacks_the_words_is_held_back(word: str, text: str) -> None:
    assert not passes(literally(word), text)


def test_what_cannot_be_told_by_terms_requires_nothing() -> None:
    assert literally("！") is None
    assert any_of([literally("开放日"), None]) is None


def test_the_index_names_the_reports_that_may_hold_it(tmp_path: Path, make_contents: Any) -> None:
    from vectorstore.index import Index

    with Index.open(tmp_path / "index", create=True) as index:
        made = make_contents("r1")
        with index.writing() as writer:
            writer.put(made)
        word = next(run for run in made.text.split() if len(run) > 3)[:4]
        assert index.reports_near([literally(word)]) == {made.report.report_id}
        assert index.reports_near([literally("从未写过")]) == set()
        assert index.reports_near([None]) is None
