"""What the official client gets from the server, over standard input and output and over HTTP."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError

pytestmark = pytest.mark.integration
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"
TOOLS = ["ask", "search", "figures", "read_report"]
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": QUESTION}),
    ("ask", {"question": "那2022年呢", "history": [QUESTION]}),
    ("search", {"query": "规范性文件", "year": 2023, "limit": 2}),
    ("figures", {"metric": "applications_new", "year": 2023, "kind": "zone"}),
]


def text_of(result: Any) -> str:
    (content,) = result.content
    return str(content.text)


def test_the_tools_are_described_with_schemas_and_write_nothing(session: Any) -> None:
    tools = {tool.name: tool for tool in session.run(session.client.list_tools).tools}
    assert list(tools) == TOOLS
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.title and tool.description
        assert all(argument["description"] for argument in tool.input_schema["properties"].values())
        hints = tool.annotations
        assert (hints.read_only_hint, hints.destructive_hint, hints.open_world_hint) == (True, False, False)


def test_the_instructions_tell_what_the_index_holds(session: Any) -> None:
    instructions = session.client.instructions
    assert "40 annual reports" in instructions
    assert "2021–2023" in instructions
    assert "never 0" in instructions


def test_an_answer_is_cited_and_structured(session: Any, silent_zones: list[str]) -> None:
    result = session.call("ask", question=QUESTION)
    assert not result.is_error
    answer = result.structured_content
    assert answer["value"] == len(silent_zones)
    assert sorted(row["body"] for row in answer["rows"]) == sorted(silent_zones)
    assert all(citation["id"] and citation["quote"] for citation in answer["citations"])
    assert {n for row in answer["rows"] for n in row["citations"]} <= {c["n"] for c in answer["citations"]}


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
def test_the_text_of_a_result_is_all_of_its_structure(session: Any, tool: str, arguments: dict[str, Any]) -> None:
    result = session.call(tool, **arguments)
    assert not result.is_error, text_of(result)
    assert json.loads(text_of(result)) == result.structured_content
    assert len(text_of(result)) <= 8000


def test_a_quote_is_the_reports_text_at_its_offsets(session: Any) -> None:
    (hit, *_) = session.call("search", query="规范性文件", limit=1).structured_content["passages"]
    excerpt = session.call("read_report", report_id=hit["report_id"], start=hit["start"], length=4000)
    assert excerpt.structured_content["text"].startswith(hit["quote"].removesuffix("…")[:40])


def test_what_is_left_out_can_be_had_by_the_call_that_is_named(session: Any) -> None:
    first = session.call("figures", metric="applications_new", limit=5).structured_content
    assert len(first["rows"]) == 5
    name, written = re.search(r"call (\w+)\((.*)\)", first["more"]).groups()  # type: ignore[union-attr]
    arguments = {key: json.loads(value) for key, value in re.findall(r"(\w+)=(\"[^\"]*\"|\d+)", written)}
    second = session.call(name, **arguments).structured_content
    assert second["rows"] and second["rows"][0] not in first["rows"]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": "  "}, "empty"),
        ("ask", {"question": "问" * 3000}, "2000"),
        ("ask", {"question": QUESTION, "unknown": 1}, "unknown"),
        ("ask", {"question": 7}, "text"),
        ("search", {"query": "征地", "kind": "zoo"}, "township"),
        ("search", {"query": "征地", "limit": 0}, "limit"),
        ("figures", {"metric": "no_such_metric"}, "no_such_metric"),
        ("read_report", {"report_id": "zzzz"}, "zzzz"),
        ("delete_everything", {}, "read_report"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence_and_the_next_is_answered(
    session: Any, tool: str, arguments: dict[str, Any], says: str
) -> None:
    result = session.call(tool, **arguments)
    assert result.is_error
    assert says in text_of(result)
    assert "Traceback" not in text_of(result) and "pydantic" not in text_of(result)
    assert not session.call("ask", question=QUESTION).is_error


def test_calls_side_by_side_are_each_answered_with_their_own(session: Any) -> None:
    async def ask_all() -> list[tuple[str, Any]]:
        questions = [f"{year}年开发区一共收到多少件申请？" for year in (2021, 2022, 2023)] * 4
        results = await asyncio.gather(*(session.client.call_tool("ask", {"question": q}) for q in questions))
        return [(r.structured_content["question"], r.structured_content["value"]) for r in results]

    answers = session.run(ask_all)
    assert len(answers) == 12
    assert len(dict(answers)) == len(set(answers)) == 3


def test_a_call_that_is_given_up_holds_up_nothing(session: Any) -> None:
    async def give_up() -> bool:
        with anyio.move_on_after(0.001) as scope:
            await session.client.call_tool("search", {"query": "征地拆迁补偿标准"})
        return bool(scope.cancelled_caught)

    assert session.run(give_up)
    assert not session.call("ask", question=QUESTION).is_error


def test_no_result_names_a_folder_of_the_server(session: Any, samples_index: Path, samples: Path) -> None:
    listed = session.run(session.client.list_resources)
    report = session.call("read_report", report_id=listed.resources[0].name)
    told = [text_of(session.call(tool, **arguments)) for tool, arguments in CALLS]
    told += [text_of(report), listed.model_dump_json(), session.client.instructions]
    for text in told:
        assert str(samples) not in text and str(samples_index) not in text and str(Path.home()) not in text


def test_a_report_is_a_resource(session: Any, samples_index: Path) -> None:
    from vectorstore.index import Index

    (template,) = session.run(session.client.list_resource_templates).resource_templates
    resource = session.run(session.client.list_resources).resources[0]
    assert resource.uri == template.uri_template.replace("{report_id}", resource.name)
    (content,) = session.run(session.client.read_resource, resource.uri).contents
    with Index.open(samples_index) as index:
        assert content.text == index.text(resource.name)


@pytest.mark.parametrize("uri", ["nianbao://report/zzzz", "nianbao://report/", "file:///etc/passwd"])
def test_what_is_no_report_is_refused(session: Any, uri: str) -> None:
    with pytest.raises(MCPError, match="report"):
        session.run(session.client.read_resource, uri)


def test_reports_are_listed_a_page_at_a_time(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MCPError, match="cursor"):
        session.run(lambda: session.client.list_resources(cursor="soon"))
    last = session.run(lambda: session.client.list_resources(cursor="39"))
    assert len(last.resources) == 1 and last.next_cursor is None


def test_the_prompt_asks_for_evidence(session: Any) -> None:
    (prompt,) = session.run(session.client.list_prompts).prompts
    result = session.run(session.client.get_prompt, prompt.name, {"question": QUESTION})
    assert QUESTION in result.messages[0].content.text
    with pytest.raises(MCPError, match="question"):
        session.run(session.client.get_prompt, prompt.name, {})
