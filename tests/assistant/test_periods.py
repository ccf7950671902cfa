"""Years in questions."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

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
        ("二三年收到几件", [(2023,)]),
        ("二零二三年度", [(2023,)]),
        ("大前年", [(2021,)]),
        ("最近两年", [(2022, 2023)]),
        ("前两年", [(2022, 2023)]),
        ("这三年", [(2021, 2022, 2023)]),
        ("最后两年", [(2022, 2023)]),
        ("头两年", [(2021, 2022)]),
        ("头一年", [(2021,)]),
        ("最早一年", [(2021,)]),
        ("两年前", [(2022,)]),
        ("two years ago", [(2022,)]),
        ("21-23年", [(2021, 2022, 2023)]),
        ("21年到23年", [(2021, 2022, 2023)]),
        ("2022-23年度", [(2022, 2023)]),
        ("2021、2022年", [(2021, 2022)]),
        ("2022/2023年", [(2022, 2023)]),
        ("2022年以前", [(2021,)]),
        ("2022年之前", [(2021,)]),
        ("2022年及以前", [(2021, 2022)]),
        ("2021年以后", [(2022, 2023)]),
        ("2022年及以后", [(2022, 2023)]),
        ("自2022年以来", [(2022, 2023)]),
        ("自2022年", [(2022, 2023)]),
        ("2022年至今", [(2022, 2023)]),
        ("截至2022年底", [(2021, 2022)]),
        ("2019年以前", [(2018,)]),
        ("十四五期间", [(2021, 2022, 2023, 2024, 2025)]),
        ("2023年比上一年", [(2023,), (2022,)]),
        ("2023年和前一年比", [(2023,), (2022,)]),
        ("2022 and the following year", [(2022,), (2023,)]),
        ("上一年", [(2023,)]),
        ("FY2023", [(2023,)]),
        ("in '23", [(2023,)]),
        ("between 2021 and 2023", [(2021, 2022, 2023)]),
        ("from 2021 to 2023", [(2021, 2022, 2023)]),
        ("until 2022", [(2021, 2022)]),
        ("before 2023", [(2021, 2022)]),
        ("after 2021", [(2022, 2023)]),
        ("2023 vs 2022", [(2023,), (2022,)]),
        ("2023年前五名", [(2023,)]),
    ],
)
def test_years_are_found(question: str, years: list[tuple[int, ...]]) -> None:
    found = find_years(fold(question).text, TODAY, {2021, 2022, 2023})
    assert [mention.years for mention in found] == years


@pytest.mark.parametrize(
    "question",
    ["公开2017条", "收到1-5件的", "20到30件之间", "12345热线", "第3季度", "连续两年", "近年来", "前十名", "当年"],
)
def test_amounts_are_no_years(question: str) -> None:
    assert find_years(fold(question).text, TODAY) == []


@given(st.integers(2010, 2040), st.text(alphabet="哪些镇公开了多少条", max_size=10))
def test_a_year_is_found_wherever_it_stands(year: int, around: str) -> None:
    text = f"{around}{year}年{around}"
    mentions = find_years(text, TODAY)
    assert [m.years for m in mentions] == [(year,)]
    assert str(year) in text[mentions[0].start : mentions[0].end]


@given(st.text(alphabet="0123456789年度二〇三近前后以到至-、自起期间十四五 to since", max_size=30))
def test_years_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    mentions = find_years(text, TODAY, {2021, 2022, 2023})
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.years
        assert list(mention.years) == sorted(set(mention.years))
    assert all(first.end <= second.start for first, second in pairwise(mentions))
