"""Questions about the reports as such, their contradictions, terms, and what no report says."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.prose.definitions import find_terms, glossary
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind, SectionRole, State


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    return [
        draft("青川开发区", 2022),
        draft("青川开发区", 2023).picture("二、主动公开政府信息情况", SectionRole.PROACTIVE_TABLE),
        draft("甲镇", 2023, Kind.TOWNSHIP).without_tables(),
    ]


def test_reports_and_bodies_are_counted_apart(ask: Any, corpus: list[Any]) -> None:
    assert ask(corpus, subject="reports", operation="count").value == 3
    assert ask(corpus, subject="bodies", operation="count").value == 2


def test_a_list_of_reports_cites_their_titles(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", scope={"years": [2022]})
    assert answer.citations[0].quote == "2022年政府信息公开工作年度报告"


def test_pictures_for_tables_are_listed_and_cited(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", aspect="picture_tables")
    assert [(row.body, row.year) for row in answer.rows] == [("青川开发区", 2023)]
    assert answer.citations[0].quote.startswith("[image")


def test_reports_without_tables_are_told_from_those_that_lack_one(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", aspect="no_tables")
    assert [row.body for row in answer.rows] == ["甲镇"]
    assert "青川开发区（2023年）（缺主动公开政府信息情况）" in answer.text


def test_missing_years_are_those_of_known_bodies(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", aspect="missing", scope={"years": [2022]})
    assert [row.body for row in answer.rows] == ["甲镇"]
    assert "没有应报单位名册" in answer.text


def test_the_silent_are_listed_with_their_state(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says("review_total", 0), draft("乙镇", 2023)]
    answer = ask(drafts, subject="reports", operation="list", aspect="silent", metrics=["review_total"])
    assert [(row.body, row.state, row.value) for row in answer.rows] == [("乙镇", "silent", None)]


def test_contradictions_are_listed_with_both_readings(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).says("proactive_total", 120).says("proactive_total", 8),
        draft("乙镇", 2023).says("proactive_total", 3),
    ]
    answer = ask(drafts, subject="checks", aspect="conflicts")
    assert answer.value == 1
    assert "120条[1]与8条[2]" in answer.text
    assert answer.coverage.conflicting == 1


def test_no_contradiction_is_an_answer(ask: Any, draft: Any) -> None:
    answer = ask([draft("乙镇", 2023)], subject="checks", aspect="conflicts")
    assert (answer.status, answer.value) == ("answered", 0)


def test_broken_identities_are_told_from_those_that_cannot_be_judged(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023)
    made.check("row_total", "applications_new", False, 3, 4).check("row_total", "result_granted", True, 1, 1)
    made.check("balance", "result_total", None, 1, 1)
    answer = ask([made], subject="checks", aspect="failed_checks")
    assert answer.value == 1
    assert "共核对3项：1项成立，1项不成立，1项缺数字不能判断" in answer.text


def test_terms_are_marked_as_ours(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="definition", words="啥叫三安全一稳定")
    assert answer.status == "answered"
    assert "本系统词条，非报告原文" in answer.text
    assert not answer.citations


def test_the_terms_named_are_meant_and_no_others() -> None:
    named = [
        [term.names[0] for term in find_terms(words)] for words in ("规范性文件和规章差在哪", "什么是规章", "天气")
    ]
    assert named == [["规范性文件", "规章"], ["规章"], []]


def test_two_terms_told_apart_are_both_explained(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="definition", words="不予公开和无法提供有什么区别")
    assert "不予公开：" in answer.text and "无法提供：" in answer.text


@pytest.mark.parametrize("row", [r for r in catalogue().application_rows if r.part == "outcome"], ids=lambda r: r.id)
def test_every_outcome_of_the_form_has_an_entry(row: Any) -> None:
    metric = catalogue().metrics[row.id]
    assert find_terms(metric.name_zh), metric.name_zh
    assert find_terms(metric.name_en), metric.name_en


def test_what_the_regulation_comprises_is_told(ask: Any, draft: Any) -> None:
    for words, parts in {
        "三安全一稳定包括哪些": ("国家安全", "公共安全", "经济安全", "社会稳定"),
        "四类过程性信息是哪四类": ("讨论记录", "过程稿", "磋商信函", "请示报告"),
        "三类内部事务信息": ("人事管理", "后勤管理", "内部工作流程"),
    }.items():
        text = ask([draft("甲镇", 2023)], subject="definition", words=words).text
        assert all(part in text for part in parts)


def test_an_unknown_term_is_said_to_be_undefined(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="definition", words="什么是航天育种")
    assert answer.status == "not_in_corpus"
    assert "没有给出“航天育种”的定义" in answer.text
    english = ask([draft("甲镇", 2023)], subject="definition", words="what is the space breeding?", language="en")
    assert "define “space breeding”" in english.text


def test_every_entry_has_names_and_words_in_both_languages() -> None:
    for term in glossary():
        assert term.names and term.names_en and term.zh and term.en
        assert all(name == name.lower() for name in (*term.names, *term.names_en))


@pytest.mark.parametrize("aspect", ["prediction", "personal", "opinion", "task", "whole_country", None])
def test_what_no_report_says_is_refused_with_its_reason(ask: Any, draft: Any, aspect: str | None) -> None:
    answer = ask([draft("甲镇", 2023)], subject="out_of_scope", aspect=aspect)
    assert answer.status == "not_in_corpus"
    assert answer.value is None


def test_an_empty_corpus_says_what_to_do(ask: Any) -> None:
    assert "nianbao ingest" in ask([], subject="figures", metrics=["applications_new"]).text


def test_reports_are_split_by_year_kind_and_place(ask: Any, corpus: list[Any]) -> None:
    years = ask(corpus, subject="reports", operation="breakdown", group_by=["year"])
    assert (years.value, {row.label: row.value for row in years.rows}) == (3, {"2022年": 1, "2023年": 2})
    kinds = ask(corpus, subject="bodies", operation="breakdown", group_by=["kind"])
    assert (kinds.value, {row.label: row.value for row in kinds.rows}) == (2, {"开发区": 1, "乡镇": 1})
    places = ask(corpus, subject="reports", operation="list", group_by=["region"], region_level="province")
    assert (places.value, [row.label for row in places.rows]) == (1, ["云江省"])


def test_the_groups_of_a_split_hold_every_report_once(ask: Any, draft: Any) -> None:
    drafts = [draft(f"{n}号镇", 2020 + n % 4, Kind.TOWNSHIP, f"云江省/{n % 3}市") for n in range(30)]
    for grouping in ("year", "kind", "region"):
        answer = ask(drafts, subject="reports", operation="breakdown", group_by=[grouping])
        assert sum(row.value or 0 for row in answer.rows) == answer.value == 30


def test_of_very_many_reports_titles_are_not_quoted(ask: Any, draft: Any) -> None:
    answer = ask([draft(f"{n}号镇", 2023) for n in range(101)], subject="reports", operation="count")
    assert (answer.value, len(answer.rows), answer.citations) == (101, 101, ())


def test_what_there_is_is_told_by_year_kind_place_and_tables(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", aspect="holdings")
    assert answer.value == 3
    assert "2022年1份、2023年2份" in answer.text and "开发区1个、乡镇1个" in answer.text
    assert "三张统计表都能读出的1份，读出一部分的1份，一张也读不出的1份" in answer.text


def test_partly_lacking_tables_is_an_answer_of_its_own(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", aspect="partial_tables")
    assert [(row.body, row.year) for row in answer.rows] == [("青川开发区", 2023)]


def test_bodies_with_reports_of_several_years_are_listed_with_them(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="list", aspect="several_years")
    assert answer.value == 1
    assert [(row.body, row.year) for row in answer.rows] == [("青川开发区", 2022), ("青川开发区", 2023)]
    three = [{"comparison": ">=", "value": 3}]
    assert ask(corpus, subject="reports", operation="list", aspect="several_years", criteria=three).value == 0


def test_the_longest_and_the_shortest_are_told_with_ties(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023), draft("乙镇", 2023), draft("丙镇很长", 2023)]
    longest = ask(drafts, subject="reports", operation="top", aspect="length", limit=1)
    assert [row.body for row in longest.rows] == ["丙镇很长"]
    shortest = ask(drafts, subject="reports", operation="top", aspect="length", limit=1, order="ascending")
    assert {row.body for row in shortest.rows} == {"甲镇", "乙镇"}
    assert shortest.value == len(drafts[0].text)


def test_a_mean_length_tells_the_range(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="mean", aspect="length")
    assert answer.value == pytest.approx(sum(len(d.text) for d in corpus) / 3)
    assert all(row.value is None for row in answer.rows)


def test_reports_of_the_last_and_the_first_year(ask: Any, corpus: list[Any]) -> None:
    last = ask(corpus, subject="reports", operation="list", aspect="latest")
    first = ask(corpus, subject="reports", operation="list", aspect="latest", order="ascending")
    assert ({row.year for row in last.rows}, {row.year for row in first.rows}) == ({2023}, {2022})


def test_no_date_is_said_and_not_guessed(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="reports", operation="value", aspect="issued_on")
    assert answer.status == "not_in_corpus"
    assert {row.state for row in answer.rows} == {"silent"}
    assert ask(corpus, subject="reports", operation="top", aspect="issued_on").status == "not_in_corpus"


def test_blank_and_unreadable_are_told_from_silent(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).row("applications_new", {"total": None}),
        draft("乙镇", 2023),
        draft("丙镇", 2023).says("applications_new", None, "无法辨认。", state=State.UNREADABLE),
        draft("丁镇", 2023).says("applications_new", 0),
    ]
    plan = {"subject": "reports", "operation": "list", "metrics": ["applications_new"]}
    found = {
        aspect: [row.body for row in ask(drafts, aspect=aspect, **plan).rows] for aspect in ("blank", "unreadable")
    }
    assert found == {"blank": ["甲镇"], "unreadable": ["丙镇"]}
    silent = ask(drafts, aspect="silent", **plan)
    assert silent.value == 3
    assert "报告未提及的1份" in silent.text and "单元格为空的1份" in silent.text


def test_blank_cells_are_counted_by_report(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).row("applications_new", {"total": None, "enterprise": None}), draft("乙镇", 2023)]
    answer = ask(drafts, subject="reports", operation="list", aspect="blank")
    assert [(row.body, row.note, row.value) for row in answer.rows] == [("甲镇", "2处", None)]
    assert answer.citations[0].quote.startswith(catalogue().metrics["applications_new"].name_zh)


def test_a_section_with_nothing_below_its_heading_is_not_there(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).section("五、存在的主要问题及改进情况", SectionRole.PROBLEMS, "一是人手不足，二是更新慢。"),
        draft("乙镇", 2023).section("五、存在的主要问题及改进情况", SectionRole.PROBLEMS),
        draft("丙镇", 2023).section("六、其他", SectionRole.OTHER, "无。"),
    ]
    answer = ask(drafts, subject="reports", operation="list", aspect="without_problems")
    assert {row.body for row in answer.rows} == {"乙镇", "丙镇"}


def test_every_role_of_a_section_can_be_asked_for(ask: Any, draft: Any) -> None:
    for role in SectionRole:
        for language in ("zh", "en"):
            aspect = f"without_{role.value}"
            assert ask([draft("甲镇", 2023)], subject="reports", aspect=aspect, language=language).value == 1
