"""Years in questions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.periods import find_years
from vectorstore.folding import fold

TODAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2023年收到几件", [(2023,)]),
        ("23年收到几件", [(2023,)]),
        ("2023有几份报告", [(2023,)]),
        ("２０２３年", [(2023,)]),
        ("二〇二三年", [(2023,)]),
        ("去年的", [(2023,)]),
        ("前年的", [(2022,)]),
        ("今年废了多少", [(2024,)]),
        ("近三年", [(2021, 2022, 2023)]),
        ("2021到2023年", [(2021, 2022, 2023)]),
        ("2021-2023年间", [(2021, 2022, 2023)]),
        ("23、24年公开条数", [(2023, 2024)]),
        ("22年比21年少了几件", [(2022,), (2021,)]),
        ("since 2022", [(2022, 2023)]),
        ("in the past two years", [(2022, 2023)]),
        ("last year", [(2023,)]),
    ],
)
def test_years_are_found(question: str, years: list[tuple[int, ...]]) -> None:
    found = find_years(fold(question).text, TODAY, {2021, 2022, 2023})
    assert [mention.years for mention in found] == years


@pytest.mark.parametrize("question", ["公开2017条", "收到1-5件的", "20到30件之间", "12345热线", "第3季度"])
def test_amounts_are_no_years(question: str) -> None:
    assert find_years(fold(question).text, TODAY) == []


@given(st.integers(2010, 2040), st.text(alphabet="哪些镇公开了多少条", max_size=10))
def test_a_year_is_found_wherever_it_stands(year: int, around: str) -> None:
    text = f"{around}{year}年{around}"
    mentions = find_years(text, TODAY)
    assert [m.years for m in mentions] == [(year,)]
    assert str(year) in text[mentions[0].start : mentions[0].end]
