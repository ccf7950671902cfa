"""Searching in words: what a query names narrows, and every hit is a place of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from vectorstore.errors import QuestionError
from vectorstore.records import Hit, Kind, SectionRole

WHITE, BLACK = "云江省/青川市/白石县", "云江省/青川市/黑水县"
SHARED = "在大厅门口设立便民服务角，摆放政策折页和放大镜，由两名志愿者轮流讲解。"
QUERIES = st.lists(
    st.sampled_from(
        ["便民服务角", "志愿者", "放大镜", "培训", "梨花镇", "白石县", "2022年", "乡镇", "新大厅", "，", "?"]
    ),
    min_size=1,
    max_size=4,
).map("".join)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "year": st.sampled_from([2019, 2022, 2023]),
        "kind": st.sampled_from(["township", "zone", "province"]),
        "region": st.sampled_from(["云江省", WHITE, f"{BLACK}/", "远海省"]),
        "body": st.sampled_from(["梨花", "管理委员会", "没有这个名字"]),
    },
)


def _town(draft: Any, name: str, year: int, region: str, *paragraphs: str) -> Any:
    made = draft(f"{name}人民政府", year, Kind.TOWNSHIP, region)
    made.body = replace(made.body, aliases=(name,))
    return made.section("一、总体情况", SectionRole.OVERVIEW, *paragraphs)


@pytest.fixture(scope="module")
def assistant(draft: Any, assistant_over: Any) -> Assistant:
    zone = draft("皋川经济开发区管理委员会", 2023, Kind.ZONE, WHITE)
    zone.section("一、总体情况", SectionRole.OVERVIEW, "园区便民服务角由企业认领。志愿者有九人。")
    opened: Assistant = assistant_over(
        _town(draft, "梨花镇", 2022, WHITE, SHARED, "组织业务培训两场。"),
        _town(draft, "梨花镇", 2023, WHITE, "便民服务角换上图解折页。", "业务培训改在线上。培训后有测验。"),
        _town(draft, "松岭镇", 2023, BLACK, SHARED, "便民服务角随新大厅迁址；旧址不再使用。"),
        zone,
    )
    return opened


def _from(hits: list[Hit]) -> set[tuple[str, int | None]]:
    return {(hit.report.body, hit.report.year) for hit in hits}


def test_a_search_is_narrowed_by_the_body_and_the_year_in_its_words(assistant: Assistant) -> None:
    assert _from(assistant.search("梨花镇便民服务角")) == {("梨花镇人民政府", 2022), ("梨花镇人民政府", 2023)}
    assert _from(assistant.search("2022年梨花镇的便民服务角")) == {("梨花镇人民政府", 2022)}


def test_what_narrows_a_search_is_not_looked_for_in_the_texts(assistant: Assistant) -> None:
    named, filtered = assistant.search("梨花镇便民服务角"), assistant.search("便民服务角", body="梨花镇")
    assert [(hit.passage, hit.score, hit.sentences) for hit in named] == [
        (hit.passage, hit.score, hit.sentences) for hit in filtered
    ]


def test_a_search_that_is_not_to_be_narrowed_takes_names_for_words(assistant: Assistant) -> None:
    assert ("松岭镇人民政府", 2023) in _from(assistant.search("梨花镇便民服务角", narrow=False))


def test_filters_outrank_the_words(assistant: Assistant) -> None:
    assert _from(assistant.search("梨花镇便民服务角", body="松岭")) == {("松岭镇人民政府", 2023)}
    assert {year for _, year in _from(assistant.search("2022年便民服务角", year=2023))} == {2023}
    assert _from(assistant.search("乡镇的便民服务角", kind="zone")) == {("皋川经济开发区管理委员会", 2023)}
    assert _from(assistant.search("白石县的便民服务角", region=BLACK)) == {("松岭镇人民政府", 2023)}


def test_a_kind_that_no_report_has_is_no_reason_to_find_nothing(assistant: Assistant) -> None:
    assert ("松岭镇人民政府", 2023) in _from(assistant.search("街道的便民服务角"))


def test_a_place_in_full_that_no_report_lies_in_finds_nothing(assistant: Assistant) -> None:
    assert assistant.search("山东省的便民服务角") == []


def test_a_place_inside_a_word_is_a_part_of_the_word(assistant: Assistant) -> None:
    # 大理 is a city, 泰山 a district; no report of theirs is here.
    assert assistant.search("大理石便民服务角")
    assert assistant.search("泰山庙会 便民服务角")


@pytest.mark.parametrize("query", ["除了梨花镇，便民服务角", "不含梨花镇的便民服务角", "除梨花镇外的便民服务角"])
def test_what_a_query_leaves_out_is_not_found(assistant: Assistant, query: str) -> None:
    found = _from(assistant.search(query))
    assert found == {("松岭镇人民政府", 2023), ("皋川经济开发区管理委员会", 2023)}


def test_a_query_of_nothing_but_names_finds_what_they_wrote(assistant: Assistant) -> None:
    assert _from(assistant.search("梨花镇2022年")) == {("梨花镇人民政府", 2022)}


def test_an_empty_query_is_refused(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.search("  ")


def test_what_another_report_says_alike_is_counted_and_not_shown(assistant: Assistant) -> None:
    hits = assistant.search("放大镜")
    (first,) = [hit for hit in hits if "放大镜" in hit.passage.text]
    (other,) = first.repeats
    assert other.partition(":")[0] != first.report.report_id
    assert {first.report.body, assistant.index.report(other.partition(":")[0]).body} == {
        "梨花镇人民政府",
        "松岭镇人民政府",
    }


@settings(deadline=None)
@given(query=QUERIES, filters=FILTERS, k=st.integers(1, 6), narrow=st.booleans())
def test_every_hit_is_a_place_within_the_filters_and_its_sentences_lie_in_it(
    assistant: Assistant, query: str, filters: dict[str, Any], k: int, narrow: bool
) -> None:
    hits = assistant.search(query, k=k, narrow=narrow, **filters)
    allowed = {report.report_id for report in assistant.reports(**filters)}
    assert len(hits) <= k
    for hit in hits:
        passage, text = hit.passage, assistant.index.text(hit.report.report_id)
        assert hit.report.report_id in allowed
        assert text[passage.start : passage.end] == passage.text
        assert 0 <= hit.share <= 1
        for span in hit.sentences:
            assert passage.start <= span.start < span.end <= passage.end
            assert span.of(text) == span.of(text).strip()
        assert list(hit.sentences) == sorted(hit.sentences)
        repeated = [passage_id.partition(":")[0] for passage_id in hit.repeats]
        assert hit.report.report_id not in repeated and set(repeated) <= allowed
    told = [passage_id for hit in hits for passage_id in (hit.passage.passage_id, *hit.repeats)]
    assert len(told) == len(set(told))


@settings(deadline=None)
@given(
    words=st.sampled_from(["便民服务角", "志愿者讲解", "业务培训", "放大镜在哪"]),
    year=st.sampled_from([2019, 2022, 2023]),
)
def test_naming_a_body_and_a_year_finds_what_filtering_by_them_finds(
    assistant: Assistant, words: str, year: int
) -> None:
    named = assistant.search(f"{year}年梨花镇{words}", k=50)
    # A year that no report is of has to stand in the passage.
    filtered = assistant.search(words, k=50, body="梨花镇", year=year)
    assert [hit.passage for hit in named] == [hit.passage for hit in filtered]


def test_a_section_narrows_and_one_that_does_not_exist_is_named(assistant: Assistant) -> None:
    assert assistant.search("便民服务角", section="overview")
    assert assistant.search("便民服务角", section="problems") == []
    with pytest.raises(QuestionError, match="There is no section called 'nowhere'"):
        assistant.search("便民服务角", section="nowhere")
    with pytest.raises(QuestionError, match="There is no section"):
        assistant.as_llama_index_retriever(section="nowhere")
