"""Rows and citations that are made when they are looked at."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.answering.citations import CitationList
from assistant.answering.deferred import Deferred, known_length
from assistant.plan import Plan
from vectorstore.errors import OutdatedAnswerError
from vectorstore.records import Kind


def counting(made: list[int], upto: int) -> Iterator[int]:
    for number in range(upto):
        made.append(number)
        yield number


def test_nothing_is_made_before_it_is_looked_at() -> None:
    made: list[int] = []
    numbers = Deferred(counting(made, 5), 5)
    assert len(numbers) == 5 and made == []
    assert numbers[1] == 1 and made == [0, 1]
    assert next(iter(numbers)) == 0 and made == [0, 1]
    assert numbers[-1] == 4 and made == [0, 1, 2, 3, 4]


def test_a_length_that_is_not_told_is_counted() -> None:
    assert len(Deferred(iter("abc"))) == 3
    assert not Deferred(iter(()))
    made: list[int] = []
    assert Deferred(counting(made, 5)) and made == [0]


def test_parts_are_joined_without_being_made() -> None:
    made: list[int] = []
    joined = [-1] + Deferred(counting(made, 3), 3) + (9,)
    assert len(joined) == 5 and made == []
    assert joined == (-1, 0, 1, 2, 9)


@given(st.lists(st.integers()), st.slices(12))
def test_it_behaves_as_the_tuple_of_its_items(items: list[int], piece: slice) -> None:
    deferred = Deferred(iter(items))
    assert deferred[piece] == tuple(items)[piece]
    assert deferred == tuple(items) and tuple(items) == deferred
    assert list(deferred) == items and list(deferred) == items
    assert hash(deferred) == hash(tuple(items))
    assert repr(deferred) == repr(tuple(items))
    assert pickle.loads(pickle.dumps(deferred)) == tuple(items)
    assert (3 in deferred) == (3 in items)


NEW = "applications_new"


@pytest.fixture
def many(draft: Any) -> list[Any]:
    return [draft(f"第{number}镇", 2023, Kind.TOWNSHIP).says(NEW, number) for number in range(130)]


def test_the_rows_of_a_long_answer_wait_until_they_are_looked_at(ask: Any, many: list[Any]) -> None:
    few = ask(many[:3], subject="figures", operation="sum", metrics=[NEW])
    assert isinstance(few.rows, tuple) and isinstance(few.citations, tuple)
    assert isinstance(ask(many, subject="figures", operation="sum", metrics=[NEW]).rows, Deferred)


@pytest.fixture(scope="module")
def sum_of_many(assistant_over: Any, draft: Any) -> Callable[[], Answer]:
    """Answers with a sum of 130 reports, of which nothing has been looked at."""
    drafts = [draft(f"第{number}镇", 2023, Kind.TOWNSHIP).says(NEW, number) for number in range(130)]
    assistant = assistant_over(*drafts)
    plan = Plan.model_validate({"subject": "figures", "operation": "sum", "metrics": [NEW]})
    return lambda: assistant.answer(plan, "一共收到多少？")


def test_the_first_citations_are_made_without_all_rows(sum_of_many: Callable[[], Answer]) -> None:
    answer = sum_of_many()
    assert [one.n for one in answer.citations[:3]] == [1, 2, 3]
    assert isinstance(answer.rows, Deferred) and len(answer.rows._made) < len(answer.rows) == 130
    assert known_length(answer.citations) is None
    everything = tuple(answer.citations)
    assert known_length(answer.citations) == len(everything) == 130
    assert [one.n for one in everything] == list(range(1, 131))
    assert sorted(n for row in answer.rows for n in row.citations) == list(range(1, 131))


def test_citations_that_several_threads_reach_for_are_the_same(sum_of_many: Callable[[], Answer]) -> None:
    expected = tuple(sum_of_many().citations)
    for _ in range(5):
        answer = sum_of_many()
        with ThreadPoolExecutor(4) as pool:
            reached = list(pool.map(lambda at, answer=answer: (answer.rows[at], answer.citations[at]), range(100)))
        assert tuple(citation for _, citation in reached) == expected[:100]
        assert tuple(answer.citations) == expected


def test_how_many_there_are_is_known_once_the_end_was_reached() -> None:
    letters = Deferred(iter("abc"))
    assert known_length(letters) is None
    assert letters[:2] == ("a", "b") and known_length(letters) is None
    assert letters[:9] == ("a", "b", "c") and known_length(letters) == 3
    assert known_length((1, 2)) == 2 and known_length(Deferred(iter("ab"), 2)) == 2


def test_citations_are_numbered_by_the_text_first_and_then_by_the_rows(ask: Any, many: list[Any]) -> None:
    answer = ask(many, subject="figures", operation="sum", metrics=[NEW])
    in_text = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert in_text == list(range(1, len(in_text) + 1))
    later = [n for row in answer.rows for n in row.citations if n > len(in_text)]
    assert later == list(range(len(in_text) + 1, len(many) + 1))
    assert [citation.n for citation in answer.citations] == list(range(1, len(many) + 1))


def test_a_group_cites_all_its_addends_though_the_text_shows_few(ask: Any, many: list[Any]) -> None:
    answer = ask(many, subject="figures", operation="sum", metrics=[NEW], group_by=["kind"])
    (row,) = answer.rows
    assert len(row.citations) == len(answer.citations) == len(many)


def test_a_long_answer_is_the_same_as_json_and_back(ask: Any, many: list[Any]) -> None:
    answer = ask(many, subject="figures", operation="sum", metrics=[NEW])
    again = Answer.model_validate_json(answer.model_dump_json())
    assert again == answer and isinstance(again.rows, tuple)
    assert Answer.model_json_schema(mode="serialization")["properties"]["rows"]["type"] == "array"


def test_a_report_that_has_gone_meanwhile_is_an_error_that_says_so() -> None:
    class Emptied:
        def texts(self, report_ids: list[str]) -> dict[str, str]:
            raise KeyError(report_ids[0])

    with pytest.raises(OutdatedAnswerError, match="Ask it again"):
        CitationList(Emptied()).load(["3f2a"])  # type: ignore[arg-type]  # of an index only this is asked


@given(st.integers(0, 9), st.slices(12))
def test_a_slice_is_a_tuples_and_its_beginning_makes_no_more_than_it_holds(length: int, at: slice) -> None:
    made: list[int] = []
    assert Deferred(counting(made, length))[at] == tuple(range(length))[at]
    first: list[int] = []
    assert Deferred(counting(first, length))[:3] == tuple(range(length))[:3]
    assert len(first) <= 3
