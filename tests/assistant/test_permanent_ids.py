"""Permanent ids: every place has one, and it leads to the same words again or to none."""

from __future__ import annotations

import hashlib
import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from assistant.answering.cited_places import PlaceGoneError, find_place, resolve_place
from assistant.answering.permanent_ids import check_of, parse_place_id, place_id
from vectorstore.index import Index
from vectorstore.records import Departure, Kind, Passage, Report
from vectorstore.sentences import sentences

WHITE = " \n\t\u3000\xa0"
TEXTS = st.text(st.sampled_from(f"申请公开一二三件0123。；，{WHITE}") | st.characters(codec="utf-8"), max_size=120)


def report_id_of(text: str) -> str:
    """As the reader makes it, written a second time."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]


@dataclass
class OneReport:
    """What finding a place asks of an index, over one report."""

    text_: str
    former: str = ""
    departures: dict[str, Departure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report_id = report_id_of(self.text_)

    def unchanging(self) -> AbstractContextManager[None]:
        return nullcontext()

    def heirs(self, report_id: str) -> list[str]:
        return [self.report_id] if report_id in (self.report_id, self.former) else []

    def report(self, report_id: str) -> Report:
        return Report(
            self.report_id, "政府信息公开工作年度报告", "b", "白石镇", Kind.TOWNSHIP, None, 2023, None, None, "a.txt"
        )

    def text(self, report_id: str) -> str:
        return self.text_

    def passage_at(self, report_id: str, start: int, end: int) -> Passage | None:
        return None

    def departure(self, report_id: str) -> Departure | None:
        return self.departures.get(report_id)


def over(text: str, **more: Any) -> Index:
    return cast(Index, OneReport(text, **more))


def compact(text: str) -> str:
    return "".join(text.split())


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a stretch of it that neither begins nor ends with white space, as every sentence and cell is."""
    text = draw(TEXTS)
    inked = [at for at, character in enumerate(text) if not character.isspace()]
    assume(inked)
    first = draw(st.integers(0, len(inked) - 1))
    last = draw(st.integers(first, len(inked) - 1))
    return text, inked[first], inked[last] + 1


@st.composite
def whitened(draw: st.DrawFn, text: str) -> str:
    """The same characters with other white space between them."""
    gaps = st.text(WHITE, max_size=2)
    return "".join(draw(gaps) + character for character in compact(text)) + draw(gaps)


@given(texts_with_spans())
def test_every_place_is_found_again_where_it_is(place: tuple[str, int, int]) -> None:
    text, start, end = place
    found = resolve_place(over(text), place_id(report_id_of(text), start, end, text))
    assert (found.start, found.end, found.quote, found.moved) == (start, end, text[start:end], False)
    assert found.id == place_id(report_id_of(text), start, end, text)


@given(TEXTS)
@example("本年度收到申请3件。\n\n  本年度收到申请3件。")
def test_every_sentence_is_found_again_also_one_that_stands_twice(text: str) -> None:
    for span in sentences(text):
        found = resolve_place(over(text), place_id(report_id_of(text), span.start, span.end, text))
        assert (found.start, found.end) == (span.start, span.end)


@given(st.data())
def test_other_white_space_changes_no_id_and_no_words(data: st.DataObject) -> None:
    text, start, end = data.draw(texts_with_spans())
    other = data.draw(whitened(text))
    before = place_id(report_id_of(text), start, end, text)
    found = resolve_place(over(other), before)
    assert (found.id, found.moved) == (before, False)
    assert compact(found.quote) == compact(text[start:end])


@given(texts_with_spans(), TEXTS)
def test_an_id_never_leads_to_other_words(place: tuple[str, int, int], other: str) -> None:
    text, start, end = place
    given_id = place_id(report_id_of(text), start, end, text)
    found = find_place(over(other, former=report_id_of(text)), given_id)
    stands = compact(text[start:end]) in compact(other)
    assert (found is not None) == stands
    if found is not None:
        assert compact(found.quote) == compact(text[start:end])
        assert found.quote == other[found.start : found.end]


