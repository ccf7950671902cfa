"""Who satisfies a condition year after year."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.figures.membership import running_years

NEW = "applications_new"
ZERO = {"comparison": "=", "value": 0}


@given(st.sets(st.integers(2015, 2030), max_size=10), st.integers(2, 4))
def test_every_year_kept_stands_in_a_run_that_is_long_enough(years: set[int], length: int) -> None:
    kept = running_years(years, length)
    assert kept <= years
    for year in years:
        first = last = year
        while first - 1 in years:
            first -= 1
        while last + 1 in years:
            last += 1
        assert (year in kept) == (last - first + 1 >= length)


def corpus(draft: Any) -> list[Any]:
    """One zone with none in all three years, one with none in the first and the last, one silent in the second."""
    values = {"白石开发区": (0, 0, 0), "青川开发区": (0, 2, 0), "云江开发区": (0, None, 0)}
    return [
        draft(name, year).says(NEW, value) if value is not None else draft(name, year)
        for name, row in values.items()
        for year, value in zip((2021, 2022, 2023), row, strict=True)
    ]


def test_two_years_running_are_successive_years(draft: Any, ask: Any) -> None:
    answer = ask(
        corpus(draft), subject="figures", operation="list", metrics=[NEW], criteria=[ZERO], years_running=2, scope={}
    )
    assert {row.body for row in answer.rows} == {"白石开发区"}
    assert answer.value == 1
    assert "连续2年" in answer.text


def test_silence_in_one_year_is_not_every_year(draft: Any, ask: Any) -> None:
    answer = ask(
        corpus(draft), subject="figures", operation="list", metrics=[NEW], criteria=[ZERO], years_running=0, scope={}
    )
    assert {row.body for row in answer.rows} == {"白石开发区"}
