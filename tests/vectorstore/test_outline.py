"""Sections that are made when they are looked at."""

from __future__ import annotations

import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.outline import Outline
from vectorstore.records import Section, SectionRole

sections = st.lists(
    st.builds(
        Section,
        st.text(min_size=1, max_size=12),
        st.integers(1, 3),
        st.none() | st.sampled_from(SectionRole),
        st.integers(0, 99),
        st.integers(100, 999),
    ),
    max_size=6,
).map(tuple)


def written(of: tuple[Section, ...]) -> str:
    """As the database writes them, in whatever order it comes upon them."""
    return json.dumps([[at, s.heading, s.level, s.role, s.start, s.end] for at, s in reversed(list(enumerate(of)))])


@given(sections)
def test_an_outline_equals_the_sections_it_was_written_from_in_their_order(of: tuple[Section, ...]) -> None:
    outline = Outline(written(of))
    assert outline == of
    assert of == outline
    assert tuple(outline) == of
    assert len(outline) == len(of)
    assert hash(outline) == hash(of)
    assert outline == Outline(written(of))


@given(sections)
def test_an_outline_survives_pickling(of: tuple[Section, ...]) -> None:
    assert pickle.loads(pickle.dumps(Outline(written(of)))) == of