@given(texts_with_spans(), TEXTS, TEXTS)
def test_words_that_stand_elsewhere_now_are_found_there(place: tuple[str, int, int], before: str, after: str) -> None:
    text, start, end = place
    changed = before + text + after
    found = resolve_place(over(changed, former=report_id_of(text)), place_id(report_id_of(text), start, end, text))
    assert compact(found.quote) == compact(text[start:end])
    assert found.moved == (report_id_of(changed) != report_id_of(text))
    assert resolve_place(over(changed), found.id).moved is False


def test_of_several_such_places_the_nearest_is_taken() -> None:
    text = "甲。收到申请3件。" + "乙" * 50 + "。收到申请3件。" + "丙" * 50
    start = text.rindex("收到")
    given_id = place_id(report_id_of(text), start, start + 7, text)
    changed = "丁丁" + text
    assert resolve_place(over(changed, former=report_id_of(text)), given_id).start == start + 2


@given(texts_with_spans(), st.sampled_from(["{}.", "（{}）", "[{}]", " {}\n", "“{}”，"]))
def test_punctuation_around_an_id_and_capitals_do_not_matter(place: tuple[str, int, int], around: str) -> None:
    text, start, end = place
    given_id = place_id(report_id_of(text), start, end, text)
    written = around.format(given_id.upper().replace("0", "O").replace("1", "I"))
    # A number is never read as a letter: the numbers of the place stay as they are.
    offsets = given_id.split(".")[1]
    written = re.sub(r"\.[\dOI]+-[\dOI]+\.", f".{offsets}.", written)
    assert str(parse_place_id(written)) == given_id


@given(texts_with_spans())
def test_an_id_needs_no_escaping_in_an_address_and_has_no_letter_that_is_mistaken(place: tuple[str, int, int]) -> None:
    text, start, end = place
    report_id, where, check = place_id(report_id_of(text), start, end, text).split(".")
    assert re.fullmatch(r"[0-9a-f]{16}", report_id) and re.fullmatch(r"\d+-\d+", where)
    assert re.fullmatch(r"[0-9abcdefghjkmnpqrstvwxyz]{8}", check)


def test_the_check_is_what_the_documentation_says_it_is() -> None:
    # The first 40 bits of SHA-256("abc"), which begins ba7816bf 8f.
    assert int("ba7816bf8f", 16) == sum(
        "0123456789abcdefghjkmnpqrstvwxyz".index(letter) * 32**power
        for power, letter in enumerate(reversed(check_of("a b\nc")))
    )


@pytest.mark.parametrize(
    "given_id", ["", "abc", "3f2a9c0d1e4b5a67", "3f2a9c0d1e4b5a67:812-836", "a.1-2.k7m2p9q", "." * 99]
)
def test_what_is_no_id_is_called_so(given_id: str) -> None:
    with pytest.raises(PlaceGoneError, match="no permanent id") as caught:
        resolve_place(over("收到申请3件。"), given_id)
    assert caught.value.reason == "not_an_id"


def test_each_way_of_being_gone_is_said() -> None:
    text = "收到申请3件。"
    given_id = place_id(report_id_of(text), 0, len(text), text)
    with pytest.raises(PlaceGoneError, match="is not known to this index") as unknown:
        resolve_place(over("别的报告"), given_id)
    gone = Departure(report_id_of(text), "年度报告", "b", "白石镇", 2023, "2026-05-04")
    with pytest.raises(
        PlaceGoneError, match=r"白石镇《年度报告》.* was taken out of this index on 2026-05-04"
    ) as departed:
        resolve_place(over("别的报告", departures={report_id_of(text): gone}), given_id)
    with pytest.raises(
        PlaceGoneError, match=r"not in 白石镇《政府信息公开工作年度报告》.* as it is read now"
    ) as changed:
        resolve_place(over("收到申请5件。", former=report_id_of(text)), given_id)
    reasons = [caught.value.reason for caught in (unknown, departed, changed)]
    assert reasons == ["unknown_report", "report_gone", "words_gone"]


@pytest.mark.parametrize("length", [0, 10**8])
def test_a_made_up_length_is_no_place(length: int) -> None:
    text = "收到申请3件。"
    assert find_place(over(text), f"{report_id_of(text)}.0-{length}.{check_of('')}") is None


def test_a_place_that_would_take_long_to_look_for_is_given_up() -> None:
    text = "件" * 60_000
    assert find_place(over(text), f"{report_id_of(text)}.0-30000.00000000") is None
