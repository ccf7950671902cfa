"""The filters of searches and lists: what can't be meant is refused in a sentence, the same for every interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.filters import FIRST_YEAR, LAST_YEAR, MOST_HITS, filtered_scope, known_metric
from assistant.plan import Plan, PlanScope
from assistant.tools.toolbox import Toolbox
from vectorstore.errors import QuestionError

pytestmark = pytest.mark.integration

ASKED: list[Callable[[Assistant, int], Any]] = [
    lambda assistant, year: assistant.search("培训", year=year),
    lambda assistant, year: assistant.figures("applications_new", year=year),
    lambda assistant, year: assistant.reports(year=year),
    lambda assistant, year: assistant.as_llama_index_retriever(year=year),
    lambda assistant, year: Toolbox(assistant).search("培训", year=year),
    lambda assistant, year: Toolbox(assistant).figures("applications_new", year=year),
]


@pytest.fixture(scope="module")
def assistant(samples_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_folder) as assistant:
        yield assistant


@pytest.mark.parametrize("year", [10**30, -(10**30), LAST_YEAR + 1, FIRST_YEAR - 1, 0])
@pytest.mark.parametrize("ask", ASKED)
def test_what_is_no_year_is_refused_everywhere(
    assistant: Assistant, ask: Callable[[Assistant, int], Any], year: int
) -> None:
    with pytest.raises(QuestionError, match=f"from {FIRST_YEAR} to {LAST_YEAR}"):
        ask(assistant, year)


def test_the_first_and_the_last_year_are_years() -> None:
    assert [filtered_scope(year, None, None, None).years for year in (FIRST_YEAR, LAST_YEAR)] == [(1900,), (2200,)]


@pytest.mark.parametrize("year", [10**30, -(10**30), 3000])
def test_a_plan_for_a_year_that_no_report_can_be_of_is_answered_so(assistant: Assistant, year: int) -> None:
    asked = Plan(subject="figures", metrics=("applications_new",), scope=PlanScope(years=(year,)))
    assert assistant.answer(asked).status == "not_in_corpus"


@pytest.mark.parametrize("k", [0, -5, MOST_HITS + 1, 10**30])
def test_a_number_of_passages_that_cannot_be_is_refused(assistant: Assistant, k: int) -> None:
    with pytest.raises(QuestionError, match="from 1 to 1000 passages"):
        assistant.search("培训", k=k)


def test_a_mistyped_metric_is_refused_with_those_that_are_near(assistant: Assistant) -> None:
    for ask in (known_metric, assistant.figures):
        with pytest.raises(QuestionError, match=r"There is no metric 'aplications_new'\. Near are applications_new"):
            ask("aplications_new")
