"""The tools that agents call: short results that can be gone on with, cited, and errors that say what to do."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.cited_places import find_place
from assistant.assistant import Assistant
from assistant.tools import answer_result, recent_answers
from assistant.tools.arguments import DESCRIPTIONS, MOST_HITS
from assistant.tools.calls import call, file_name
from assistant.tools.results import LONGEST_RESULT, ToolResult
from assistant.tools.toolbox import Toolbox
from tests.language_server import LanguageServer
from vectorstore.catalogue import KIND_NAMES
from vectorstore.errors import NianbaoError, QuestionError
from vectorstore.records import Kind, SectionRole

pytestmark = pytest.mark.integration

QUESTION = "2023年各单位收到多少件申请？"
NONE = "哪些乡镇2023年没有收到申请？"


@pytest.fixture(scope="module")
def toolbox(samples_folder: Path) -> Iterator[Toolbox]:
    with Assistant.open(samples_folder) as assistant:
        yield Toolbox(assistant)


def follow(toolbox: Toolbox, result: Any) -> Any:
    """The result of the call that ``more`` names."""
    written = re.search(r"call (\w+\(.*\))\.$", result.more)
    assert written is not None, result.more
    made = ast.parse(written[1], mode="eval").body
    assert isinstance(made, ast.Call) and isinstance(made.func, ast.Name)
    arguments = {k.arg: json.loads(ast.get_source_segment(written[1], k.value) or "") for k in made.keywords if k.arg}
    return toolbox.call(made.func.id, arguments)


def pages(toolbox: Toolbox, first: Any) -> list[Any]:
    found = [first]
    while found[-1].more is not None:
        found.append(follow(toolbox, found[-1]))
        assert len(found) < 100
    return found


def test_the_pages_of_an_answer_hold_each_row_once_with_the_places_that_it_cites(toolbox: Toolbox) -> None:
    answer = toolbox.assistant.ask(QUESTION)
    made = pages(toolbox, toolbox.ask(QUESTION))
    assert len(made) > 1
    rows = [row for page in made for row in page.rows]
    assert [(row.body, row.year, row.value) for row in rows] == [(r.body, r.year, r.value) for r in answer.rows]
    for page in made:
        places = {place.n: place for place in page.citations}
        for row in page.rows:
            assert set(row.citations) <= set(places)
        for n, place in places.items():
            cited = answer.citations[n - 1]
            assert (place.id, place.report_id, place.start, place.end) == (
                cited.id,
                cited.report_id,
                cited.start,
                cited.end,
            )
            assert cited.quote.startswith(place.quote.removesuffix("…"))


def test_the_further_pages_of_an_answer_ask_the_language_model_nothing(
    toolbox: Toolbox, language_server: LanguageServer
) -> None:
    with_model = Toolbox(
        Assistant(toolbox.assistant.index, today=toolbox.assistant.today, language_model=language_server.model())
    )
    first = with_model.ask(QUESTION)
    sent = len(language_server.requests)
    assert sent and first.more
    made = pages(with_model, first)
    assert len(made) > 1
    assert len(language_server.requests) == sent
    again = pages(toolbox, toolbox.ask(QUESTION))
    assert [page.rows for page in made] == [page.rows for page in again]


def test_a_page_of_an_answer_that_is_forgotten_is_of_the_answer_asked_anew(
    toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_answers, "MOST_ROWS", 1)
    asked = Toolbox(toolbox.assistant)
    first = asked.ask(QUESTION)
    asked.ask(NONE)
    assert follow(asked, first) == follow(toolbox, toolbox.ask(QUESTION))


def test_the_text_and_the_warnings_of_an_answer_come_once(toolbox: Toolbox) -> None:
    first, *others = pages(toolbox, toolbox.ask(QUESTION))
    assert first.text == toolbox.assistant.ask(QUESTION).text
    assert not any(page.text or page.warnings or page.options for page in others)
    assert {page.coverage.in_scope for page in [first, *others]} == {first.coverage.in_scope}


def test_a_follow_up_is_understood_from_the_history(toolbox: Toolbox) -> None:
    alone, leaning = toolbox.ask("那2022年呢？"), toolbox.ask("那2022年呢？", history=[NONE])
    assert leaning.resolved and leaning.value == toolbox.ask("哪些乡镇2022年没有收到申请？").value
    assert alone.resolved is None


def test_the_rest_of_a_follow_up_is_gone_on_with_in_its_history(toolbox: Toolbox) -> None:
    history = ["2021年到2023年各单位各收到多少件申请？"]
    whole = toolbox.assistant.ask("那行政复议呢？", history)
    made = pages(toolbox, toolbox.ask("那行政复议呢？", history=history))
    assert len(made) > 1
    assert [row.value for page in made for row in page.rows] == [row.value for row in whole.rows]


def test_a_value_that_is_unknown_is_null_with_its_state_and_never_left_out(toolbox: Toolbox) -> None:
    rows = [row for page in pages(toolbox, toolbox.figures(year=2022, kind="township")) for row in page.rows]
    unknown = [row for row in rows if row.value is None]
    assert unknown and all(row.state not in ("stated", "derived") for row in unknown)
    assert all('"value":null' in row.as_json() for row in unknown)


def test_the_pages_of_figures_hold_each_of_them_once(toolbox: Toolbox) -> None:
    everything = toolbox.assistant.figures("applications_new")
    made = pages(toolbox, toolbox.figures("applications_new", limit=7))
    assert all(len(page.rows) <= 7 for page in made)
    rows = [row for page in made for row in page.rows]
    assert [(row.report_id, row.body, row.year) for row in rows] == [(f.report_id, f.body, f.year) for f in everything]
    assert {page.total for page in made} == {len(everything)}


def test_figures_say_how_many_reports_do_not_state_the_metric(toolbox: Toolbox) -> None:
    result = toolbox.figures("applications_new", year=2022, kind="township")
    stating = {row.report_id for row in result.rows}
    assert result.in_scope == len(toolbox.assistant.reports(year=2022, kind="township"))
    assert result.silent == result.in_scope - len(stating) > 0


@pytest.mark.parametrize("name", ["applications_new", "新收政府信息公开申请", "新收申请", "Applications Received"])
def test_a_metric_is_known_by_its_id_its_name_and_as_questions_name_it(toolbox: Toolbox, name: str) -> None:
    assert list(toolbox.figures(name, year=2023).names) == ["applications_new"]


def test_a_report_read_piece_by_piece_is_its_text(toolbox: Toolbox) -> None:
    report = toolbox.assistant.reports()[0]
    made = pages(toolbox, toolbox.read_report(report.report_id, length=500))
    assert len(made) > 3
    assert "".join(page.text for page in made) == toolbox.assistant.index.text(report.report_id)
    headings = [section.heading for section in report.sections if section.heading]
    assert [section.heading for section in made[0].sections] == headings
    assert not any(page.sections for page in made[1:])


@pytest.mark.parametrize("section", ["applications", "五、存在的主要问题及改进情况", "存在的主要问题", " 依申请 公开 "])
def test_a_section_is_known_by_its_role_its_heading_and_a_part_of_that(toolbox: Toolbox, section: str) -> None:
    report = toolbox.assistant.reports()[0]
    whole = toolbox.assistant.index.text(report.report_id)
    made = pages(toolbox, toolbox.read_report(report.report_id, section=section, length=80))
    spans = {(part.start, part.end) for part in report.sections}
    assert (made[0].start, made[-1].end) in spans
    assert "".join(page.text for page in made) == whole[made[0].start : made[-1].end]


def test_a_report_is_known_by_the_beginning_of_its_id_and_by_a_place_in_it(toolbox: Toolbox) -> None:
    hit = toolbox.search("政务公开培训", limit=1).passages[0]
    for name in (hit.report_id, hit.report_id[:12], hit.id, f"{hit.report_id}:0-9"):
        assert toolbox.read_report(name).report_id == hit.report_id


def test_permanent_ids_lead_to_the_places_that_are_quoted(toolbox: Toolbox) -> None:
    index = toolbox.assistant.index
    found = toolbox.search("征地补偿", limit=3).passages
    cited = toolbox.ask(NONE).citations
    stated = [reading for row in toolbox.figures("applications_new", year=2023).rows for reading in row.citations]
    for place in (*found, *cited, *stated):
        there = find_place(index, place.id)
        assert there is not None
        assert (there.start, there.end) == (place.start, place.end)


def test_a_search_is_kept_to_a_section_and_says_so_when_it_goes_on(toolbox: Toolbox) -> None:
    found = toolbox.search("培训", section="problems", limit=2)
    assert found.passages and all("问题" in passage.section for passage in found.passages)
    assert found.more is not None and 'section="problems"' in found.more
    with pytest.raises(QuestionError, match="the sections are"):
        toolbox.search("培训", section="问题")


def test_a_search_of_which_there_is_more_names_the_call_that_gives_it(toolbox: Toolbox) -> None:
    first = toolbox.search("政务公开", limit=2)
    more = follow(toolbox, first)
    assert len(first.passages) == 2 and len(more.passages) == 4
    assert [one.id for one in more.passages[:2]] == [one.id for one in first.passages]


def test_a_search_that_finds_nothing_says_what_to_try(toolbox: Toolbox) -> None:
    result = toolbox.search("“此话绝不会出现在任何一份报告里”")
    assert result.passages == () and result.note is not None and "other words" in result.note


@pytest.mark.parametrize(
    "result",
    [
        lambda box: box.ask(QUESTION),
        lambda box: box.ask("存在的主要问题有哪些？"),
        lambda box: box.ask("2021年到2023年各单位各收到多少件申请？"),
        lambda box: box.search("政务公开", limit=MOST_HITS),
        lambda box: box.figures(limit=200, kind="township"),
        lambda box: box.read_report(box.assistant.reports()[0].report_id, length=6000),
        lambda box: box.ask("那2022年呢？", history=["2023年各单位" + "收到多少件申请？" * 40] * 4),
    ],
)
def test_every_result_is_short_and_says_so_where_it_left_something_out(toolbox: Toolbox, result: Any) -> None:
    made: ToolResult = result(toolbox)
    assert len(made.as_json()) <= LONGEST_RESULT
    assert json.loads(made.as_json())


def test_no_result_names_a_folder(tmp_path: Path) -> None:
    assert file_name("/srv/secret/2023/石螺镇.txt") == "石螺镇.txt"
    assert file_name(r"C:\Users\me\石螺镇.txt") == "石螺镇.txt"
    assert file_name("2023/石螺镇.txt") == "石螺镇.txt"
    assert file_name("https://www.example.gov.cn/2023/1.html") == "https://www.example.gov.cn/2023/1.html"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_is_known_by_its_id_and_by_its_names(toolbox: Toolbox, kind: Kind) -> None:
    expected = toolbox.search("公开", kind=str(kind))
    for name in (*KIND_NAMES[kind], str(kind).upper()):
        assert toolbox.search("公开", kind=name) == expected


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("search", {"query": "培训", "kind": "village"}, "the kinds are zone, zone_department, township"),
        ("figures", {"metric": "applications_no"}, "applications_new"),
        ("figures", {"metric": "x" * 5000}, "Ask in words with ask"),
        ("read_report", {"report_id": "nowhere"}, "Ids stand as report_id in the results"),
        ("read_report", {"report_id": ""}, "There is no report ''"),
        ("ask", {"question": ""}, "The question is empty"),
        ("ask", {"question": "问" * 3000}, "at most 2000"),
        ("ask", {}, "question is missing. Its arguments are question, history (optional)"),
        ("search", {"query": "培训", "limit": 1000}, "limit must be at most 20"),
        ("search", {"query": "培训", "years": 2023}, "there is no argument years"),
        ("ask", {"question": "那2022年呢？", "history": NONE}, f'history takes a list of texts, such as ["{NONE}"]'),
        ("ask", {"question": "那2022年呢？", "history": {"a": 1}}, "history takes a list of texts"),
        ("ask", {"question": "那2022年呢？", "history": [1]}, "history.0 takes a text"),
        ("ask", {"question": NONE, "history": ["问"] * 51}, "history takes at most 50"),
        ("ask", {"question": None}, "question takes a text"),
        ("ask", {"question": NONE, "part": "rest"}, "part must be 'rows', 'text', 'citations' or 'silent'"),
        ("ask", {"question": NONE, "brief": "perhaps"}, "brief takes true or false"),
        ("search", {"query": "培训", "year": "last"}, "year takes a whole number"),
        ("search", {"query": "培训", "year": 10**30}, "That is no year"),
        ("search", {"query": "培训", "limit": 0}, "limit must be at least 1"),
        ("delete", {}, "the tools are ask, search, figures, read_report"),
    ],
)
def test_a_call_that_cannot_be_made_says_what_to_do(
    toolbox: Toolbox, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(QuestionError) as raised:
        toolbox.call(tool, arguments)
    assert sentence in str(raised.value)
    assert len(str(raised.value)) < 6000


def test_a_call_from_python_is_refused_with_the_same_sentences(toolbox: Toolbox) -> None:
    with pytest.raises(QuestionError, match="limit must be at least 1"):
        toolbox.figures("applications_new", limit=-3)
    with pytest.raises(QuestionError, match="history takes a list of texts"):
        toolbox.ask("那2022年呢？", NONE)
    assert toolbox.search("培训", 2023, limit=1) == toolbox.call("search", {"query": "培训", "year": 2023, "limit": 1})


def test_a_section_that_is_not_there_is_answered_with_those_that_are(toolbox: Toolbox) -> None:
    report = toolbox.assistant.reports()[0]
    with pytest.raises(NianbaoError, match="its headings are 一、总体情况; 二、"):
        toolbox.read_report(report.report_id, section="七、没有这一节")


def test_arguments_that_say_nothing_are_as_if_not_given(toolbox: Toolbox) -> None:
    empty = {"query": "培训", "year": "", "kind": " ", "region": "", "body": "", "limit": "3"}
    assert toolbox.call("search", empty) == toolbox.search("培训", limit=3)
    assert toolbox.call("search", {"query": "培训", "year": "2023"}) == toolbox.search("培训", year=2023)


def test_schemas_of_arguments_are_short(toolbox: Toolbox) -> None:
    for model in toolbox.arguments.values():
        for about in model.model_json_schema()["properties"].values():
            assert not {"title", "anyOf"} & set(about)
            assert about.get("default", "") is not None


def test_the_record_of_an_answer_holds_what_its_json_needs_not_say_again(toolbox: Toolbox) -> None:
    result = toolbox.ask(QUESTION)
    written = json.loads(result.as_json())
    assert not any("body" in place or "year" in place for place in written["citations"])
    whole = toolbox.assistant.ask(QUESTION).citations
    assert [(one.body, one.year) for one in result.citations] == [
        (whole[one.n - 1].body, whole[one.n - 1].year) for one in result.citations
    ]


GROUPS = "2021年到2023年各类单位一共收到多少件申请？"


def test_every_citation_of_every_row_can_be_had(toolbox: Toolbox) -> None:
    answer = toolbox.assistant.ask(GROUPS)
    first = toolbox.ask(GROUPS)
    left = sum(row.other_citations for row in first.rows)
    assert left and f"{left} cited places (part=citations)" in (first.more or "")
    made = pages(toolbox, follow(toolbox, first))
    assert len(made) > 1
    for at, row in enumerate(answer.rows):
        shown = [
            n
            for page in made
            for one in page.rows
            if (one.body, one.year, one.label) == (row.body, row.year, row.label)
            for n in one.citations
        ]
        assert shown == list(row.citations), at
    for page in made:
        assert len(page.as_json()) <= LONGEST_RESULT
        assert {n for row in page.rows for n in row.citations} <= {place.n for place in page.citations}
    assert {place.n for page in made for place in page.citations} == {one.n for one in answer.citations}


@pytest.mark.parametrize("brief", [False, True])
def test_every_silent_report_can_be_had(toolbox: Toolbox, brief: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_result, "_WITHOUT_VALUE_SHOWN", 0)
    question = "2021年到2023年各单位的信息处理费是多少？"
    silent = toolbox.assistant.ask(question).coverage.without_value
    assert len(silent) > 1
    *_, last = pages(toolbox, toolbox.ask(question, limit=7, brief=brief))[
        : -(-len(toolbox.assistant.ask(question).rows) // 7)
    ]
    assert "2 reports without a value (part=silent)" in last.more
    made = pages(toolbox, toolbox.ask(question, limit=1, brief=brief, part="silent"))
    assert len(made) == len(silent)
    if brief:
        listed = [row["body"] for page in made for row in lines(page)]
    else:
        listed = [one.body for page in made for one in page.coverage.without_value]
    assert listed == [one.body for one in silent]


def lines(page: Any) -> list[dict[str, str]]:
    """The rows of a table, each with what all have in common."""
    return [page.in_all | row for row in csv.DictReader(page.table.splitlines())]


def test_a_brief_answer_holds_the_same_rows_in_fewer_characters(toolbox: Toolbox) -> None:
    answer = toolbox.assistant.ask(QUESTION)
    result = toolbox.ask(QUESTION, brief=True)
    assert result.more is None or "part=silent" in result.more
    rows = lines(result)
    assert [(row["body"], row["value"]) for row in rows] == [
        (row.body, "" if row.value is None else str(row.value)) for row in answer.rows
    ]
    assert not result.rows and not result.citations
    assert all(toolbox.read_report(row["report"]).body == row["body"] for row in rows[:3])


def test_brief_figures_hold_each_of_them_once_with_unknown_ones_empty_and_their_state(toolbox: Toolbox) -> None:
    everything = toolbox.assistant.figures(year=2022, kind="township")
    made = pages(toolbox, toolbox.figures(year=2022, kind="township", limit=1000, brief=True))
    rows = [row for page in made for row in lines(page)]
    assert [(row["metric"], row["value"], row["state"]) for row in rows] == [
        (one.metric_id, "" if one.value is None else f"{one.value:g}", str(one.state)) for one in everything
    ]
    assert "" in {row["value"] for row in rows}
    assert all(len(page.as_json()) <= LONGEST_RESULT for page in made)
    usual = toolbox.figures(year=2022, kind="township", limit=1000)
    assert len(lines(made[0])) > 4 * len(usual.rows)


def test_an_answer_gives_no_more_rows_than_are_asked_for(toolbox: Toolbox) -> None:
    made = pages(toolbox, toolbox.ask(QUESTION, limit=3))
    assert {len(page.rows) for page in made[:-1]} == {3}
    assert sum(len(page.rows) for page in made) == len(toolbox.assistant.ask(QUESTION).rows)


def test_every_argument_of_every_tool_is_described_to_agents(toolbox: Toolbox) -> None:
    assert set(toolbox.arguments) == set(DESCRIPTIONS)
    for model in toolbox.arguments.values():
        schema = model.model_json_schema()
        assert schema["additionalProperties"] is False
        assert all(about.get("description") for about in schema["properties"].values())


def test_a_call_is_written_as_it_can_be_made() -> None:
    assert call("search", query="“引号”\n换行", year=None, limit=3) == 'search(query="“引号”\\n换行", limit=3)'
    made = ast.parse(call("ask", question='a"b\\c', history=["甲"]), mode="eval").body
    assert isinstance(made, ast.Call)
    assert [ast.literal_eval(keyword.value) for keyword in made.keywords] == ['a"b\\c', ["甲"]]


def test_roles_of_sections_are_named_as_the_search_names_them(toolbox: Toolbox) -> None:
    described = toolbox.arguments["read_report"].model_json_schema()["properties"]["section"]["description"]
    assert set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b|\bproblems\b|\boverview\b", described)) <= set(SectionRole)
