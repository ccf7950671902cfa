"""What a search finds, what it must hold, what it counts together, and what it leaves to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import database
from vectorstore.full_text import Frequencies
from vectorstore.index import Index
from vectorstore.ranking import DEFAULT, Ranking
from vectorstore.records import Kind, ReportContents, Scope, SectionRole
from vectorstore.retrieval.candidates import telling_terms
from vectorstore.retrieval.confidence import ANSWERS, LEAST, likelihood
from vectorstore.retrieval.query_terms import QueryTerms, read_query
from vectorstore.retrieval.repeats import wording_of
from vectorstore.retrieval.requirements import Requirements, requirements_of
from vectorstore.retrieval.word_scores import WordScorer, standardise

MakeContents = Callable[..., ReportContents]

HAN = st.text(alphabet="政府信息公开申请答复培训问题及时不足一二三，。；0123", min_size=0, max_size=40)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index", create=True)


def _put(index: Index, *contents: ReportContents) -> None:
    with index.writing() as writer:
        for one in contents:
            writer.put(one)


def _texts(index: Index, query: str, scope: Scope | None = None, k: int = 10, **changes: object) -> list[str]:
    ranking = replace(DEFAULT, **changes)  # type: ignore[arg-type]
    return [hit.passage.text for hit in index.search(query, scope or Scope(), k, ranking=ranking)]


def test_what_is_quoted_stands_in_every_passage_found(index: Index, make_contents: MakeContents) -> None:
    sentences = ("开展信用修复指引工作。", "修复了信用网站。", "信用\n修复培训一期。")
    _put(index, make_contents(sentences=sentences))
    assert set(_texts(index, "“信用修复”培训")) == {sentences[0], sentences[2]}
    assert len(_texts(index, "“信用修复”培训", must_match=False)) == 3
    assert _texts(index, "“信用惩戒”") == []


def test_a_number_is_found_however_it_is_written_and_as_no_part_of_another(
    index: Index, make_contents: MakeContents
) -> None:
    sentences = (
        "投入资金32万元。",
        "投入资金320,000元。",
        "投入资金132万元。",
        "投入资金三十二万元。",
        "投入资金若干。",
    )
    _put(index, make_contents(sentences=sentences))
    assert set(_texts(index, "投入资金32万元")) == {sentences[0], sentences[1], sentences[3]}


def test_a_decimal_is_found_by_itself(index: Index, make_contents: MakeContents) -> None:
    _put(index, make_contents(sentences=("办结率为97.3%。", "办结率为97%，另有3件未结。")))
    assert _texts(index, "97.3%") == ["办结率为97.3%。"]


def test_a_year_is_the_reports_or_stands_in_the_passage(index: Index, make_contents: MakeContents) -> None:
    told = ("自2021年起设立专区。", "设立专区一处。")
    _put(index, make_contents(year=2022, sentences=told))
    _put(index, make_contents(year=2021, sentences=("专区设在大厅。",)))
    assert set(_texts(index, "2021年专区")) == {told[0], "专区设在大厅。"}
    assert set(_texts(index, "2021年专区", Scope(years=(2022,)))) == {told[0]}
    assert len(_texts(index, "2021年专区", Scope(years=(2021, 2022)))) == 3  # the scope has said which years


def test_what_several_reports_say_alike_is_one_hit_that_counts_the_others(
    index: Index, make_contents: MakeContents
) -> None:
    said = "定期组织业务骨干学习政府信息公开条例并开展集中培训{}次，不断提升工作人员的能力水平。"
    for n, name in enumerate(("甲沟镇人民政府", "乙沟镇人民政府", "丙沟镇人民政府")):
        _put(index, make_contents(name, kind=Kind.TOWNSHIP, sentences=(said.format(n + 2), "没有其他需要报告的事项。")))
    (first, *rest) = index.search("业务骨干集中培训", k=5)
    assert "业务骨干" in first.passage.text
    assert len(first.repeats) == 2
    assert all("业务骨干" not in hit.passage.text for hit in rest)
    apart = index.search("业务骨干集中培训", k=5, ranking=replace(DEFAULT, repeats=False))
    assert sum("业务骨干" in hit.passage.text for hit in apart) == 3


def test_one_reports_own_passages_are_never_taken_for_repetitions(index: Index, make_contents: MakeContents) -> None:
    twice = ("组织工作人员参加业务培训两场次以上。", "组织工作人员参加业务培训三场次以上。")
    _put(index, make_contents(sentences=twice))
    assert set(_texts(index, "业务培训")) == set(twice)


def test_one_report_does_not_crowd_the_others_out(index: Index, make_contents: MakeContents) -> None:
    many = tuple(f"举办了培训：{what}培训。" for what in ("保密", "档案", "公文写作", "法律", "舆情", "接待"))
    _put(index, make_contents(sentences=many))
    _put(index, make_contents("松溪镇人民政府", kind=Kind.TOWNSHIP, sentences=("全年有一次培训，内容是新的法规。",)))
    first = index.search("培训", k=4, ranking=replace(DEFAULT, per_report=3))
    assert len({hit.report.report_id for hit in first}) == 2
    assert len(index.search("培训", k=7)) == 7  # where there is room, it shows what was held back
    only = Scope(names=("松溪",))
    assert len(index.search("培训", only, k=4)) == 1


def test_the_sentences_of_a_hit_are_those_that_answer(index: Index, make_contents: MakeContents) -> None:
    text = "本年度工作稳步推进。咨询可拨打电话。联系电话为0000-1234567。感谢支持。"
    _put(index, make_contents(sentences=(text,)))
    (hit,) = index.search("联系电话")
    assert [index.text(hit.report.report_id)[s.start : s.end] for s in hit.sentences] == ["联系电话为0000-1234567。"]


def test_likelihood_grows_with_the_lead_and_with_what_a_sentence_holds() -> None:
    assert likelihood([], []) == 0
    assert likelihood([0], [1, 1, 1]) < LEAST
    assert likelihood([0], [9, 1, 1]) > likelihood([0], [4, 1, 1]) > likelihood([0], [1, 1, 1])
    assert likelihood([0.55], [1, 1, 1]) > ANSWERS > likelihood([0.3], [1, 1, 1])


def test_the_likelihood_is_the_same_however_many_passages_are_wanted(index: Index, make_contents: MakeContents) -> None:
    sentences = tuple(f"第{n}次会议研究了公开工作，安排了培训任务。" for n in range(12))
    _put(index, make_contents(sentences=(*sentences, "公开查阅点设在图书馆一楼。")))
    found = [index.search("查阅点在哪里", k=k) for k in (1, 5, 13)]
    assert len({hit.likelihood for hits in found for hit in hits}) == 1
    assert 0 < found[0][0].likelihood < 1


def test_what_one_report_denies_and_another_states_is_no_repetition(index: Index, make_contents: MakeContents) -> None:
    for name, state in (("甲沟镇人民政府", "有人"), ("乙沟镇人民政府", "无人"), ("丙沟镇人民政府", "有人")):
        _put(
            index,
            make_contents(name, kind=Kind.TOWNSHIP, sentences=(f"渡口夜里{state}值守，灯一直亮着，船可以靠岸。",)),
        )
    hits = index.search("渡口夜里值守")
    assert sorted((len(hit.repeats), "无人" in hit.passage.text) for hit in hits) == [(0, True), (1, False)]


def test_search_narrows_before_it_ranks(index: Index, make_contents: MakeContents) -> None:
    for n in range(12):
        _put(index, make_contents(f"沟{n}镇人民政府", kind=Kind.TOWNSHIP, sentences=("培训培训培训。",)))
    _put(index, make_contents("松溪县档案局", sentences=("档案工作与培训。", "会议两次。")))
    few = replace(DEFAULT, candidates=2)
    found = index.search("培训", Scope(names=("档案局",)), k=2, ranking=few)
    assert found[0].passage.text == "档案工作与培训。"
    assert {hit.report.body for hit in found} == {"松溪县档案局"}
    assert index.search("培训", Scope(names=("档案局",)), roles=[SectionRole.PROBLEMS]) == []


@given(st.dictionaries(st.text("甲乙丙丁", min_size=1, max_size=2), st.integers(0, 60_000), max_size=12))
def test_the_rarest_terms_look_for_passages_and_always_one_that_occurs(frequencies: dict[str, int]) -> None:
    telling = telling_terms(list(frequencies), frequencies)
    left = [term for term in frequencies if term not in telling and frequencies[term]]
    assert all(frequencies[term] for term in telling)
    assert bool(telling) == any(frequencies.values())
    assert max((frequencies[t] for t in telling), default=0) <= min((frequencies[t] for t in left), default=10**9)


@given(HAN, HAN, st.dictionaries(st.sampled_from("政府信息公开申请答复"), st.integers(0, 50)))
def test_a_share_lies_between_nothing_and_all_and_grows_with_what_is_held(
    query: str, sentence: str, frequencies: dict[str, int]
) -> None:
    scorer = WordScorer(read_query(query), frequencies, 50, Ranking())
    assert 0.0 <= scorer.share(sentence) <= scorer.share(f"{sentence} {query}") + 1e-9
    assert scorer.share(f"{sentence} {query}") <= 1.0


def test_a_term_counts_for_more_the_rarer_it_is_and_in_the_heading_more_than_in_the_text() -> None:
    scorer = WordScorer(QueryTerms(("培训", "问题")), {"培训": 5, "问题": 500}, 1000, Ranking())
    rare, common = scorer.score("", "", "培训一次"), scorer.score("", "", "问题一个")
    assert rare > common > 0
    assert scorer.score("", "培训", "一次") > rare
    assert scorer.score("", "", "会议一次") == 0


def test_digits_and_latin_letters_match_as_whole_runs() -> None:
    scorer = WordScorer(QueryTerms(("12345", "app")), {"12345": 1, "app": 1}, 10, Ranking())
    assert scorer.score("", "", "拨打12345热线") > 0
    assert scorer.score("", "", "拨打0123456") == 0
    assert scorer.score("", "", "apple") == 0
    assert scorer.score("", "", "政务app一个") > 0


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_standardised_scores_keep_the_order(scores: list[float]) -> None:
    standardised = standardise(scores)
    pairs = sorted(zip(scores, standardised, strict=True))
    assert all(b >= a - 1e-6 for (_, a), (_, b) in pairwise(pairs))


def test_a_common_terms_passages_are_estimated_and_a_towns_name_is_not_taken_for_one(
    index: Index, make_contents: MakeContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(10):
        _put(
            index,
            make_contents(f"沟{n}镇人民政府", kind=Kind.TOWNSHIP, sentences=("桐埠培训。" if n < 4 else "培训。",)),
        )
    with database.snapshot(index._engine) as connection:
        exact = Frequencies().of(connection, 1, ["培训", "桐埠", "没有"])
        monkeypatch.setattr("vectorstore.full_text._FROM_EACH_END", 2)
        estimated = Frequencies().of(connection, 1, ["培训", "桐埠", "没有"])
    assert exact == {"培训": 10, "桐埠": 4, "没有": 0}
    assert estimated["培训"] == 10 and estimated["桐埠"] <= 5 and estimated["没有"] == 0


def test_a_required_year_may_stand_in_chinese_numerals_or_be_the_reports() -> None:
    required = Requirements(years=(2023,))
    assert required.are_met(2022, "", "二〇二三年举办培训") and required.are_met(2022, "", "2023年举办培训")
    assert required.are_met(2023, "", "举办培训")
    assert not required.are_met(2022, "", "举办培训2022次") and not required.are_met(None, "", "12023号")


def test_what_a_query_requires() -> None:
    assert requirements_of("“好差评”和《公开办法》") == Requirements(words=("好差评", "公开办法"))
    assert requirements_of("投入1,234元").numbers == (Decimal(1234),)
    assert requirements_of("三场培训") == Requirements()  # no digits: 三 is as often part of a word
    assert requirements_of("2023年的培训") == Requirements(years=(2023,))
    assert requirements_of("2023年的培训", years=(2023,)) == Requirements()
    assert requirements_of("0999-5551234是谁的电话").words == ("0999-5551234",)
    assert requirements_of("2021-2023年").years == (2021, 2023)
    assert not requirements_of("怎么联系")


@given(HAN)
def test_a_wording_is_like_itself_whatever_its_numbers(text: str) -> None:
    wording = wording_of(text)
    assert wording.is_like(wording_of(text + "123")) or not wording.triples


def test_wordings_differ_where_half_of_the_words_do() -> None:
    one = wording_of("甲镇组织业务培训三次，参训人员五十余人。", ("甲镇",))
    assert one.is_like(wording_of("乙镇组织业务培训三次，参训人员六十余人。", ("乙镇",)))
    assert not one.is_like(wording_of("甲镇召开专题会议三次，研究解决难点问题。", ("甲镇",)))
